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
