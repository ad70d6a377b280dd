/**
 * A small GIF89a reader for tests, written from the specification and apart from the encoder, so that an
 * error in one does not hide in the other. Global palette, no interlacing.
 */

export interface DecodedGif {
  width: number;
  height: number;
  /** 0 for ever; null where the file says nothing. */
  loops: number | null;
  frames: { delayCs: number; rgb: Uint8Array }[];
}

/** Joins the length-prefixed sub-blocks from `at`; returns them with the place behind the terminator. */
function subBlocks(bytes: Uint8Array, at: number): { data: number[]; next: number } {
  const data: number[] = [];
  for (;;) {
    const length = bytes[at++] ?? 0;
    if (length === 0) return { data, next: at };
    for (let i = 0; i < length; i++) data.push(bytes[at++] ?? 0);
  }
}

/** Variable-width LZW codes, least significant bit first. */
function lzw(data: readonly number[], minCodeSize: number, pixels: number): Uint8Array {
  const clear = 1 << minCodeSize;
  const out = new Uint8Array(pixels);
  let table: number[][] = [];
  let [size, bits, bitCount, at, written] = [minCodeSize + 1, 0, 0, 0, 0];
  let previous: number[] | null = null;
  const reset = () => {
    table = Array.from({ length: clear + 2 }, (_, code) => (code < clear ? [code] : []));
    size = minCodeSize + 1;
    previous = null;
  };
  reset();
  for (;;) {
    while (bitCount < size) {
      if (at >= data.length) throw new Error('the picture ends before its end code');
      bits |= (data[at++] ?? 0) << bitCount;
      bitCount += 8;
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    bitCount -= size;
    if (code === clear) {
      reset();
      continue;
    }
    if (code === clear + 1) break;
    const last: number[] = previous ?? [];
    const entry: number[] = table[code] ?? [...last, last[0] ?? 0];
    for (const index of entry) out[written++] = index;
    if (previous && table.length < 4096) table.push([...last, entry[0] ?? 0]);
    if (table.length === 1 << size && size < 12) size++;
    previous = entry;
  }
  if (written !== pixels) throw new Error(`${written} pixels came, ${pixels} were expected`);
  return out;
}

export function decodeGif(bytes: Uint8Array): DecodedGif {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = String.fromCharCode(...bytes.subarray(0, 6));
  if (signature !== 'GIF89a') throw new Error(`no GIF89a: ${signature}`);
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  const colors = 1 << (((bytes[10] ?? 0) & 7) + 1);
  const palette = bytes.subarray(13, 13 + colors * 3);
  const gif: DecodedGif = { width, height, loops: null, frames: [] };
  let at = 13 + colors * 3;
  let delayCs = 0;
  for (;;) {
    const marker = bytes[at++];
    if (marker === 0x3b) return gif;
    if (marker === 0x21) {
      const label = bytes[at++];
      if (label === 0xf9) delayCs = view.getUint16(at + 2, true);
      const { data, next } = subBlocks(bytes, at);
      if (label === 0xff) gif.loops = (data[12] ?? 0) | ((data[13] ?? 0) << 8);
      at = next;
    } else if (marker === 0x2c) {
      if (((bytes[at + 8] ?? 0) & 0x80) !== 0) throw new Error('a frame has its own palette');
      const minCodeSize = bytes[at + 9] ?? 0;
      const { data, next } = subBlocks(bytes, at + 10);
      const indices = lzw(data, minCodeSize, width * height);
      const rgb = new Uint8Array(width * height * 3);
      indices.forEach((index, i) => rgb.set(palette.subarray(index * 3, index * 3 + 3), i * 3));
      gif.frames.push({ delayCs, rgb });
      at = next;
    } else throw new Error(`unknown block ${String(marker)} at ${String(at - 1)}`);
  }
}
