import type { ZipEntry } from '../lib/bytes/zip';
import type { DataFile } from './api';

/** A file as it lies on disk, in a zip or in a tar: looked at by its first bytes, read when its turn comes. */
export interface DataEntry {
  /** With folders, and with the archive that it lies in. */
  name: string;
  size: number;
  /** The first bytes: at least 512 where there are so many. */
  head(): Promise<Uint8Array>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

const HEAD_BYTES = 4096;

export function entryOfFile({ name, file }: DataFile): DataEntry {
  const read = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
  return {
    name,
    size: file.size,
    head: () => read(file.slice(0, HEAD_BYTES)),
    bytes: () => read(file),
  };
}

/** `name` may differ from the one in the zip. */
export function entryOfZip(entry: ZipEntry, name: string): DataEntry {
  return {
    name,
    size: entry.size,
    head: () => Promise.resolve(entry.head()),
    // eslint-disable-next-line @typescript-eslint/require-await -- what `read` throws is to reject
    bytes: async () => entry.read() as Uint8Array<ArrayBuffer>,
  };
}

export function entryOfBytes(name: string, bytes: Uint8Array): DataEntry {
  return {
    name,
    size: bytes.length,
    head: () => Promise.resolve(bytes.subarray(0, HEAD_BYTES)),
    bytes: () => Promise.resolve(bytes as Uint8Array<ArrayBuffer>),
  };
}

/** The name without its folders. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** What systems and archivers leave beside pictures: left out without a word. */
export function isLitter(name: string): boolean {
  const base = baseName(name);
  return (
    base.startsWith('.') ||
    /(^|\/)__MACOSX\//.test(name) ||
    /^(thumbs\.db|desktop\.ini)$/i.test(base) ||
    /(^|\/)\.[^/]+\//.test(name)
  );
}
