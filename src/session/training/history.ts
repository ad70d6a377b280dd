/** The charts' columns: one row a step at first, then every second, fourth … one, so that they stay short. */
import type { TrainingStats } from '../../engine/training-api';
import type { RunHistory } from './training';

const MAX_ROWS = 2000;

export function emptyHistory(): RunHistory {
  return { step: [], lossD: [], lossG: [], real: [], fake: [] };
}

export interface History {
  add(stats: TrainingStats): void;
  /** Forgets what came after a step. */
  cut(step: number): void;
  /** A copy. */
  rows(): RunHistory;
}

/** Goes on from `start`, which is left as it is. */
export function createHistory(start: RunHistory = emptyHistory()): History {
  let rows = keepRows(start, () => true);
  let every = spacing(rows.step);

  function thin(): void {
    while (rows.step.length > MAX_ROWS) {
      every *= 2;
      rows = keepRows(rows, (step) => step % every === 0);
    }
  }

  return {
    add({ step, steps, lossD, lossG, real, fake }) {
      for (let i = 0; i < steps; i++) {
        const at = step - steps + i + 1;
        if (at % every !== 0) continue;
        rows.step.push(at);
        rows.lossD.push(lossD[i] ?? NaN);
        rows.lossG.push(lossG[i] ?? NaN);
        rows.real.push(real[i] ?? NaN);
        rows.fake.push(fake[i] ?? NaN);
      }
      thin();
    },
    cut(last) {
      rows = keepRows(rows, (step) => step <= last);
    },
    rows: () => keepRows(rows, () => true),
  };
}

/** Every how many steps there is a row: the largest power of two that divides them all. */
function spacing(steps: readonly number[]): number {
  let every = 1;
  while (steps.length > 0 && steps.every((step) => step % (2 * every) === 0)) every *= 2;
  return every;
}

function keepRows(rows: RunHistory, wanted: (step: number) => boolean): RunHistory {
  const kept = (column: readonly number[]) => column.filter((_, row) => wanted(rows.step[row]!));
  return {
    step: kept(rows.step),
    lossD: kept(rows.lossD),
    lossG: kept(rows.lossG),
    real: kept(rows.real),
    fake: kept(rows.fake),
  };
}
