/** Work is cut so that a chunk takes about this long: short enough to cancel, long enough to be efficient. */
const TARGET_MS = 80;
/** Activations of one chunk may take this much memory. */
const MAX_CHUNK_BYTES = 128 * 2 ** 20;
/** Before the speed is known: a slow CPU takes a blink for them, and tells. */
const FIRST = 4;

/** Chooses how many samples run together, from how long they took before. */
export interface Pacer {
  /** Size of the next chunk, 1 to `remaining`. */
  next(remaining: number): number;
  /** Chunks of this size have run before: the next one compiles nothing. */
  warmed(samples: number): void;
  /** What a chunk took. The first of each size may have waited for compilation: it is only believed to be fast. */
  report(samples: number, ms: number): void;
}

/** `bytesPerSample`: size of the largest layer output and its neighbors for one sample. */
export function createPacer(bytesPerSample: number): Pacer {
  const byMemory = Math.max(1, Math.floor(MAX_CHUNK_BYTES / Math.max(1, bytesPerSample)));
  const seen = new Set<number>();
  let msPerSample: number | null = null;
  /** From chunks that may have waited for compilation: the first that did not is believed at once. */
  let isGuess = true;
  return {
    next(remaining) {
      const byTime = msPerSample === null ? FIRST : Math.floor(TARGET_MS / msPerSample);
      const limit = Math.max(1, Math.min(byMemory, byTime));
      return limit >= remaining ? remaining : stepBelow(limit);
    },
    warmed: (samples) => void seen.add(samples),
    report(samples, ms) {
      const measured = ms / samples;
      const fresh = !seen.has(samples);
      seen.add(samples);
      if (msPerSample === null) msPerSample = measured;
      else if (fresh) msPerSample = Math.min(msPerSample, measured);
      else if (isGuess) msPerSample = measured;
      else msPerSample += (measured - msPerSample) / 2;
      isGuess &&= fresh;
    },
  };
}

/** 1, 2, 3, 4, 6, 8, 12, 16 …: GPU backends compile some programs for each batch size, so few sizes should occur. */
function stepBelow(limit: number): number {
  const power = 2 ** Math.floor(Math.log2(limit));
  return power > 1 && limit >= power * 1.5 ? power * 1.5 : power;
}
