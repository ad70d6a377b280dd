import type { ReactNode } from 'react';
import type { ErrorReport } from '../../lib/errors';
import { WarningIcon } from '../../ui/icons';
import styles from './run.module.css';
import { useRun } from './use-training';
import { formatCount, headAndRest } from './words';

/** What a teacher would point at, as long as it holds: in words, with what to try. */
export function Alarms() {
  const alarms = useRun((state) => state.alarms);
  const holding = alarms.filter(({ over }) => !over);
  return (
    <div role="status" aria-label="Alarms" className={styles.alarms}>
      {holding.map(({ kind, step, message, hint }, index) => {
        const [head, rest] = headAndRest(message);
        return (
          <details
            key={`${kind}-${step}`}
            className={styles.alarm}
            data-alarm={kind}
            // The newest: with several there would be no room for the charts.
            open={index === holding.length - 1}
          >
            <summary>
              <WarningIcon />
              <strong>{head}</strong>
              <span className={styles.since}>since step {formatCount(step)}</span>
            </summary>
            {rest && <p className={styles.why}>{rest}</p>}
            <p>{hint}</p>
          </details>
        );
      })}
    </div>
  );
}

/** Why it does not run or is not kept, and what to do. */
export function Troubles() {
  // What interrupted the run stands in the page's banner, with a way on.
  const error = useRun((state) => (state.status === 'interrupted' ? null : state.error));
  const saveTrouble = useRun((state) => state.saveTrouble);
  return (
    <>
      {error && <Report report={error} />}
      {saveTrouble && <Report report={saveTrouble} />}
    </>
  );
}

function Report({ report }: { report: ErrorReport }) {
  return (
    <div role="alert" className={styles.alarms}>
      <Line title={report.message} kind={report.code}>
        {report.hint}
      </Line>
    </div>
  );
}

function Line(props: { title: string; kind: string; children: ReactNode }) {
  return (
    <div className={styles.trouble} data-alarm={props.kind}>
      <WarningIcon />
      <p>
        <strong>{props.title}</strong> {props.children}
      </p>
    </div>
  );
}
