import { AppError } from '../lib/errors';
import type { DataFile, ReadImagesAnswer, ReadImagesRequest, RefusedFile } from './api';
import { createCollector, MAX_PICTURES, MIN_PICTURES } from './collect';
import { baseName, entryOfFile, isLitter } from './entry';
import { gather, type Gathered, type PictureItem } from './gather';
import { createPictureOpener, type Decode, type PictureOpener } from './open-picture';
import { shuffledOrder } from './order';
import { createPace, type ReadImagesContext } from './pace';
import { refusedFile } from './refusal';
import { isBlank } from './sheet';
import { createSheetReader, findTileOf, tilesOf } from './sheets';
import { squarePicture, type SquareOptions } from './square';
import { greyWhereGrey } from './tones';

/** Pictures that are decoded at once: the browser does it beside this worker. */
const AT_ONCE = 4;
/** Of the whole, before the first picture is read. */
const GATHER_SHARE = 0.1;

/**
 * Files of any kind as one shuffled set. Rejects with AppError `data-none`, `data-too-few`, `data-tile` or
 * `data-memory`, or with the signal's reason when aborted.
 */
export async function readFiles(
  request: ReadImagesRequest,
  files: readonly DataFile[],
  context: ReadImagesContext,
  decode?: Decode,
): Promise<ReadImagesAnswer> {
  const { size, seed } = request;
  const channels = request.channels ?? 3;
  const entries = files.filter(({ name }) => !isLitter(name)).map(entryOfFile);
  if (entries.length === 0) throw noFiles();
  const opener = createPictureOpener(decode);
  const gathered = await gather(entries, opener, createPace(context, [0, GATHER_SHARE]));
  const { items, format } = await cutSheets(gathered, request, opener);
  const chosen = chooseSome(items, seed);
  const collector = createCollector(chosen.length, { size, channels });
  const { refused } = gathered;
  let blank = 0;

  const pace = createPace(context, [GATHER_SHARE, 1]);
  const pictures = inOrder(chosen, AT_ONCE, (item) => convert(item, { ...request, channels }));
  let done = 0;
  for await (const { item, pixels, refused: reason } of pictures) {
    if (reason) refused.push(reason);
    else if (pixels) collector.add(item.name, pixels);
    else blank += 1;
    done += 1;
    await pace.step('Reading picture', done, chosen.length);
  }
  const { count } = collector;
  const found = items.length - blank;
  const duplicates = [...collector.duplicates];
  if (count < MIN_PICTURES) throw tooFew(count, found, duplicates.length, refused, entries.length);
  const images = collector.finish(seed);
  return {
    images: request.channels === null ? greyWhereGrey(images) : images,
    report: { found, format, duplicates, refused, leftOut: items.length - chosen.length },
  };
}

/** Pictures that are sheets give their tiles instead. */
async function cutSheets(
  { items, arrays, refused }: Gathered,
  request: ReadImagesRequest,
  opener: PictureOpener,
): Promise<{ items: PictureItem[]; format: string }> {
  const reader = createSheetReader(opener);
  const [first] = items;
  const lone = items.length === 1 && first?.file ? first.file : null;
  const tile = request.tile ?? (lone ? await findTileOf(lone, reader) : null);
  if (tile === null) return { items, format: describe(items, arrays) };
  const cut: PictureItem[] = [];
  let sheets = 0;
  for (const item of items) {
    if (!item.file) {
      cut.push(item);
      continue;
    }
    try {
      cut.push(...(await tilesOf(item.file, tile, reader)));
      sheets += 1;
    } catch (error) {
      // A lone sheet for which the side is wrong: nothing else is worth saying.
      if (lone && error instanceof AppError && error.code === 'data-tile') throw error;
      refused.push(refusedFile(item.name, error));
    }
  }
  const what = sheets === 1 ? 'sprite sheet' : `${sheets} sprite sheets`;
  const format = sheets > 0 ? [`${what} of ${tile}×${tile} tiles`] : [];
  return { items: cut, format: [...arrays, ...format].join('; ') };
}

function describe(items: readonly PictureItem[], arrays: ReadonlySet<string>): string {
  const files = items.filter(({ file }) => file !== null).length;
  const pictures = `${files.toLocaleString('en')} ${files === 1 ? 'picture' : 'pictures'}`;
  return [...arrays, ...(files > 0 ? [pictures] : [])].join('; ');
}

/** All of them, or as many as are trained on, drawn by lot, in their order. */
function chooseSome(items: PictureItem[], seed: number): PictureItem[] {
  if (items.length <= MAX_PICTURES) return items;
  const chosen = shuffledOrder(items.length, seed).slice(0, MAX_PICTURES).sort();
  return Array.from(chosen, (at) => items[at]!);
}

interface Converted {
  item: PictureItem;
  /** Absent for what was refused, and for blank tiles. */
  pixels?: Uint8ClampedArray;
  refused?: RefusedFile;
}

/** Never rejects but for faults of ours. */
async function convert(item: PictureItem, options: SquareOptions): Promise<Converted> {
  try {
    const picture = await item.open();
    try {
      if (item.tile && isBlank(picture)) return { item };
      return { item, pixels: squarePicture(picture, options) };
    } finally {
      picture.close();
    }
  } catch (error) {
    return { item, refused: refusedFile(item.name, error) };
  }
}

/** Results in the order of the items, `width` of them under way at once. */
async function* inOrder<T, R>(
  items: readonly T[],
  width: number,
  run: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for (const item of items) {
    running.push(run(item));
    if (running.length >= width) yield await running.shift()!;
  }
  while (running.length > 0) yield await running.shift()!;
}

function noFiles(): AppError {
  return new AppError({
    code: 'data-none',
    message: 'There are no pictures to read: no file was given, or the folder is empty.',
    hint: 'Choose pictures, a folder or a zip of them, an IDX file (MNIST) or CIFAR batches.',
  });
}

const NAMED_REFUSALS = 3;

function tooFew(
  count: number,
  found: number,
  duplicates: number,
  refused: readonly RefusedFile[],
  files: number,
): AppError {
  const named = refused
    .slice(0, NAMED_REFUSALS)
    .map(({ name, reason }) => `${baseName(name)}: ${reason}`);
  const more = refused.length - named.length;
  const details = [
    ...(duplicates > 0 ? [`${duplicates} of ${found} are the same as another`] : []),
    ...named,
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  const few = count === 1 ? 'Only 1 picture' : `Only ${count} different pictures`;
  const pictures = count === 0 ? 'No picture' : few;
  const hint =
    found === 1 && files === 1
      ? 'If it is a sprite sheet, say how many pixels a side its tiles have; otherwise add more pictures.'
      : 'Add more pictures: JPEG, PNG, WebP, GIF or BMP, a zip of them, IDX (MNIST) or CIFAR. Some hundreds are better than a few.';
  return new AppError({
    code: count === 0 ? 'data-none' : 'data-too-few',
    message: `${pictures} can be used, and training needs at least ${MIN_PICTURES}${details.length > 0 ? ` (${details.join('; ')})` : ''}.`,
    hint,
  });
}
