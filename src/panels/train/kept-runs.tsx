import { useCallback, useEffect, useState } from 'react';
import { formatBytes } from '../../session/download';
import type { KeptRun } from '../../session/training/training';
import { Button, IconButton } from '../../ui/button';
import { TrashIcon } from '../../ui/icons';
import { useSession } from '../../ui/session-context';
import styles from './setup.module.css';
import { formatAge, formatCount } from './words';

/** Runs that this browser holds, to go on with. */
export function KeptRuns() {
  const session = useSession();
  const training = session.training;
  const [runs, setRuns] = useState<{ at: number; list: KeptRun[] }>({ at: 0, list: [] });
  const load = useCallback(
    () => training.kept().then((list) => setRuns({ at: Date.now(), list })),
    [training],
  );
  useEffect(() => {
    load().catch((error: unknown) => session.notices.postError(error));
  }, [load, session]);
  const tell = (work: Promise<unknown>) => {
    work.catch((error: unknown) => session.notices.postError(error));
  };
  if (runs.list.length === 0) return null;
  return (
    <section className={styles.runs} aria-label="Kept runs">
      <h2>Kept runs</h2>
      <ul>
        {runs.list.map(({ info, step, savedAt, bytes, elsewhere }) => (
          <li key={info.id}>
            <span className={styles.run}>
              <span className={styles.runName}>{info.title}</span>
              <span className={styles.muted}>
                step {formatCount(step)}, {formatAge(savedAt, runs.at)}, {formatBytes(bytes)}
              </span>
            </span>
            <Button
              disabled={elsewhere}
              title={elsewhere ? 'Another tab is training it' : undefined}
              onClick={() => tell(training.restore(info.id))}
            >
              {elsewhere ? 'In another tab' : 'Take up'}
            </Button>
            <IconButton
              label={`Discard ${info.title}, step ${formatCount(step)}`}
              disabled={elsewhere}
              onClick={() => tell(training.discard(info.id).then(load))}
            >
              <TrashIcon />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
