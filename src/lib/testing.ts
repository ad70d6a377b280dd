import { AppError } from './errors';

/** For unit tests: the AppError that `run` throws; anything else that happens is a failure. */
export function caughtAppError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/**
 * For fuzzing: a copy in which a few bytes are flipped, overwritten, cut off, doubled or removed. `random`
 * gives numbers in [0, 1); places are drawn by its power `bias`: above 1 more of them lie in the header.
 */
export function mutateBytes(
  good: Uint8Array,
  random: () => number,
  bias = 1,
): Uint8Array<ArrayBuffer> {
  let result = good.slice();
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times && result.length > 0; i += 1) {
    const at = Math.floor(random() ** bias * result.length);
    const length = Math.floor(random() * 16);
    switch (Math.floor(random() * 6)) {
      case 0:
        result[at] = (result[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        break;
      case 1:
        result[at] = Math.floor(random() * 256);
        break;
      case 2:
        result.fill(random() < 0.5 ? 0xff : 0, at, at + length);
        break;
      case 3:
        result = result.slice(0, at);
        break;
      case 4:
        result = Uint8Array.from([...result.slice(0, at), ...result.slice(at + length)]);
        break;
      default:
        result = Uint8Array.from([...result.slice(0, at + length), ...result.slice(at)]);
    }
  }
  return result;
}
