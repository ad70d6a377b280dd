/** Work is cut so that a chunk takes about this long: short enough to cancel, long enough to be efficient. */
const TARGET_MS = 80;
/** Activations of one chunk may take this much memory. */
const MAX_CHUNK_BYTES = 128 * 2 ** 20;

/** Chooses how many samples run together, from how long they took before. */
export interface Pacer {
  /** Size of the next chunk, 1 to `remaining`. */
  next(remaining: number): number;
  /** What a chunk took. The first chunk of a size may include compilation and is weighed down. */
  report(samples: number, ms: number): void;
}

/** `bytesPerSample`: size of the largest layer output and its neighbors for one sample. */
export function createPacer(bytesPerSample: number): Pacer {
  const byMemory = Math.max(1, Math.floor(MAX_CHUNK_BYTES / Math.max(1, bytesPerSample)));
  const seen = new Set<number>();
  let msPerSample: number | null = null;
  return {
    next(remaining) {
      // Unknown speed: 4 samples take a slow CPU a blink, and tell.
      const byTime = msPerSample === null ? 4 : Math.floor(TARGET_MS / msPerSample);
      const limit = Math.max(1, Math.min(byMemory, byTime));
      return limit >= remaining ? remaining : powerOfTwoBelow(limit);
    },
    report(samples, ms) {
      const measured = ms / samples;
      const fresh = !seen.has(samples);
      seen.add(samples);
      if (msPerSample === null) msPerSample = measured;
      else if (!fresh || measured < msPerSample) msPerSample += (measured - msPerSample) / 2;
    },
  };
}

// GPU backends compile some programs for each batch size, so few sizes should occur.
function powerOfTwoBelow(limit: number): number {
  return 2 ** Math.floor(Math.log2(limit));
}
