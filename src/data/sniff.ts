import { startsWith } from '../lib/bytes/cursor';

/** What a file is, by its first bytes. */
export type EntryKind = 'zip' | 'gzip' | 'tar' | 'idx' | 'picture' | 'other';

/** Kinds of picture files: those that every browser decodes, then those that some do. */
export type PictureKind =
  'png' | 'jpeg' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic' | 'tiff' | 'jxl' | 'icon';

interface Signature {
  kind: PictureKind;
  test: (head: Uint8Array) => boolean;
}

const begins =
  (...texts: string[]) =>
  (head: Uint8Array): boolean =>
    texts.some((text) => startsWith(head, text));

/** ISO media files (HEIC, AVIF, MP4, MOV) name their brands after 'ftyp'. */
const brand =
  (pattern: RegExp) =>
  (head: Uint8Array): boolean =>
    startsWith(head, 'ftyp', 4) && pattern.test(latin1(head.subarray(8, 12)));

const PICTURES: readonly Signature[] = [
  { kind: 'png', test: begins('\x89PNG\r\n\x1a\n') },
  { kind: 'jpeg', test: begins('\xff\xd8\xff') },
  { kind: 'gif', test: begins('GIF87a', 'GIF89a') },
  { kind: 'webp', test: (head) => startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8) },
  // The header that follows has one of these lengths; 'BM' alone begins many a text.
  {
    kind: 'bmp',
    test: (head) =>
      startsWith(head, 'BM') && [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0),
  },
  { kind: 'avif', test: brand(/^avi[fs]$/) },
  { kind: 'heic', test: brand(/^(hei[cxms]|hev[cxms]|mif1|msf1)$/) },
  { kind: 'tiff', test: begins('II*\0', 'MM\0*') },
  { kind: 'jxl', test: begins('\xff\x0a', '\0\0\0\x0cJXL ') },
  { kind: 'icon', test: begins('\0\0\x01\0') },
];

export function pictureKind(head: Uint8Array): PictureKind | null {
  return PICTURES.find(({ test }) => test(head))?.kind ?? null;
}

/** By content alone: names lie. CIFAR has no signature; see cifar.ts. */
export function entryKind(head: Uint8Array): EntryKind {
  if (begins('PK\x03\x04', 'PK\x05\x06')(head)) return 'zip';
  if (startsWith(head, '\x1f\x8b')) return 'gzip';
  if (startsWith(head, 'ustar', 257)) return 'tar';
  if (pictureKind(head)) return 'picture';
  if (isIdx(head)) return 'idx';
  return 'other';
}

const IDX_TYPES = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];

/** Two zeros, a type and up to eight axes. */
function isIdx([first, second, type = 0, axes = 0]: Uint8Array): boolean {
  return first === 0 && second === 0 && IDX_TYPES.includes(type) && axes > 0 && axes <= 8;
}

/** Why a kind of picture that the browser did not decode cannot be used. */
export function undecodable(kind: PictureKind): string {
  const save = 'save it as JPEG or PNG';
  switch (kind) {
    case 'heic':
      return 'a HEIC photo, which this browser cannot read: export it as JPEG';
    case 'avif':
      return `an AVIF picture that this browser cannot read: ${save}`;
    case 'tiff':
      return `a TIFF picture (or a camera's raw file), which this browser cannot read: ${save}`;
    case 'jxl':
      return `a JPEG XL picture, which this browser cannot read: ${save}`;
    case 'icon':
      return `an icon, which this browser cannot read: ${save}`;
    case 'png':
    case 'jpeg':
    case 'gif':
    case 'webp':
    case 'bmp':
      return `a damaged ${kind.toUpperCase()} picture: the browser cannot read it`;
  }
}

const OTHERS: readonly [reason: string, test: (head: Uint8Array) => boolean][] = [
  ['a PDF document, not a picture', begins('%PDF')],
  ['a drawing (SVG), not a photo: save it as PNG', (head) => /<svg[\s>]/i.test(latin1(head))],
  ['a web page, not a picture', (head) => /^\s*<(!doctype html|html|head)/i.test(latin1(head))],
  [
    'a Git LFS pointer: fetch the file itself with `git lfs pull`',
    begins('version https://git-lfs'),
  ],
  [
    'a film, not a picture: save some of its frames as pictures',
    (head) =>
      begins('\x1a\x45\xdf\xa3', 'FLV', '\0\0\x01\xba', '\0\0\x01\xb3')(head) ||
      startsWith(head, 'ftyp', 4) ||
      (startsWith(head, 'RIFF') && startsWith(head, 'AVI ', 8)),
  ],
  [
    'a sound file, not a picture',
    (head) =>
      begins('ID3', 'OggS', 'fLaC')(head) ||
      (startsWith(head, 'RIFF') && startsWith(head, 'WAVE', 8)),
  ],
  [
    'an archive of a kind that is not unpacked here: unpack it, or pack the pictures as a zip',
    begins('7z\xbc\xaf', 'Rar!', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'),
  ],
  ['a Photoshop file: save it as PNG', begins('8BPS')],
  [
    'a NumPy array, which is not read as pictures: save them as PNG, or as IDX',
    begins('\x93NUMPY'),
  ],
  [
    'a Python pickle, which is not read as pictures (of CIFAR, take the binary version)',
    (head) => head[0] === 0x80 && (head[1] ?? 99) <= 5,
  ],
  ['a MATLAB file, which is not read as pictures: save them as PNG', begins('MATLAB')],
  ['an HDF5 file, which is not read as pictures: save them as PNG', begins('\x89HDF')],
];

/** What a file is that is of no use here, in words. */
export function otherThing(head: Uint8Array): string {
  if (head.length === 0) return 'an empty file: its download or copy probably broke off';
  const known = OTHERS.find(([, test]) => test(head));
  if (known) return known[0];
  return isText(head)
    ? 'a text file, not a picture'
    : 'no picture, and nothing else that is read here';
}

/** No control characters but white space, and UTF-8 but for a character that the cut went through. */
function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 32 && ![9, 10, 12, 13, 27].includes(byte))) return false;
  const text = new TextDecoder().decode(head);
  return !text.slice(0, -2).includes('\ufffd');
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 512));
}
