import type { Dataset, Group } from 'jsfive';
import { damaged, startsWith, tooLarge, truncated, unsupported } from '../../lib/bytes/cursor';
import { countOf, MAX_NUMBERS } from '../bytes/numbers';
import type { ForeignArray } from '../../model/foreign';

const SIGNATURE = '\x89HDF\r\n\x1a\n';
const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 24;
/** Compressed weights hardly shrink; a dataset much larger than its file was made to exhaust memory. */
const MAX_RATIO = 200;

/** True for HDF5 files, whatever their name (old Keras scripts saved without an extension). */
export function isHdf5(head: Uint8Array): boolean {
  return startsWith(head, SIGNATURE);
}

/** What is read of an HDF5 file: every dataset of numbers by its path, and attributes of groups. */
export interface Hdf5Content {
  /** In the order of the file's index (alphabetic, as a rule). Keys without a leading slash. */
  arrays: Map<string, ForeignArray>;
  /** By path of the group, '' for the root. Only attributes that are text or lists of text. */
  texts: Map<string, Map<string, string | string[]>>;
}

/**
 * Reads an HDF5 file (superblocks 0, 2 and 3; chunked, gzip and shuffle included) by jsfive, which is
 * loaded when it is first needed.
 *
 * Throws AppError `truncated`, `damaged`, `too-large` or `unsupported`.
 */
export async function readHdf5(bytes: Uint8Array): Promise<Hdf5Content> {
  checkSuperblock(bytes);
  const { File, Group: GroupClass } = await import('jsfive');
  const copy = new Uint8Array(bytes);
  const content: Hdf5Content = { arrays: new Map(), texts: new Map() };
  const walk: Walk = { content, fileSize: bytes.length, objects: 0, numbers: 0 };
  const isGroup = (object: Group | Dataset): object is Group => object instanceof GroupClass;
  const root = guarded('its root', () => new File(copy.buffer, 'file'));
  visitGroup(walk, root, '', isGroup, 0);
  return content;
}

interface Walk {
  content: Hdf5Content;
  fileSize: number;
  objects: number;
  numbers: number;
}

function visitGroup(
  walk: Walk,
  group: Group,
  path: string,
  isGroup: (object: Group | Dataset) => object is Group,
  depth: number,
): void {
  if (depth > MAX_DEPTH) {
    throw damaged(
      `The HDF5 file nests its groups more than ${MAX_DEPTH} levels deep, at '${path}'.`,
    );
  }
  walk.content.texts.set(path, readTexts(group, path));
  for (const key of guarded(`'${path}'`, () => group.keys)) {
    if (key === '') throw damaged(`The HDF5 file has something without a name in '${path}'.`);
    const inner = path ? `${path}/${key}` : key;
    walk.objects += 1;
    if (walk.objects > MAX_OBJECTS) {
      throw tooLarge(`The HDF5 file has more than ${MAX_OBJECTS} groups and datasets.`);
    }
    const object = guarded(`'${inner}'`, () => group.get(key));
    if (isGroup(object)) visitGroup(walk, object, inner, isGroup, depth + 1);
    else readDataset(walk, object, inner);
  }
}

function readDataset(walk: Walk, dataset: Dataset, path: string): void {
  const shape = guarded(`'${path}'`, () => [...dataset.shape]);
  const dtype = guarded(`'${path}'`, () => dataset.dtype);
  // Text and records (optimizer notes, label names) are not weights.
  if (typeof dtype !== 'string' || !/^[<>|]?[fiu]\d$/.test(dtype)) return;
  const count = countOf(shape, path);
  walk.numbers += count;
  if (count > 1 << 20 && count > walk.fileSize * MAX_RATIO) {
    throw tooLarge(
      `'${path}' of shape [${shape.join(', ')}] would grow from a file of ${walk.fileSize} bytes to ${count} numbers.`,
    );
  }
  if (walk.numbers > MAX_NUMBERS) {
    throw tooLarge(`The HDF5 file's arrays have more than ${MAX_NUMBERS} numbers in all.`);
  }
  const values = guarded(`'${path}'`, () => dataset.value);
  if (values.length !== count) {
    throw damaged(
      `'${path}' of shape [${shape.join(', ')}] has ${values.length} numbers instead of ${count}.`,
    );
  }
  const data = Float32Array.from(values, Number);
  walk.content.arrays.set(path, { name: path, shape, data });
}

function readTexts(group: Group, path: string): Map<string, string | string[]> {
  const texts = new Map<string, string | string[]>();
  let attributes: Record<string, unknown>;
  try {
    attributes = group.attrs;
  } catch (cause) {
    throw failed(`the attributes of '${path}'`, cause);
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string') texts.set(key, value);
    else if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
      texts.set(
        key,
        value.map((item) => item.replace(/\0+$/, '')),
      );
    }
  }
  return texts;
}

/** The library throws text, TypeErrors and RangeErrors alike where a file contradicts itself. */
function guarded<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw failed(what, cause);
  }
}

function failed(what: string, cause: unknown): Error {
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (/unsupported|not implemented|not supported/i.test(detail)) {
    return unsupported(
      `The HDF5 file uses a feature at ${what} that is not read here (${detail.slice(0, 120)}).`,
      'Save it with the libraries\' defaults: model.save_weights("generator.weights.h5") in Keras, or h5py.File(path, "w") without libver="latest".',
    );
  }
  return damaged(`The HDF5 file cannot be read at ${what}: ${detail.slice(0, 120)}.`, cause);
}

/** Version, sizes and end of file, as the superblock claims them. */
function checkSuperblock(bytes: Uint8Array): void {
  if (bytes.length < 48) throw truncated('the HDF5 file', 8, 'its superblock', bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[8] ?? 255;
  if (version > 3)
    throw damaged(`The HDF5 file has the superblock version ${version}; 0 to 3 exist.`);
  const old = version < 2;
  const [offsets, lengths] = old ? [bytes[13], bytes[14]] : [bytes[9], bytes[10]];
  if (version === 1 || offsets !== 8 || lengths !== 8) {
    throw unsupported(
      `The HDF5 file has a superblock of version ${version} with offsets of ${offsets} bytes.`,
      'Files that h5py and Keras write are read: version 0, 2 or 3, offsets of 8 bytes. Save it again with one of them.',
    );
  }
  const end = Number(view.getBigUint64(old ? 40 : 28, true));
  if (end > bytes.length) {
    throw truncated(
      'the HDF5 file',
      bytes.length,
      `${end - bytes.length} more bytes`,
      bytes.length,
    );
  }
}
