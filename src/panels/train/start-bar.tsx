import { useRef, useState } from 'react';
import { isAbort } from '../../lib/errors';
import { formatBytes } from '../../session/download';
import { Button } from '../../ui/button';
import { PlayIcon, UploadIcon } from '../../ui/icons';
import { ProgressBar } from '../../ui/progress-bar';
import { useSession } from '../../ui/session-context';
import styles from './setup.module.css';
import type { Plan } from './use-setup';
import { formatCount, formatDuration, formatMs, formatWeights } from './words';

/** What it will take on this device, and the main act. */
export function StartBar({ plan }: { plan: Plan }) {
  const session = useSession();
  const [starting, setStarting] = useState(false);
  const { state, config, steps, setup } = plan;
  const start = async () => {
    const { data } = setup.store.getState();
    if (!data) return;
    setStarting(true);
    setup.rest();
    try {
      await session.training.start({ config, data, steps });
    } catch (error) {
      if (!isAbort(error)) session.notices.postError(error);
    } finally {
      setStarting(false);
    }
  };
  return (
    <div className={styles.bar}>
      <Estimate plan={plan} />
      <span className={styles.acts}>
        <OpenRun />
        <Button
          look="primary"
          className={styles.train}
          icon={<PlayIcon />}
          disabled={starting || state.status !== 'ready'}
          onClick={() => void start()}
        >
          Train
        </Button>
      </span>
    </div>
  );
}

function Estimate({ plan: { state, steps } }: { plan: Plan }) {
  const { estimate, estimating, estimateError } = state;
  if (estimating) {
    return (
      <ProgressBar className={styles.measuring} label="Measuring a step here" fraction={null} />
    );
  }
  if (estimateError) {
    return (
      <p className={styles.estimate}>
        {estimateError.message} {estimateError.hint}
      </p>
    );
  }
  if (!estimate) {
    return <p className={styles.estimate}>Nothing is uploaded: all of it runs on this device.</p>;
  }
  const { msPerStep, bytes, parameters } = estimate;
  const time =
    steps === null
      ? 'until it is stopped'
      : `${formatCount(steps)} steps in about ${formatDuration((steps * msPerStep) / 1000)}`;
  return (
    <p className={styles.estimate} data-testid="estimate">
      <strong>{time}</strong>
      <span>
        {formatMs(msPerStep)} a step, {formatBytes(bytes)}, measured here. G has{' '}
        {formatWeights(parameters.generator)} weights, D {formatWeights(parameters.discriminator)}.
        Nothing is uploaded.
      </span>
    </p>
  );
}

/** A run that was saved as a zip, here or elsewhere. */
function OpenRun() {
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const open = async (file: File) => {
    try {
      await session.training.importRun(file);
    } catch (error) {
      session.notices.postError(error);
    }
  };
  return (
    <>
      <Button icon={<UploadIcon />} onClick={() => input.current?.click()}>
        Open a run
      </Button>
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label="Open a run"
        data-testid="open-run"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file) void open(file);
        }}
      />
    </>
  );
}
