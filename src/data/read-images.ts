import { AppError } from '../lib/errors';
import type { ReadImagesAnswer, ReadImagesRequest } from './api';
import { MAX_PICTURES, MIN_PICTURES } from './collect';
import { drawDigits } from './digits';
import { createPace, type ReadImagesContext } from './pace';
import type { Decode } from './open-picture';
import { reorderPieces, shuffledOrder } from './order';
import { readFiles } from './read-files';

/**
 * Pictures of any source as a shuffled set of one size, with a report of what was found and what was left
 * out. Rejects with AppError `data-…`, or with the signal's reason when aborted.
 */
export function readImages(
  request: ReadImagesRequest,
  context: ReadImagesContext = {},
  decode?: Decode,
): Promise<ReadImagesAnswer> {
  const { source } = request;
  switch (source.kind) {
    case 'digits':
      return readDigits(request, source.count, source.seed, context);
    case 'bundled':
    case 'files':
      return readFiles(request, source.files, context, decode);
  }
}

/** Digits that are drawn between two looks at the clock. */
const DIGITS_AT_ONCE = 50;

async function readDigits(
  { size, channels: wanted, seed }: ReadImagesRequest,
  count: number,
  digitsSeed: number,
  context: ReadImagesContext,
): Promise<ReadImagesAnswer> {
  checkCount(count);
  const channels = wanted ?? 1;
  const one = size * size * channels;
  const data = new Uint8Array(count * one);
  const pace = createPace(context);
  for (let first = 0; first < count; first += DIGITS_AT_ONCE) {
    const some = Math.min(DIGITS_AT_ONCE, count - first);
    const drawn = drawDigits({ count: some, size, channels, seed: digitsSeed, first });
    data.set(drawn.data, first * one);
    await pace.step('Drawing digit', first + some, count);
  }
  reorderPieces(data, one, shuffledOrder(count, seed));
  const format = 'digits, drawn by this page';
  return {
    images: { count, size, channels, data },
    report: { found: count, format, duplicates: [], refused: [], leftOut: 0 },
  };
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= MIN_PICTURES && count <= MAX_PICTURES) return;
  throw new AppError({
    code: 'data-count',
    message: `${count} digits cannot be drawn: it must be a whole number from ${MIN_PICTURES} to ${MAX_PICTURES.toLocaleString('en')}.`,
    hint: 'Ask for another number of digits.',
  });
}
