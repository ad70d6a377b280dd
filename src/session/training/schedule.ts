/** At which steps something is done beside training. Depends on the step alone, so that a resumed run keeps to it. */

/** Fakes are measured every so many steps at first … */
const MEASURE_EVERY = 50;
/** … up to this step; from then on every twice as many for twice the steps … */
const DENSE_UNTIL = 1000;
/** … but no further apart than this. */
const MEASURE_AT_LEAST_EVERY = 800;

function measureGap(step: number): number {
  const doublings = Math.max(0, Math.floor(Math.log2(Math.max(step, 1) / DENSE_UNTIL)) + 1);
  return Math.min(MEASURE_AT_LEAST_EVERY, MEASURE_EVERY * 2 ** doublings);
}

/** The next step after this one at which fakes are measured; 0 is measured too. */
export function nextMeasureStep(step: number): number {
  const gap = measureGap(step);
  return (Math.floor(step / gap) + 1) * gap;
}

/** Snapshots in the time machine, beside that of step 0. */
const SNAPSHOTS = 40;
const FEWEST_SNAPSHOTS = 4;
/** Every so many steps where it is not known when the run ends. */
const OPEN_END_EVERY = 10;

/** How many snapshots fit a byte budget. */
export function snapshotCapacity(bytesEach: number, budget: number): number {
  return Math.max(FEWEST_SNAPSHOTS, Math.min(SNAPSHOTS, Math.floor(budget / bytesEach)));
}

/** Steps from one snapshot to the next, at the beginning of a run. */
export function snapshotInterval(targetSteps: number | null, capacity = SNAPSHOTS): number {
  return targetSteps === null ? OPEN_END_EVERY : Math.max(1, Math.ceil(targetSteps / capacity));
}

/** The interval that leaves no more than `capacity` of these steps, and those that stay: every second goes, but not the last. */
export function thinSnapshots(
  steps: readonly number[],
  interval: number,
  capacity: number,
): { steps: number[]; interval: number } {
  let kept = [...steps];
  while (kept.filter((step) => step > 0).length > capacity) {
    interval *= 2;
    kept = kept.filter((step) => step % interval === 0 || step === kept.at(-1));
  }
  return { steps: kept, interval };
}
