import { damaged, textOf, truncated } from '../lib/bytes/cursor';
import { entryOfBytes, type DataEntry } from './entry';

const BLOCK = 512;
const MAX_ENTRIES = 250_000;

/**
 * The files in a tar (ustar, GNU or pax; folders and links are left out). Throws AppError `damaged` or
 * `truncated`. Names over 100 characters are cut unless ustar's prefix holds the rest: only messages show them.
 */
export function readTar(bytes: Uint8Array): DataEntry[] {
  const entries: DataEntry[] = [];
  let at = 0;
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK);
    // Two empty blocks end it.
    if (header.every((byte) => byte === 0)) break;
    if (text(header, 257, 5) !== 'ustar') throw damaged(`The tar has no header at byte ${at}.`);
    const size = parseInt(text(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) {
      throw damaged(`The tar names no size at byte ${at + 124}.`);
    }
    const start = at + BLOCK;
    if (start + size > bytes.length) {
      throw truncated('the tar', start, `${size} bytes`, bytes.length);
    }
    const type = text(header, 156, 1);
    if (type === '' || type === '0') {
      entries.push(entryOfBytes(nameOf(header), bytes.subarray(start, start + size)));
    }
    if (entries.length > MAX_ENTRIES) throw damaged(`The tar has over ${MAX_ENTRIES} files.`);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

function nameOf(header: Uint8Array): string {
  // GNU's tar has other things where ustar has the first part of long names.
  const prefix = text(header, 263, 2) === '00' ? text(header, 345, 155) : '';
  const name = text(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Up to the first NUL. */
function text(bytes: Uint8Array, at: number, length: number): string {
  return textOf(bytes.subarray(at, at + length)).split('\0')[0] ?? '';
}
