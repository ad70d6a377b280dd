import { panelParam } from '../session/params';
import { Button, IconButton } from '../ui/button';
import { PauseIcon, PlayIcon } from '../ui/icons';
import { useSession, useStoreValue, useUrlParam } from '../ui/session-context';
import styles from './mask-badge.module.css';

/** Id of the panel that a run belongs to. */
export const TRAIN_PANEL = 'train';

/** Says on other panels that a training goes on, leads back to it, and pauses it. */
export function TrainingBadge({ shown }: { shown: boolean }) {
  const session = useSession();
  const { training, notices } = session;
  const [, setPanel] = useUrlParam(panelParam);
  const status = useStoreValue(training.store, (state) => state.status);
  const step = useStoreValue(training.store, (state) => (shown ? 0 : state.step));
  const running = status === 'running' || status === 'preparing';
  if (shown || (!running && status !== 'paused')) return null;
  const toggle = running ? () => training.pause() : () => training.resume();
  const steps = step.toLocaleString('en');
  return (
    <span className={styles.badge} data-testid="training-badge">
      <Button
        pressed={running}
        aria-label={`${running ? 'Training' : 'Training paused'}: step ${steps}. Back to it`}
        onClick={() => setPanel(TRAIN_PANEL, { push: true })}
      >
        <span className={styles.long}>{running ? 'Training: step' : 'Paused at step'}</span> {steps}
      </Button>
      <IconButton
        label={running ? 'Pause the training' : 'Resume the training'}
        onClick={() => {
          toggle().catch((error: unknown) => notices.postError(error));
        }}
      >
        {running ? <PauseIcon /> : <PlayIcon />}
      </IconButton>
    </span>
  );
}
