import {
  createCursor,
  damaged,
  startsWith,
  textOf,
  truncated,
  unsupported,
} from '../../lib/bytes/cursor';
import {
  bytesPerNumber,
  countOf,
  gatherStrided,
  numberReader,
  readNumbers,
} from '../bytes/numbers';
import type { NumberType } from '../bytes/numbers';
import type { ForeignArray } from '../../model/foreign';

/** True for files that NumPy's save wrote. */
export function isNpy(head: Uint8Array): boolean {
  return startsWith(head, '\x93NUMPY');
}

/** A NumPy type as its text says it: '<f4'. */
export interface NumpyType {
  type: NumberType;
  littleEndian: boolean;
}

const TYPES: Record<string, NumberType> = {
  f2: 'f16',
  f4: 'f32',
  f8: 'f64',
  i1: 'i8',
  u1: 'u8',
  i2: 'i16',
  u2: 'u16',
  i4: 'i32',
  u4: 'u32',
  i8: 'i64',
  u8: 'u64',
  b1: 'bool',
};

/** Reads '<f4', '>f8', '|u1'. Throws AppError `unsupported` for text, objects, records and complex numbers. */
export function numpyType(text: string, name: string): NumpyType {
  const match = /^([<>=|]?)([a-zA-Z]\d+)$/.exec(text);
  const code = match?.[2] ?? '';
  const type = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  if (!type) {
    throw unsupported(
      `Array '${name}' is of the NumPy type '${text.slice(0, 60)}'; only plain numbers are read.`,
      'Save one array of floats a tensor: np.savez(path, **{name: array.astype("float32")}). Objects and records are not weights.',
    );
  }
  return { type, littleEndian: match?.[1] !== '>' };
}

/**
 * Reads a .npy file (format versions 1 to 3; C or Fortran order).
 *
 * Throws AppError `truncated`, `damaged`, `unsupported` (types, pickled objects) or `too-large`.
 */
export function readNpy(bytes: Uint8Array, name: string): ForeignArray {
  const what = `the array '${name}'`;
  const cursor = createCursor(bytes, what, 6);
  if (!isNpy(bytes)) throw damaged(`'${name}' does not begin as a NumPy array.`);
  const version = cursor.u8();
  cursor.u8();
  if (version < 1 || version > 3)
    throw damaged(`'${name}' is of .npy version ${version}; 1 to 3 exist.`);
  const length = version === 1 ? cursor.u16() : cursor.u32();
  const header = parseHeader(textOf(cursor.take(length)), name);
  const type = numpyType(header.descr, name);
  return readBody(bytes.subarray(cursor.offset), { name, ...header, ...type, what });
}

interface Body extends NumpyType {
  name: string;
  shape: number[];
  fortran: boolean;
  what: string;
}

/** Reads raw numbers in C or Fortran order. Throws AppError `truncated` or `too-large`. */
export function readBody(bytes: Uint8Array, body: Body): ForeignArray {
  const { name, shape, fortran, type, littleEndian, what } = body;
  const count = countOf(shape, name);
  const size = count * bytesPerNumber(type);
  if (bytes.length < size) throw truncated(what, 0, `${size} bytes of numbers`, bytes.length);
  const data = bytes.subarray(0, size);
  if (!fortran) return { name, shape, data: readNumbers(data, type, littleEndian) };
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const read = numberReader(data, type, littleEndian);
  return { name, shape, data: gatherStrided(read, count, { name, offset: 0, shape, strides }) };
}

/** The header is a Python dict literal; NumPy writes it in this one form. */
function parseHeader(
  text: string,
  name: string,
): { descr: string; fortran: boolean; shape: number[] } {
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!descr || !fortran || !shape) {
    throw damaged(
      `The header of '${name}' is not one that NumPy writes: ${text.slice(0, 80).trim()}`,
    );
  }
  const lengths = (shape[1] ?? '').split(',').map((part) => part.replace('L', '').trim());
  return {
    descr: descr[1] ?? 'record',
    fortran: fortran[1] === 'True',
    shape: lengths.filter((part) => part !== '').map(Number),
  };
}
