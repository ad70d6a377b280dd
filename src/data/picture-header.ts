// Of picture files only what must be known before the browser decodes them: how large they are, since a
// small file may unfold into gigabytes, and whether they are whole, since browsers draw halves.
import type { PictureKind } from './sniff';

/** Width and height in pixels, unturned; null where the header does not tell. */
export function pictureDimensions(
  bytes: Uint8Array,
  kind: PictureKind,
): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    switch (kind) {
      case 'png':
        return { width: view.getUint32(16), height: view.getUint32(20) };
      case 'gif':
        return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
      case 'bmp':
        return bmpDimensions(view);
      case 'jpeg':
        return jpegDimensions(view);
      case 'webp':
        return webpDimensions(view);
      case 'avif':
      case 'heic':
        return isoDimensions(view);
      case 'tiff':
      case 'jxl':
      case 'icon':
        return null;
    }
  } catch {
    // It ends within its header.
    return null;
  }
}

function bmpDimensions(view: DataView) {
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/** The frame header is one of the segments before the scan. */
function jpegDimensions(view: DataView) {
  let at = 2;
  for (;;) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff) return null;
    // Fill bytes.
    if (marker === 0xffff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf;
    if (isFrame && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    if (marker === 0xffda) return null;
    at += 2 + view.getUint16(at + 2);
  }
}

function webpDimensions(view: DataView) {
  const chunk = view.getUint32(12);
  // 'VP8X', 'VP8L', 'VP8 '
  if (chunk === 0x56503858) return { width: u24(view, 24) + 1, height: u24(view, 27) + 1 };
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function u24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** The largest 'ispe' property: a HEIC photo lists its tiles and its whole. */
function isoDimensions(view: DataView) {
  let largest: { width: number; height: number } | null = null;
  const end = Math.min(view.byteLength - 16, 1 << 16);
  for (let at = 0; at < end; at += 1) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (!largest || width * height > largest.width * largest.height) largest = { width, height };
  }
  return largest;
}

/** Whether a file breaks off. Kinds whose end is not marked count as whole. */
export function isCutShort(bytes: Uint8Array, kind: PictureKind): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (kind) {
    case 'png':
      return !pngHasEnd(view);
    case 'jpeg':
      return !hasPair(bytes, 0xff, 0xd9);
    case 'webp':
      return view.byteLength < 12 || view.getUint32(4, true) + 8 > view.byteLength;
    case 'bmp': // many programs write a wrong length
    case 'gif':
    case 'avif':
    case 'heic':
    case 'tiff':
    case 'jxl':
    case 'icon':
      return false;
  }
}

/** Chunks follow each other up to the one that says so. */
function pngHasEnd(view: DataView): boolean {
  let at = 8;
  while (at + 12 <= view.byteLength) {
    // 'IEND'
    if (view.getUint32(at + 4) === 0x49454e44) return true;
    at += 12 + view.getUint32(at);
  }
  return false;
}

/** From the end on: cameras write more after the picture. A thumbnail in the EXIF has an end, too. */
function hasPair(bytes: Uint8Array, first: number, second: number): boolean {
  const scan = scanStart(bytes);
  for (let at = bytes.length - 2; at >= scan; at -= 1) {
    if (bytes[at] === first && bytes[at + 1] === second) return true;
  }
  return false;
}

/** Where the coded pixels of a JPEG begin: after its segments. */
function scanStart(bytes: Uint8Array): number {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const fill = bytes[at + 1] === 0xff;
    at += fill ? 1 : 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return at;
}
