/**
 * How long the worker may be silent during calls that come again and again: a kind of call that was
 * answered before has compiled what it needs, so silence means the worker's death sooner than elsewhere.
 */
export interface StallLimits {
  /** In milliseconds; undefined: nothing is known of this kind of call yet. */
  of(kind: string): number | undefined;
  /** A call was answered after so many milliseconds. */
  took(kind: string, ms: number): void;
  /** What is known no longer holds, as it has to be compiled anew. */
  forget(): void;
}

const LEAST_MS = 20_000;
const FACTOR = 20;
/** Calls that count: the first one, which compiled, is soon not among them. */
const WINDOW = 8;

export function createStallLimits(): StallLimits {
  const answered = new Map<string, number[]>();
  return {
    of(kind) {
      const times = answered.get(kind);
      return times && Math.max(LEAST_MS, FACTOR * Math.max(...times));
    },
    took(kind, ms) {
      answered.set(kind, [...(answered.get(kind) ?? []), ms].slice(-WINDOW));
    },
    forget: () => answered.clear(),
  };
}
