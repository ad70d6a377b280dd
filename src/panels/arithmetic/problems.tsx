import { WarningIcon } from '../../ui/icons';
import { useUrlParam } from '../../ui/session-context';
import { modelTag, type Board } from './bench';
import { madeWithParam } from './params';
import styles from './problems.module.css';
import { hasOwnFaces, problemsOf, type ResolvedTerm } from './resolve';
import { StartAgain } from './toolbar';
import { useEquation, useWorkbench } from './workbench';

/** What keeps the groups from meaning what they say, in words, and a way out. Nothing is lost by it. */
export function Problems({ board, terms }: { board: Board; terms: readonly ResolvedTerm[] }) {
  const { model } = useWorkbench();
  const equation = useEquation(board);
  const [madeWith] = useUrlParam(madeWithParam);
  const foreign = madeWith !== '' && madeWith !== modelTag(model) && hasOwnFaces(equation);
  const problems = problemsOf(terms);
  if (foreign) {
    problems.unshift({
      message: 'These pictures were picked on another model.',
      hint: `The same numbers draw other pictures on ${model.title}. Open the model that they were picked on, or start with an example; Undo brings them back.`,
    });
  }
  if (problems.length === 0) return null;
  return (
    <div className={styles.problems} role="status">
      <WarningIcon />
      <ul>
        {problems.map(({ message, hint }) => (
          <li key={message}>
            <strong>{message}</strong> {hint}
          </li>
        ))}
      </ul>
      <StartAgain board={board} />
    </div>
  );
}
