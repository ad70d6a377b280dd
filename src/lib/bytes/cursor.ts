import { AppError } from '../errors';

/** Files, and what they unpack to, may have at most this many bytes in all: 1 GiB. */
export const MAX_BYTES = 2 ** 30;

/** Reads a file from front to back. Every read past the end throws AppError `truncated`. */
export interface Cursor {
  /** Offset of the next byte. */
  offset: number;
  readonly bytes: Uint8Array;
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  /** A 64-bit count or offset; throws where it exceeds 2^53. */
  u64(): number;
  /** Big-endian double, as pickle writes it. */
  f64be(): number;
  /** A view of the next `count` bytes, not a copy. */
  take(count: number): Uint8Array;
  /** Bytes up to the next line feed, which is skipped. */
  line(): Uint8Array;
}

/** Starts at `offset`; `what` names the thing read in error messages ('the pickle'). */
export function createCursor(bytes: Uint8Array, what: string, offset = 0): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor: Cursor = {
    offset,
    bytes,
    u8: () => view.getUint8(advance(1)),
    u16: () => view.getUint16(advance(2), true),
    u32: () => view.getUint32(advance(4), true),
    i32: () => view.getInt32(advance(4), true),
    u64: () => toCount(view.getBigUint64(advance(8), true), what),
    f64be: () => view.getFloat64(advance(8), false),
    take(count) {
      const start = advance(count);
      return bytes.subarray(start, start + count);
    },
    line() {
      const end = bytes.indexOf(10, cursor.offset);
      if (end < 0) throw truncated(what, cursor.offset, 'a line', bytes.length);
      const start = advance(end - cursor.offset + 1);
      return bytes.subarray(start, end);
    },
  };
  function advance(count: number): number {
    const start = cursor.offset;
    if (start + count > bytes.length) {
      throw truncated(what, start, `${count} bytes`, bytes.length);
    }
    cursor.offset = start + count;
    return start;
  }
  return cursor;
}

/** The error for files that end too early; `wanted` says what should have followed at `offset`. */
export function truncated(what: string, offset: number, wanted: string, size: number): AppError {
  const start = capitalize(what);
  return new AppError({
    code: 'truncated',
    message:
      offset === size
        ? `${start} breaks off at byte ${size}, where ${wanted} should follow.`
        : `${start} breaks off: ${wanted} should follow at byte ${offset}, but it ends at byte ${size}.`,
    hint: 'The file was cut short, usually by an interrupted download or copy. Fetch it again and compare its size with the original.',
  });
}

/** The error for files whose content contradicts itself. */
export function damaged(message: string, cause?: unknown): AppError {
  return new AppError(
    {
      code: 'damaged',
      message,
      hint: 'The file is damaged or was not written by the program that its beginning names. Fetch or export it again.',
    },
    { cause },
  );
}

/** The error for files that are all right but use something that is not read here. */
export function unsupported(message: string, hint: string): AppError {
  return new AppError({ code: 'unsupported', message, hint });
}

/** The error for files that ask for more memory than files of their kind need. */
export function tooLarge(message: string): AppError {
  return new AppError({
    code: 'too-large',
    message,
    hint: 'Files that are read here take some megabytes. This is another kind of file, or one made to exhaust memory; it was not read further.',
  });
}

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** One character a byte. (The browser's "latin1" is windows-1252 for 0x80–0x9f: see `bytesOfText`.) */
export function textOf(bytes: Uint8Array): string {
  if (!bytes.some((byte) => byte > 127)) return latin1.decode(bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return text;
}

/** The inverse of `textOf`; throws AppError `damaged` where a character does not fit into a byte. */
export function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 255) throw damaged('Text stands where bytes should, and cannot be read as such.');
    bytes[i] = code;
  }
  return bytes;
}

/** UTF-8 text; throws AppError `damaged` naming `what` where it is none. */
export function utf8Text(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw damaged(`${capitalize(what)} is not UTF-8 text.`, cause);
  }
}

/** True where the ASCII characters of `text` stand in `bytes` at `offset`. */
export function startsWith(bytes: Uint8Array, text: string, offset = 0): boolean {
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i += 1) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function toCount(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw damaged(`${capitalize(what)} names a size of ${value} bytes.`);
  }
  return Number(value);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
