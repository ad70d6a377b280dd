import { useState } from 'react';
import { isAbort } from '../../lib/errors';
import { formatBytes } from '../../session/download';
import { Button } from '../../ui/button';
import { useFilePicker } from '../../ui/file-picker';
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
  const open = async (file: File) => {
    try {
      await session.training.importRun(file);
    } catch (error) {
      session.notices.postError(error);
    }
  };
  const picker = useFilePicker({
    label: 'Open a run',
    accept: '.zip,application/zip',
    testId: 'open-run',
    onFile: (file) => void open(file),
  });
  return (
    <>
      <Button icon={<UploadIcon />} onClick={picker.choose}>
        Open a run
      </Button>
      {picker.field}
    </>
  );
}
