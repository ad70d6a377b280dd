import { emptyHistory } from './history';
import type { TrainingRunState } from './training';

/** No run. */
export function noRun(): TrainingRunState {
  return {
    status: 'none',
    run: null,
    progress: null,
    step: 0,
    targetSteps: null,
    msPerStep: null,
    imagesPerSecond: null,
    secondsLeft: null,
    history: emptyHistory(),
    marks: [],
    alarms: [],
    measures: [],
    snapshots: [],
    saved: null,
    saveTrouble: null,
    error: null,
  };
}
