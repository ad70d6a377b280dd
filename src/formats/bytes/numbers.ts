import { damaged, tooLarge } from '../../lib/bytes/cursor';

/** A network of the DCGAN family has some millions of numbers; more than this (1 GiB as floats) is refused. */
export const MAX_NUMBERS = 2 ** 28;

/** How numbers lie in a file. */
export type NumberType =
  | 'f16'
  | 'bf16'
  | 'f32'
  | 'f64'
  | 'i8'
  | 'u8'
  | 'i16'
  | 'u16'
  | 'i32'
  | 'u32'
  | 'i64'
  | 'u64'
  | 'bool';

const SIZES: Record<NumberType, number> = {
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  bool: 1,
};

/** Bytes that one number takes. */
export function bytesPerNumber(type: NumberType): number {
  return SIZES[type];
}

/**
 * How many numbers an array of this shape has. Throws AppError `damaged` for lengths that are no counts
 * and `too-large` beyond 2^28 numbers.
 */
export function countOf(shape: readonly number[], name: string): number {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw damaged(`Array '${name}' has the impossible shape [${shape.join(', ')}].`);
    }
    count *= length;
  }
  // A zero among huge lengths is harmless, but nothing real looks like that either.
  if (shape.length > 32 || shape.some((length) => length > MAX_NUMBERS) || count > MAX_NUMBERS) {
    throw tooLarge(
      `Array '${name}' of shape [${shape.slice(0, 32).join(', ')}] would have ${count} numbers; at most ${MAX_NUMBERS} are read.`,
    );
  }
  return count;
}

/** A function that reads the number with this index (not byte offset) as a float. */
export function numberReader(
  bytes: Uint8Array,
  type: NumberType,
  littleEndian: boolean,
): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const le = littleEndian;
  switch (type) {
    case 'f16':
      return (i) => halfToNumber(view.getUint16(i * 2, le));
    case 'bf16':
      return (i) => bfloatToNumber(view.getUint16(i * 2, le));
    case 'f32':
      return (i) => view.getFloat32(i * 4, le);
    case 'f64':
      return (i) => view.getFloat64(i * 8, le);
    case 'i8':
      return (i) => view.getInt8(i);
    case 'u8':
      return (i) => view.getUint8(i);
    case 'bool':
      return (i) => (view.getUint8(i) === 0 ? 0 : 1);
    case 'i16':
      return (i) => view.getInt16(i * 2, le);
    case 'u16':
      return (i) => view.getUint16(i * 2, le);
    case 'i32':
      return (i) => view.getInt32(i * 4, le);
    case 'u32':
      return (i) => view.getUint32(i * 4, le);
    case 'i64':
      return (i) => Number(view.getBigInt64(i * 8, le));
    case 'u64':
      return (i) => Number(view.getBigUint64(i * 8, le));
  }
}

/**
 * All numbers that lie in `bytes`, as 32-bit floats (a copy, also where they are such already). Trailing
 * bytes that make no whole number are ignored.
 */
export function readNumbers(
  bytes: Uint8Array,
  type: NumberType,
  littleEndian = true,
): Float32Array {
  const count = Math.floor(bytes.length / SIZES[type]);
  if (type === 'f32' && littleEndian) {
    const copy = new Uint8Array(count * 4);
    copy.set(bytes.subarray(0, count * 4));
    return new Float32Array(copy.buffer);
  }
  const read = numberReader(bytes, type, littleEndian);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i += 1) data[i] = read(i);
  return data;
}

const floatBits = new Uint32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

function bfloatToNumber(bits: number): number {
  floatBits[0] = bits << 16;
  return floatValue[0] ?? 0;
}

/** IEEE 754 half precision, subnormal numbers, infinities and NaN included. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Gathers a strided view (strides in numbers, not bytes; zero repeats) into a dense array in C order.
 * `available` is how many numbers the storage has. Throws AppError `damaged` where the view leaves it.
 */
export function gatherStrided(
  read: (index: number) => number,
  available: number,
  view: { name: string; offset: number; shape: readonly number[]; strides: readonly number[] },
): Float32Array {
  const { name, offset, shape, strides } = view;
  const count = countOf(shape, name);
  const lowest = reach(shape, strides, (stride) => stride < 0);
  const highest = reach(shape, strides, (stride) => stride > 0);
  if (count > 0 && !(offset + lowest >= 0 && offset + highest < available)) {
    throw damaged(
      `Array '${name}' of shape [${shape.join(', ')}] reaches from number ${offset + lowest} to ${offset + highest} of a storage that has ${available}.`,
    );
  }
  const data = new Float32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  let position = offset;
  for (let i = 0; i < count; i += 1) {
    data[i] = read(position);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const stride = strides[axis] ?? 0;
      const at = (index[axis] ?? 0) + 1;
      position += stride;
      if (at < (shape[axis] ?? 1)) {
        index[axis] = at;
        break;
      }
      position -= stride * at;
      index[axis] = 0;
    }
  }
  return data;
}

function reach(
  shape: readonly number[],
  strides: readonly number[],
  counts: (stride: number) => boolean,
): number {
  return shape.reduce((sum, length, axis) => {
    const stride = strides[axis] ?? 0;
    return counts(stride) ? sum + (length - 1) * stride : sum;
  }, 0);
}
