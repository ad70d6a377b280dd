import { useState } from 'react';
import { isAbort } from '../../lib/errors';
import { formatBytes } from '../../session/download';
import { secondsOf } from '../../session/training/presets';
import { Button } from '../../ui/button';
import { useFilePicker } from '../../ui/file-picker';
import { PlayIcon, UploadIcon } from '../../ui/icons';
import { ProgressBar } from '../../ui/progress-bar';
import { useSession, useUrlParam } from '../../ui/session-context';
import { stepsParam } from './params';
import styles from './setup.module.css';
import type { Plan } from './use-setup';
import { formatCount, formatMs, formatRoughly, formatWeights } from './words';

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

/** So many steps of a short preset bring shapes out of the bundled sets (docs/training.md); fewer rarely do. */
const SHAPES_FROM = 300;

function Estimate({ plan: { state, steps, preset } }: { plan: Plan }) {
  const [upTo] = useUrlParam(stepsParam);
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
  const few = upTo === null && preset.minutes !== null && (steps ?? Infinity) < SHAPES_FROM;
  const time =
    steps === null
      ? 'until it is stopped'
      : `${formatCount(steps)} steps in ${formatRoughly(secondsOf(steps, estimate))}`;
  return (
    <p className={styles.estimate} data-testid="estimate">
      <strong>{time}</strong>
      <span>
        {formatMs(msPerStep)} a step and {formatBytes(bytes)} of memory, measured here. G has{' '}
        {formatWeights(parameters.generator)} weights, D {formatWeights(parameters.discriminator)}.
        Nothing is uploaded.
      </span>
      {few && (
        <span>
          So few steps rarely lead beyond blobs: smaller pictures or more minutes show more.
        </span>
      )}
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
