import type { ReactNode } from 'react';
import type { ErrorReport } from '../../lib/errors';
import { Button } from '../../ui/button';
import { WarningIcon } from '../../ui/icons';
import type { Acts } from './run-controls';
import styles from './run.module.css';
import { useRun } from './use-training';
import { formatCount } from './words';

/** What a teacher would point at, as long as it holds: in words, with what to try. */
export function Alarms() {
  const alarms = useRun((state) => state.alarms);
  const holding = alarms.filter(({ over }) => !over);
  return (
    <div role="status" aria-label="Alarms" className={styles.alarms}>
      {holding.map(({ kind, step, message, hint }) => (
        <Line key={`${kind}-${step}`} title={message} kind={kind}>
          {hint} <span className={styles.since}>Since step {formatCount(step)}.</span>
        </Line>
      ))}
    </div>
  );
}

/** Why it does not run or is not kept, and what to do. */
export function Troubles({ acts }: { acts: Acts }) {
  const error = useRun((state) => state.error);
  const saveTrouble = useRun((state) => state.saveTrouble);
  const interrupted = useRun((state) => state.status === 'interrupted');
  return (
    <>
      {error && (
        <Report report={error}>
          {interrupted && <Button onClick={acts.toggle}>Resume from the last checkpoint</Button>}
        </Report>
      )}
      {saveTrouble && <Report report={saveTrouble} />}
    </>
  );
}

function Report({ report, children }: { report: ErrorReport; children?: ReactNode }) {
  return (
    <div role="alert" className={styles.alarms}>
      <Line title={report.message} kind={report.code}>
        {report.hint}
      </Line>
      {children}
    </div>
  );
}

function Line(props: { title: string; kind: string; children: ReactNode }) {
  return (
    <div className={styles.alarm} data-alarm={props.kind}>
      <WarningIcon />
      <p>
        <strong>{props.title}</strong> {props.children}
      </p>
    </div>
  );
}
