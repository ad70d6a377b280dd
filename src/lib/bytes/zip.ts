import { Inflate } from 'fflate';
import {
  createCursor,
  damaged,
  MAX_BYTES,
  startsWith,
  textOf,
  tooLarge,
  truncated,
  unsupported,
  utf8Text,
} from './cursor';

/** A file inside a zip. */
export interface ZipEntry {
  name: string;
  /** Bytes when unpacked, as the directory claims; `read` refuses more. */
  size: number;
  /** Its first bytes, up to 16,384 packed ones; empty where they cannot be unpacked. */
  head(): Uint8Array;
  /** Unpacks it. Throws AppError `too-large`, `damaged` (checksum), `truncated` or `unsupported`. */
  read(): Uint8Array;
}

const END_SIGNATURE = 0x06054b50;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR64_SIGNATURE = 0x07064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
/** Deflate reaches 1,032 on zeros; weights hardly reach 2, JSON 20. */
const MAX_RATIO = 200;
/** Small files may be dense: ratios are looked at from here on. */
const RATIO_FROM_BYTES = 1 << 20;
const INFLATE_STEP = 16_384;

export interface ZipLimits {
  /** Files in it; 20,000 unless told otherwise. */
  entries?: number;
  /** Of all files when unpacked; 1 GiB unless told otherwise. */
  bytes?: number;
}

/** True for files that begin as a zip with at least one entry, or an empty one. */
export function isZip(head: Uint8Array): boolean {
  return startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06');
}

/**
 * Reads the directory of a zip (zip64 included); contents are unpacked when asked for. Folders are left out.
 *
 * Throws AppError `truncated`, `damaged`, `too-large` (entries, sizes, ratio) or
 * `unsupported` (encryption).
 */
export function readZip(
  bytes: Uint8Array,
  { entries: maxEntries = 20_000, bytes: maxBytes = MAX_BYTES }: ZipLimits = {},
): ZipEntry[] {
  const { count, offset } = findDirectory(bytes);
  if (count > maxEntries)
    throw tooLarge(`The zip has ${count} files; at most ${maxEntries} are read.`);
  const cursor = createCursor(bytes, "the zip's directory", offset);
  const records = Array.from({ length: count }, () => readRecord(cursor));
  const total = records.reduce((sum, record) => sum + record.size, 0);
  if (total > maxBytes) {
    throw tooLarge(`The zip would unpack to ${total} bytes; at most ${maxBytes} are read.`);
  }
  for (const record of records) checkRatio(record);
  return records
    .filter(({ name }) => !name.endsWith('/'))
    .map((record) => ({
      name: record.name,
      size: record.size,
      head: () => peek(bytes, record),
      read: () => unpack(bytes, record),
    }));
}

interface DirectoryRecord {
  name: string;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  local: number;
}

function findDirectory(bytes: Uint8Array): { count: number; offset: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lowest = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    const end = { count: view.getUint16(at + 10, true), offset: view.getUint32(at + 16, true) };
    const has64 = at >= 20 && view.getUint32(at - 20, true) === LOCATOR64_SIGNATURE;
    return has64 ? readEnd64(bytes, at - 20) : end;
  }
  throw truncated('the zip', bytes.length, 'its directory (at the end of every zip)', bytes.length);
}

function readEnd64(bytes: Uint8Array, locator: number): { count: number; offset: number } {
  const at = createCursor(bytes, "the zip's end", locator + 8).u64();
  const cursor = createCursor(bytes, "the zip's end", at);
  if (cursor.u32() !== END64_SIGNATURE)
    throw damaged(`The zip has no zip64 directory at byte ${at}.`);
  cursor.take(28);
  const count = cursor.u64();
  cursor.u64();
  return { count, offset: cursor.u64() };
}

function readRecord(cursor: ReturnType<typeof createCursor>): DirectoryRecord {
  const at = cursor.offset;
  if (cursor.u32() !== ENTRY_SIGNATURE)
    throw damaged(`The zip's directory has no entry at byte ${at}.`);
  cursor.take(4);
  const flags = cursor.u16();
  const method = cursor.u16();
  cursor.take(4);
  const crc = cursor.u32();
  const [packed, size] = [cursor.u32(), cursor.u32()];
  const [nameLength, extraLength, commentLength] = [cursor.u16(), cursor.u16(), cursor.u16()];
  cursor.take(8);
  const local = cursor.u32();
  const rawName = cursor.take(nameLength);
  const extra = cursor.take(extraLength);
  cursor.take(commentLength);
  const name = flags & 0x800 ? utf8Text(rawName, "a file's name in the zip") : textOf(rawName);
  return withZip64({ name, method, flags, crc, packed, size, local }, extra);
}

