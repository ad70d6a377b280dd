/** `latentarium.train`: training by script. What starts runs is loaded when it is first called. */
import type { TrainingPart } from '../engine/training-api';
import type { TrainingConfig, TrainingTuning } from '../model/training';
import type { ConsoleImage, ConsoleModel, LatentLike } from './console-types';
import type { Session } from './session';
import type { PresetId } from './training/presets';
import type {
  KeptRun,
  RunAlarm,
  RunInfo,
  RunMeasure,
  RunStatus,
  TrainingData,
  TrainingFile,
  TrainingRunState,
} from './training/training';

/** Settings over those of a preset ('two-minutes' unless told otherwise). */
export interface ConsoleTrainingConfig extends Partial<Omit<TrainingConfig, 'v' | 'image'>> {
  preset?: PresetId;
  image?: Partial<TrainingConfig['image']>;
  /** 'characters' (the default), 'rooms', 'digits', the id of a kept set, files of your own, or a set of `datasets`. */
  data?: string | TrainingData | File | File[];
  title?: string;
  /** Where it stops by itself; null: never. Left out, as many as fill the preset's time on this device. */
  steps?: number | null;
}

export interface ConsoleTrainingEvents {
  /** About ten times a second: the newest step. */
  step: { step: number; lossD: number; lossG: number; real: number; fake: number };
  measure: RunMeasure;
  alarm: RunAlarm;
  status: RunStatus;
}

export interface ConsoleTrain {
  /** Resolves with the run when its first step is about to run. */
  start(config?: ConsoleTrainingConfig): Promise<RunInfo>;
  /** Resolves when a checkpoint is written. */
  pause(): Promise<void>;
  /** After a pause or an interruption; `steps`: so many more. */
  resume(steps?: number | null): Promise<void>;
  /** `n` steps of both networks or one of them, then paused. */
  step(n?: number, part?: TrainingPart): Promise<void>;
  /** Resolves with the state when it no longer trains, for whatever reason. */
  wait(): Promise<TrainingRunState>;
  /** Takes the run off the device; its checkpoint stays. */
  stop(): Promise<void>;
  tune(tuning: TrainingTuning): Promise<void>;
  state(): TrainingRunState;
  /** Steps whose G is in the time machine. */
  snapshots(): number[];
  /** Pictures by the G of a snapshot, or by G as it is now (null). */
  generate(step: number | null, z: readonly LatentLike[]): Promise<ConsoleImage[]>;
  /** Opens G as it is now, or that of a snapshot, as a model for all panels. */
  open(step?: number | null): Promise<ConsoleModel>;
  /** Runs that this browser keeps, newest first. */
  kept(): Promise<KeptRun[]>;
  restore(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  /** The whole run as one zip, which `import` takes on any machine. */
  export(): Promise<TrainingFile>;
  /** G, D and the optimizers' state as safetensors. */
  files(): Promise<TrainingFile[]>;
  import(file: Blob): Promise<void>;
  /** Gives the function that stops listening. */
  on<K extends keyof ConsoleTrainingEvents>(
    event: K,
    listener: (value: ConsoleTrainingEvents[K]) => void,
  ): () => void;
}

export function createConsoleTrain(session: Session): ConsoleTrain {
  const { training } = session;
  const { store } = training;
  const more = () => import('./training/console');
  return {
    start: async (config = {}) => (await more()).startTraining(session, config),
    pause: () => training.pause(),
    resume: (steps) => training.resume(steps === undefined ? {} : { steps }),
    step: (n, part) => training.step(n, part),
    wait: async () => (await more()).whenStopped(store),
    stop: () => training.stop(),
    tune: (tuning) => training.tune(tuning),
    state: () => store.getState(),
    snapshots: () => store.getState().snapshots,
    generate: async (step, z) => (await more()).drawSnapshot(training, step, z),
    open: async (step = null) => (await more()).openSnapshot(training, step),
    kept: () => training.kept(),
    restore: (id) => training.restore(id),
    discard: (id) => training.discard(id),
    export: () => training.exportRun(),
    files: () => training.exportFiles(),
    import: (file) => training.importRun(file),
    on(event, listener) {
      return store.subscribe((now, before) => {
        for (const value of newsOf(event, now, before)) listener(value);
      });
    },
  };
}

function newsOf<K extends keyof ConsoleTrainingEvents>(
  event: K,
  now: TrainingRunState,
  before: TrainingRunState,
): ConsoleTrainingEvents[K][] {
  const added = <T>(list: readonly T[], old: readonly T[], same: (a: T, b: T) => boolean) =>
    list === old ? [] : list.filter((one) => !old.some((other) => same(one, other)));
  const news: { [E in keyof ConsoleTrainingEvents]: () => ConsoleTrainingEvents[E][] } = {
    step: () => (now.step === before.step ? [] : lastRow(now)),
    measure: () => added(now.measures, before.measures, (a, b) => a.step === b.step),
    alarm: () => added(now.alarms, before.alarms, (a, b) => a.step === b.step && a.kind === b.kind),
    status: () => (now.status === before.status ? [] : [now.status]),
  };
  return news[event]();
}

function lastRow({ history }: TrainingRunState): ConsoleTrainingEvents['step'][] {
  const last = (column: readonly number[]) => column.at(-1) ?? NaN;
  const { step, lossD, lossG, real, fake } = history;
  if (step.length === 0) return [];
  return [
    {
      step: last(step),
      lossD: last(lossD),
      lossG: last(lossG),
      real: last(real),
      fake: last(fake),
    },
  ];
}
