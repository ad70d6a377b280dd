import { AppError } from '../lib/errors';
import type { ImageSet } from '../model/image-set';
import type { DataFile, ReadImagesAnswer, ReadImagesRequest } from './api';
import { createCollector } from './collect';
import { decodePicture } from './decode';
import { drawDigits } from './digits';
import { reorderPieces, shuffledOrder } from './order';
import type { Picture } from './picture';
import { cutTiles, rasterOf } from './sheet';
import { squarePicture } from './square';

export interface ReadImagesContext {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { fraction: number; label: string }) => void) | undefined;
  /** How files become pictures; the browser's own way unless a test has another. */
  decode?: ((file: Blob) => Promise<Picture>) | undefined;
}

/**
 * Pictures of any source as a shuffled set of one size, with a report of what was found and what was left
 * out. Rejects with AppError `data-…`, or with the signal's reason when aborted.
 */
export async function readImages(
  request: ReadImagesRequest,
  context: ReadImagesContext = {},
): Promise<ReadImagesAnswer> {
  const { source } = request;
  switch (source.kind) {
    case 'digits':
      return readDigits(request, source.count, source.seed, context);
    case 'bundled':
      return readSheets(request, source.files, context);
    case 'files':
      throw new AppError({ code: 'data-none', message: 'not yet', hint: '' });
  }
}

/** Digits that are drawn between two looks at the signal. */
const DIGITS_AT_ONCE = 100;

async function readDigits(
  { size, channels, seed }: ReadImagesRequest,
  count: number,
  digitsSeed: number,
  context: ReadImagesContext,
): Promise<ReadImagesAnswer> {
  const one = size * size * channels;
  const data = new Uint8Array(count * one);
  for (let first = 0; first < count; first += DIGITS_AT_ONCE) {
    await breathe(context);
    const some = Math.min(DIGITS_AT_ONCE, count - first);
    const drawn = drawDigits({ count: some, size, channels, seed: digitsSeed, first });
    data.set(drawn.data, first * one);
    report(context, 'Drawing digit', first + some, count);
  }
  reorderPieces(data, one, shuffledOrder(count, seed));
  return answer({ count, size, channels, data }, 'digits, drawn by this page');
}

/** Bundled sheets are full of tiles, without a blank one. */
async function readSheets(
  request: ReadImagesRequest,
  files: readonly DataFile[],
  context: ReadImagesContext,
): Promise<ReadImagesAnswer> {
  const { size, channels, seed, tile } = request;
  const { decode = decodePicture } = context;
  const tiles: Picture[] = [];
  for (const { file } of files) {
    await breathe(context);
    const sheet = await decode(file);
    tiles.push(...cutTiles(rasterOf(sheet), tile ?? sheet.width));
    sheet.close();
  }
  const collector = createCollector(tiles.length, { size, channels });
  for (const [at, picture] of tiles.entries()) {
    if (at % DIGITS_AT_ONCE === 0) await breathe(context);
    collector.add(`picture ${at + 1}`, squarePicture(picture, request));
    report(context, 'Reading picture', at + 1, tiles.length);
  }
  return answer(collector.finish(seed), `${tiles.length} pictures`);
}

function answer(images: ImageSet, format: string): ReadImagesAnswer {
  const found = images.count;
  return { images, report: { found, format, duplicates: [], refused: [], leftOut: 0 } };
}

/** Lets the worker hear of an abort. */
async function breathe({ signal }: ReadImagesContext): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

function report(
  { onProgress }: ReadImagesContext,
  what: string,
  done: number,
  count: number,
): void {
  if (done % DIGITS_AT_ONCE !== 0 && done !== count) return;
  const label = `${what} ${done.toLocaleString('en')} of ${count.toLocaleString('en')}`;
  onProgress?.({ fraction: done / count, label });
}