/** Fields that are 0xffffffff have their values in the extra field 1, in this order. */
function withZip64(record: DirectoryRecord, extra: Uint8Array): DirectoryRecord {
  const cursor = createCursor(extra, "the zip's directory");
  while (cursor.offset + 4 <= extra.length) {
    const id = cursor.u16();
    const field = createCursor(cursor.take(cursor.u16()), "the zip's directory");
    if (id !== 1) continue;
    if (record.size === 0xffffffff) record.size = field.u64();
    if (record.packed === 0xffffffff) record.packed = field.u64();
    if (record.local === 0xffffffff) record.local = field.u64();
  }
  return record;
}

function checkRatio({ name, size, packed }: DirectoryRecord): void {
  if (size < RATIO_FROM_BYTES || size <= packed * MAX_RATIO) return;
  throw tooLarge(
    `'${name}' in the zip would grow from ${packed} to ${size} bytes (${Math.round(size / Math.max(packed, 1))} times; at most ${MAX_RATIO} is read).`,
  );
}

/** The packed bytes of an entry. */
function packedBytes(bytes: Uint8Array, { name, local, packed }: DirectoryRecord): Uint8Array {
  const cursor = createCursor(bytes, 'the zip', local);
  if (cursor.u32() !== LOCAL_SIGNATURE) {
    throw damaged(`The zip's directory says that '${name}' begins at byte ${local}; it does not.`);
  }
  cursor.take(22);
  const [nameLength, extraLength] = [cursor.u16(), cursor.u16()];
  cursor.take(nameLength + extraLength);
  return cursor.take(packed);
}

function peek(bytes: Uint8Array, record: DirectoryRecord): Uint8Array {
  if (record.flags & 1) return new Uint8Array(0);
  let first = new Uint8Array(0);
  try {
    const content = packedBytes(bytes, record).subarray(0, INFLATE_STEP);
    if (record.method !== 8) return content;
    const stream = new Inflate((chunk) => {
      if (first.length === 0) first = chunk.slice(0, INFLATE_STEP);
    });
    stream.push(content);
  } catch {
    // What is wrong with it is said by whoever reads it.
  }
  return first;
}

function unpack(bytes: Uint8Array, record: DirectoryRecord): Uint8Array {
  const { name, method, flags, packed, size } = record;
  if (flags & 1) {
    throw unsupported(
      `'${name}' in the zip is encrypted.`,
      'Unpack it with its password and open what is inside.',
    );
  }
  const content = packedBytes(bytes, record);
  if (method !== 0 && method !== 8) {
    throw unsupported(
      `'${name}' in the zip is packed by method ${method}; 0 (stored) and 8 (deflate) are read.`,
      'Pack the files again with an ordinary zip program.',
    );
  }
  if (method === 0 && packed !== size) throw sizeDiffers(name, packed, size);
  const data = method === 0 ? content : inflate(content, name, size);
  // torch can be told to leave the checksum out.
  if (record.crc !== 0 && crc32(data) !== record.crc) {
    throw damaged(`'${name}' in the zip is damaged: its checksum differs from the directory's.`);
  }
  return data;
}

/** In small steps, so that a stream which is longer than promised is stopped soon. */
function inflate(content: Uint8Array, name: string, size: number): Uint8Array {
  const data = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (length + chunk.length > size) throw sizeDiffers(name, length + chunk.length, size);
    data.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at < content.length; at += INFLATE_STEP) {
      const end = Math.min(at + INFLATE_STEP, content.length);
      stream.push(content.subarray(at, end), end === content.length);
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw damaged(`'${name}' in the zip cannot be unpacked: ${detail}.`, cause);
  }
  if (length !== size) throw sizeDiffers(name, length, size);
  return data;
}

function sizeDiffers(name: string, found: number, promised: number): Error {
  const more = found > promised ? 'or more ' : '';
  return damaged(
    `'${name}' in the zip has ${found} ${more}bytes, but the directory promises ${promised}.`,
  );
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The checksum of zip and PNG. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
