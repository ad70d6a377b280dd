import { AppError } from '../lib/errors';
import type { RefusedFile } from './api';

/** Why a file cannot be used, in words that go on after its name: 'a text file, not a picture'. */
export function refusal(reason: string, cause?: unknown): AppError {
  const hint = 'The other files are used without it.';
  return new AppError({ code: 'data-refused', message: reason, hint }, { cause });
}

/** What was thrown over one file, as a line of the report; anything that is not about the file is thrown on. */
export function refusedFile(name: string, error: unknown): RefusedFile {
  if (error instanceof AppError && error.code !== 'data-memory') {
    return { name, reason: error.message };
  }
  if (error instanceof DOMException && error.name !== 'AbortError') {
    const reason =
      'it cannot be read: it was moved, changed or taken away since it was chosen, or is too large for the memory';
    return { name, reason };
  }
  // An allocation that failed, or a case that no check foresaw: a broken file, not a broken page.
  if (error instanceof RangeError || error instanceof TypeError) {
    return { name, reason: `the file contradicts itself (${error.message})` };
  }
  throw error;
}
