/** How fast training goes, over its last seconds. */
export interface Pace {
  /** Steps that took `deviceMs` on the device, and `wallMs` with all that was done between them. */
  add(steps: number, deviceMs: number, wallMs: number): void;
  /** On the device; null before the first step. */
  msPerStep(): number | null;
  /** With pictures, measures and checkpoints between the steps: what a visitor waits. */
  wallMsPerStep(): number | null;
}

const WINDOW_MS = 5000;

interface Entry {
  steps: number;
  deviceMs: number;
  wallMs: number;
}

export function createPace(): Pace {
  let entries: Entry[] = [];
  const per = (column: 'deviceMs' | 'wallMs'): number | null => {
    const steps = entries.reduce((sum, entry) => sum + entry.steps, 0);
    return steps === 0 ? null : entries.reduce((sum, entry) => sum + entry[column], 0) / steps;
  };
  return {
    add(steps, deviceMs, wallMs) {
      entries.push({ steps, deviceMs, wallMs });
      let covered = 0;
      let first = entries.length;
      while (first > 0 && covered < WINDOW_MS) {
        first--;
        covered += entries[first]!.wallMs;
      }
      entries = entries.slice(first);
    },
    msPerStep: () => per('deviceMs'),
    wallMsPerStep: () => per('wallMs'),
  };
}
