/**
 * PNG files (RFC 2083 / W3C PNG) by hand, because a canvas can neither add a text chunk nor promise the
 * same bytes on two machines. Deflate is the platform's own CompressionStream, off the main thread.
 */
import { AppError } from '../lib/errors';
import { nextTask, type RgbaPixels } from './frames';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Keyword of the text chunk that holds the recipe of a picture. */
const RECIPE_KEYWORD = 'Latentarium';

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function header(width: number, height: number, channels: 3 | 4): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data[8] = 8; // bits a channel
  data[9] = channels === 3 ? 2 : 6; // true color, without or with alpha
  return data;
}

/** iTXt, uncompressed: keyword, two zero flags, empty language and translated keyword, UTF-8 text. */
function textChunk(text: string): Uint8Array<ArrayBuffer> {
  return chunk('iTXt', new TextEncoder().encode(`${RECIPE_KEYWORD}\0\0\0\0\0${text}`));
}

function isOpaque(rgba: RgbaPixels): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

/**
 * One scanline with its filter byte: 'up' where the row repeats the one above (nearest upscaling makes
 * most rows so), else 'sub', which suits smooth pictures.
 */
function filterRow(row: Uint8Array, above: Uint8Array, channels: number, target: Uint8Array): void {
  let same = true;
  for (let i = 0; i < row.length && same; i++) same = row[i] === above[i];
  target[0] = same ? 2 : 1;
  if (same) {
    target.fill(0, 1);
    return;
  }
  for (let i = 0; i < row.length; i++) {
    target[i + 1] = (row[i] ?? 0) - (i < channels ? 0 : (row[i - channels] ?? 0));
  }
}

/** Scanlines in slices of about 1 MB, so that a large sheet neither blocks the page nor fills its memory. */
async function* scanlines(
  rgba: RgbaPixels,
  width: number,
  height: number,
  channels: 3 | 4,
  options: PngEncodeOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const stride = width * channels + 1;
  const rowsAtOnce = Math.max(1, Math.floor(1_000_000 / stride));
  let above = new Uint8Array(width * channels);
  let row = new Uint8Array(width * channels);
  for (let top = 0; top < height; top += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - top);
    const block = new Uint8Array(rows * stride);
    for (let y = 0; y < rows; y++) {
      let at = (top + y) * width * 4;
      for (let x = 0; x < row.length; x += channels, at += 4) {
        for (let c = 0; c < channels; c++) row[x + c] = rgba[at + c] ?? 0;
      }
      filterRow(row, above, channels, block.subarray(y * stride, (y + 1) * stride));
      [row, above] = [above, row];
    }
    yield block;
    options.onProgress?.((top + rows) / height);
    await nextTask();
    options.signal?.throwIfAborted();
  }
}

export interface PngEncodeOptions {
  /** Goes into a text chunk, so that the picture can be traced back and opened again. */
  recipe?: string | undefined;
  signal?: AbortSignal | undefined;
  /** 0 to 1. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** A PNG file of height × width × 4 bytes; the alpha channel is left out where every pixel is opaque. */
export async function encodePng(
  rgba: RgbaPixels,
  width: number,
  height: number,
  options: PngEncodeOptions = {},
): Promise<Blob> {
  if (rgba.length !== width * height * 4 || rgba.length === 0) {
    throw new AppError({
      code: 'export-size',
      message: `A picture of ${width} × ${height} needs ${width * height * 4} bytes, ${rgba.length} came.`,
      hint: 'This is a fault of the page. Try a smaller export, and report it.',
    });
  }
  options.signal?.throwIfAborted();
  const channels = isOpaque(rgba) ? 3 : 4;
  const zlib = new CompressionStream('deflate');
  const compressed = new Response(zlib.readable).arrayBuffer();
  // An aborted export leaves the stream unread; its rejection has been reported by the writer already.
  compressed.catch(() => undefined);
  const writer = zlib.writable.getWriter();
  try {
    for await (const block of scanlines(rgba, width, height, channels, options)) {
      await writer.write(block);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
  const parts = [SIGNATURE, chunk('IHDR', header(width, height, channels))];
  if (options.recipe !== undefined) parts.push(textChunk(options.recipe));
  parts.push(chunk('IDAT', new Uint8Array(await compressed)), chunk('IEND', new Uint8Array(0)));
  return new Blob(parts, { type: 'image/png' });
}

/** The recipe that `encodePng` put into a file, or null where there is none (or it is no PNG). */
export async function readPngRecipe(file: Blob): Promise<string | null> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!SIGNATURE.every((byte, index) => bytes[index] === byte)) return null;
  const view = new DataView(bytes.buffer);
  const decoder = new TextDecoder();
  const prefix = `${RECIPE_KEYWORD}\0\0\0\0\0`;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = decoder.decode(bytes.subarray(at + 4, at + 8));
    if (type === 'iTXt' && at + 8 + length <= bytes.length) {
      const text = decoder.decode(bytes.subarray(at + 8, at + 8 + length));
      if (text.startsWith(prefix)) return text.slice(prefix.length);
    }
    at += 12 + length;
  }
  return null;
}
