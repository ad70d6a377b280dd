export interface ReadImagesContext {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { fraction: number; label: string }) => void) | undefined;
}

/** Tells how far a long loop is, and lets the worker hear of an abort. */
export interface Pace {
  /** After each round: 'Reading picture 120 of 4,000'. Rejects with the signal's reason. */
  step(what: string, done: number, count: number): void | Promise<void>;
}

const INTERVAL_MS = 60;

/** `share` is the part of the whole that the loop is, as fractions from 0 to 1. */
export function createPace(
  { signal, onProgress }: ReadImagesContext,
  share: readonly [from: number, to: number] = [0, 1],
): Pace {
  let toldAt = -Infinity;
  return {
    step(what, done, count) {
      const now = performance.now();
      if (now - toldAt < INTERVAL_MS && done < count) return;
      toldAt = now;
      const label = `${what} ${done.toLocaleString('en')} of ${count.toLocaleString('en')}`;
      onProgress?.({ fraction: share[0] + ((share[1] - share[0]) * done) / count, label });
      return pause(signal);
    },
  };
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}
