import { useState } from 'react';
import type { TrainingRunState } from '../../session/training/training';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { evenly } from './evenly';
import styles from './run.module.css';
import { useTraining } from './use-training';
import { formatCount } from './words';

/** The charts as tables, as they stand when it is opened: for whoever reads rather than looks. */
export function Numbers({ heldOut }: { heldOut: number }) {
  const { store } = useTraining();
  const [state, setState] = useState<TrainingRunState | null>(null);
  return (
    <>
      <Button look="quiet" className={styles.numbers} onClick={() => setState(store.getState())}>
        Numbers
      </Button>
      <Dialog open={state !== null} onClose={() => setState(null)} title="The run in numbers">
        {state && <Tables {...{ state, heldOut }} />}
      </Dialog>
    </>
  );
}

const ROWS = 24;

function Tables({ state, heldOut }: { state: TrainingRunState; heldOut: number }) {
  const { history, measures, marks, alarms } = state;
  const curves = history.step.map((step, row) => [
    formatCount(step),
    ...[history.lossD, history.lossG, history.real, history.fake].map((column) =>
      cell(column[row], 3),
    ),
  ]);
  const measured = measures.map(({ step, slicedWasserstein, diversity }) => [
    formatCount(step),
    cell(slicedWasserstein, 1),
    cell(diversity, 1),
  ]);
  const events = [
    ...marks.map(({ step, label }) => ({ step, text: label })),
    ...alarms.map(({ step, message, over }) => ({
      step,
      text: `${message}${over ? ' (over)' : ''}`,
    })),
  ].sort((a, b) => a.step - b.step);
  return (
    <div className={styles.tables}>
      <Table
        caption="Losses, and what D says of real pictures and of G’s"
        head={['Step', 'Loss of D', 'Loss of G', 'D(x)', 'D(G(z))']}
        rows={evenly(curves, ROWS)}
      />
      <Table
        caption={`Distance to ${heldOut === 0 ? 'the pictures trained on' : 'held-out pictures'} and mean distance between G’s, in levels of 0 to 255`}
        head={['Step', 'Distance', 'Diversity']}
        rows={evenly(measured, ROWS)}
      />
      <h3>Changes and alarms</h3>
      {events.length === 0 && <p className={styles.hint}>None so far.</p>}
      <ul>
        {events.map(({ step, text }, index) => (
          <li key={index}>
            Step {formatCount(step)}: {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Table(props: { caption: string; head: readonly string[]; rows: readonly string[][] }) {
  return (
    <table>
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          {props.head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map(([first, ...rest]) => (
          <tr key={first}>
            <th scope="row">{first}</th>
            {rest.map((text, index) => (
              <td key={index}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}
