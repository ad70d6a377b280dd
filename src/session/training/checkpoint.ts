/** A run at one of its steps: what memory and IndexedDB hold, and what goes into a file. */
import type { TrainingState } from '../../engine/training-api';
import type { TrainingConfig, TrainingTuning } from '../../model/training';
import type { RunAlarm, RunHistory, RunMark, RunMeasure } from './training';

/** All that is told of a run beside its numbers on the device. */
export interface RunLog {
  step: number;
  targetSteps: number | null;
  history: RunHistory;
  marks: RunMark[];
  alarms: RunAlarm[];
  measures: RunMeasure[];
  /** Steps whose G is in the time machine, and how far apart they are. */
  snapshots: number[];
  snapshotInterval: number;
}

export interface Checkpoint {
  state: TrainingState;
  log: RunLog;
  /** Milliseconds since 1970. */
  at: number;
}

/** Of the state's tensors. */
export function stateBytes({ tensors }: TrainingState): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
}

const NAMES: Record<keyof Required<TrainingTuning>, string> = {
  learningRateD: 'learning rate of D',
  learningRateG: 'learning rate of G',
  loss: 'loss',
  labelSmoothing: 'label smoothing',
  r1: 'R1 penalty',
  dSteps: 'steps of D for each of G',
};

/** One mark for each setting that changes. */
export function marksOf(step: number, before: TrainingConfig, after: TrainingConfig): RunMark[] {
  const names = Object.keys(NAMES) as (keyof TrainingTuning)[];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ step, label: `${NAMES[name]} ${before[name]} → ${after[name]}` }));
}
