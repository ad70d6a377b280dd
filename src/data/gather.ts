import { MAX_BYTES } from '../lib/bytes/cursor';
import { readZip } from '../lib/bytes/zip';
import type { RefusedFile } from './api';
import { arrayReader, describeArray, type PictureArray } from './arrays';
import { mayBeCifar, readCifar } from './cifar';
import { entryOfBytes, entryOfZip, isLitter, type DataEntry } from './entry';
import { gunzip } from './gzip';
import { readIdx } from './idx';
import type { PictureOpener } from './open-picture';
import type { Pace } from './pace';
import type { Picture } from './picture';
import { refusal, refusedFile } from './refusal';
import { entryKind, otherThing } from './sniff';
import { readTar } from './tar';

/** A picture that was found and not looked at yet. */
export interface PictureItem {
  name: string;
  /** Where it is a picture file of its own: it may be a sprite sheet. */
  file: DataEntry | null;
  /** A tile of a sheet, which may be blank. */
  tile?: true;
  open(): Promise<Picture>;
}

export interface Gathered {
  items: PictureItem[];
  refused: RefusedFile[];
  /** What arrays were found: 'IDX, 28×28, grey'. */
  arrays: Set<string>;
}

/** First bytes that are read at once. */
const HEADS_AT_ONCE = 64;
/** A zip in a zip is opened, one in that is not. */
const MAX_DEPTH = 2;
const ZIP_LIMITS = { entries: 250_000, bytes: 8 * 2 ** 30 };

/** Finds the pictures in files, archives and arrays, by content; nothing is decoded yet. */
export async function gather(
  entries: readonly DataEntry[],
  opener: PictureOpener,
  pace: Pace,
): Promise<Gathered> {
  const gathered: Gathered = { items: [], refused: [], arrays: new Set() };

  async function gatherAll(list: readonly DataEntry[], depth: number): Promise<void> {
    const wanted = list.filter(({ name }) => !isLitter(name));
    for (let start = 0; start < wanted.length; start += HEADS_AT_ONCE) {
      const some = wanted.slice(start, start + HEADS_AT_ONCE);
      const heads = await Promise.all(some.map((entry) => entry.head().catch(toError)));
      for (const [at, entry] of some.entries()) {
        const head = heads[at]!;
        try {
          if (head instanceof Error) throw head;
          await gatherOne(entry, head, depth, wanted.length > 1);
        } catch (error) {
          gathered.refused.push(refusedFile(entry.name, error));
        }
        await pace.step('Looking at file', start + at + 1, wanted.length);
      }
    }
  }

  async function gatherOne(
    entry: DataEntry,
    head: Uint8Array,
    depth: number,
    hasNeighbours: boolean,
  ): Promise<void> {
    // What cannot be unpacked gives no first bytes; reading it says why.
    if (head.length === 0 && entry.size > 0) await entry.bytes();
    const kind = entryKind(head);
    switch (kind) {
      case 'picture':
        gathered.items.push({ name: entry.name, file: entry, open: () => opener.open(entry) });
        return;
      case 'zip':
      case 'gzip':
      case 'tar':
        if (depth >= MAX_DEPTH) throw refusal('an archive inside archives: unpack it first');
        if (entry.size > MAX_BYTES) {
          throw refusal('an archive of more than 1 GiB: unpack it and choose the folder');
        }
        return gatherAll(await unpack(entry, kind, hasNeighbours), depth + 1);
      case 'idx':
      case 'other':
        addArray(entry.name, await readArray(entry, head, kind));
    }
  }

  function addArray(name: string, array: PictureArray): void {
    gathered.arrays.add(describeArray(array));
    const read = arrayReader(array);
    for (let index = 0; index < array.count; index++) {
      gathered.items.push({
        name: `${name}, picture ${index + 1}`,
        file: null,
        open: () => Promise.resolve(read(index)),
      });
    }
  }

  await gatherAll(entries, 0);
  return gathered;
}

/** The archive's name stands before those of its files where there are others. */
async function unpack(
  entry: DataEntry,
  kind: 'zip' | 'gzip' | 'tar',
  hasNeighbours: boolean,
): Promise<DataEntry[]> {
  const bytes = await entry.bytes();
  const named = (inner: string): string => (hasNeighbours ? `${entry.name}/${inner}` : inner);
  switch (kind) {
    case 'zip':
      return readZip(bytes, ZIP_LIMITS).map((one) => entryOfZip(one, named(one.name)));
    case 'tar':
      return readTar(bytes).map((one) => ({ ...one, name: named(one.name) }));
    case 'gzip':
      return [entryOfBytes(entry.name.replace(/\.gz$/i, ''), await gunzip(bytes))];
  }
}

/** CIFAR begins with a label, which may look like the beginning of an IDX file. */
async function readArray(
  entry: DataEntry,
  head: Uint8Array,
  kind: 'idx' | 'other',
): Promise<PictureArray> {
  const cifar = mayBeCifar(entry.size) ? readCifar(await entry.bytes()) : null;
  if (kind === 'other') {
    if (cifar) return cifar;
    throw refusal(otherThing(head));
  }
  if (entry.size > MAX_BYTES) throw refusal('an IDX file of more than 1 GiB');
  try {
    return readIdx(await entry.bytes());
  } catch (error) {
    if (cifar) return cifar;
    throw error;
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
