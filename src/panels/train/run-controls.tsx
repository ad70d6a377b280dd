import { useMemo } from 'react';
import { panelParam } from '../../session/params';
import type { TrainingPart } from '../../engine/training-api';
import type { RunInfo, RunStatus } from '../../session/training/training';
import { Button } from '../../ui/button';
import { PauseIcon, PlayIcon, StepForwardIcon } from '../../ui/icons';
import { keepOnShelf } from '../../ui/latent-actions';
import { ControlGroup } from '../../ui/panel-layout';
import { useSession } from '../../ui/session-context';
import styles from './run.module.css';
import type { TimeMachine } from './time-machine';
import { useRun } from './use-training';
import { formatCount, formatDuration, formatMs, STATUS_WORDS } from './words';

export interface Acts {
  /** Pauses what runs, goes on with what does not. */
  toggle: () => void;
  /** So many steps more before it stops by itself; null: without end. */
  more: (steps: number | null) => void;
  step: (part: TrainingPart) => void;
  stop: () => void;
  /** The G of a snapshot (null: as it is now) as a model of all panels. */
  open: (step: number | null) => void;
}

/** What can be done with the run; failures become notices. */
export function useActs(): Acts {
  const session = useSession();
  return useMemo(() => {
    const training = session.training;
    const tell = (work: Promise<unknown>) => {
      work.catch((error: unknown) => session.notices.postError(error));
    };
    const status = () => training.store.getState().status;
    const open = async (step: number | null) => {
      const model = await training.openAsModel(step);
      session.url.set(panelParam, 'explore', { push: true });
      const latents = training.fixedLatents();
      session.notices.post({
        level: 'success',
        message: `${model.title} is open in all panels.`,
        hint: 'It stays as it is now; the run goes on without it.',
        action: {
          label: `Keep its ${latents.length} z`,
          run: () => {
            latents.forEach((z, index) => {
              const label = `${model.title}, no. ${index + 1}`;
              const ref = { kind: 'exact', z } as const;
              const payload = { z, label, ref, thumbnail: '', modelHash: model.modelHash };
              void keepOnShelf(session, payload, ['training']);
            });
          },
        },
      });
    };
    return {
      toggle() {
        const now = status();
        if (now === 'running') tell(training.pause());
        else if (now === 'paused' || now === 'interrupted') tell(training.resume());
        else if (now === 'finished')
          tell(training.resume({ steps: moreSteps(training.store.getState().step) }));
      },
      more: (steps) => tell(training.resume({ steps })),
      step(part) {
        if (status() !== 'none' && status() !== 'preparing') tell(training.step(1, part));
      },
      stop: () => tell(training.stop()),
      open: (step) => tell(open(step)),
    };
  }, [session]);
}

/** A finished run is offered as many steps again, in round numbers. */
function moreSteps(done: number): number {
  return Math.max(100, Math.round(done / 100) * 100);
}

interface RunControlsProps {
  run: RunInfo;
  machine: TimeMachine;
  acts: Acts;
}

/** Where the run stands, and what steers it. */
export function RunControls({ run, machine, acts }: RunControlsProps) {
  const status = useRun((state) => state.status);
  const step = useRun((state) => (state.status === 'finished' ? state.step : 0));
  const busy = status === 'preparing' || status === 'none';
  return (
    <ControlGroup>
      <RunTitle run={run} />
      <Position />
      <Button
        look="primary"
        disabled={busy}
        icon={status === 'running' ? <PauseIcon /> : <PlayIcon />}
        aria-keyshortcuts="Space"
        onClick={acts.toggle}
      >
        {MAIN_ACT[status] ?? `${formatCount(moreSteps(step))} more steps`}
      </Button>
      <div className={styles.steps} role="group" aria-label="One step">
        <Button disabled={busy} icon={<StepForwardIcon />} onClick={() => acts.step('both')}>
          One step
        </Button>
        <Button
          disabled={busy}
          title="One step of D only"
          onClick={() => acts.step('discriminator')}
        >
          Only D
        </Button>
        <Button disabled={busy} title="One step of G only" onClick={() => acts.step('generator')}>
          Only G
        </Button>
      </div>
      {status === 'finished' && (
        <Button look="quiet" onClick={() => acts.more(null)}>
          Train without end
        </Button>
      )}
      <div className={styles.ends}>
        <Button disabled={busy} onClick={() => acts.open(machine.store.getState().at)}>
          Open in Latentarium
        </Button>
        <Button disabled={status === 'none'} onClick={acts.stop}>
          {status === 'finished' ? 'Done' : 'Stop'}
        </Button>
      </div>
    </ControlGroup>
  );
}

const MAIN_ACT: Partial<Record<RunStatus, string>> = {
  none: 'Pause',
  preparing: 'Pause',
  running: 'Pause',
  paused: 'Resume',
  interrupted: 'Resume',
};

function RunTitle({ run }: { run: RunInfo }) {
  const status = useRun((state) => state.status);
  const { size, channels } = run.config.image;
  return (
    <div className={styles.title}>
      <h2>
        {run.title}: <span role="status">{STATUS_WORDS[status]}</span>
      </h2>
      <p className={styles.hint}>
        {formatCount(run.data.count)} pictures, {size}×{size}
        {channels === 1 ? ', grey' : ''},{' '}
        {run.data.heldOut === 0
          ? 'all of them trained on'
          : `and ${formatCount(run.data.heldOut)} held out`}
      </p>
    </div>
  );
}

/** Step, pace and what is left: about ten times a second, so it stands alone. */
function Position() {
  const step = useRun((state) => state.step);
  const target = useRun((state) => state.targetSteps);
  const msPerStep = useRun((state) => state.msPerStep);
  const imagesPerSecond = useRun((state) => state.imagesPerSecond);
  const secondsLeft = useRun((state) => state.secondsLeft);
  const share = target === null || target === 0 ? null : Math.min(1, step / target);
  return (
    <div className={styles.position}>
      <p className={styles.step}>
        Step <strong data-testid="train-step">{formatCount(step)}</strong>
        {target !== null && <span> of {formatCount(target)}</span>}
      </p>
      {share !== null && (
        <div className={styles.track} aria-hidden="true">
          <div style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <dl className={styles.pace}>
        <div>
          <dt>a step</dt>
          <dd>{msPerStep === null ? '–' : formatMs(msPerStep)}</dd>
        </div>
        <div>
          <dt>pictures/s</dt>
          <dd>{imagesPerSecond === null ? '–' : formatCount(imagesPerSecond)}</dd>
        </div>
        <div>
          <dt>left</dt>
          <dd>{secondsLeft === null ? '–' : formatDuration(secondsLeft)}</dd>
        </div>
      </dl>
    </div>
  );
}
