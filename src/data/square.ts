import type { Picture } from './picture';
import { createResampler } from './resample';

export interface SquareOptions {
  /** Height and width of the result. */
  size: number;
  channels: 1 | 3;
  /** The central square, or all of the picture on its background. */
  framing: 'crop' | 'fit';
}

/** Pixels that are read at once: 4 MB as RGBA. */
const STRIP_PIXELS = 1 << 20;

/**
 * A picture as size × size × channels bytes, rounded. Smaller ones are enlarged. Grey is Rec. 709's luma of the
 * bytes (as core/pixels.ts has it); grey pictures are written to all three channels where colour is wanted.
 */
export function squarePicture(picture: Picture, options: SquareOptions): Uint8ClampedArray {
  const { size, channels, framing } = options;
  const cut = framing === 'crop' ? centralSquare(picture) : { x: 0, y: 0, ...picture };
  const longer = Math.max(cut.width, cut.height);
  const inner = {
    width: Math.max(1, Math.round((size * cut.width) / longer)),
    height: Math.max(1, Math.round((size * cut.height) / longer)),
  };
  const resampler = createResampler({ ...cut, channels: picture.channels }, inner);
  const strip = Math.max(1, Math.floor(STRIP_PIXELS / cut.width));
  for (let y = 0; y < cut.height; y += strip) {
    const rows = Math.min(strip, cut.height - y);
    resampler.add(picture.read(cut.x, cut.y + y, cut.width, rows));
  }
  const pixels = inChannels(resampler.result(), picture.channels === 1 ? 1 : 3, channels);
  if (inner.width === size && inner.height === size) return new Uint8ClampedArray(pixels);
  return onBackground(pixels, inner, options, picture.background);
}

function centralSquare({ width, height }: Picture) {
  const side = Math.min(width, height);
  return {
    x: Math.floor((width - side) / 2),
    y: Math.floor((height - side) / 2),
    width: side,
    height: side,
  };
}

function inChannels(pixels: Float32Array, from: 1 | 3, to: 1 | 3): Float32Array {
  if (from === to) return pixels;
  const count = pixels.length / from;
  const out = new Float32Array(count * to);
  for (let i = 0; i < count; i++) {
    if (to === 3) out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = pixels[i]!;
    else out[i] = luma(pixels[3 * i]!, pixels[3 * i + 1]!, pixels[3 * i + 2]!);
  }
  return out;
}

/** Rec. 709. */
function luma(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function onBackground(
  pixels: Float32Array,
  inner: { width: number; height: number },
  { size, channels }: SquareOptions,
  background: number,
): Uint8ClampedArray {
  const out = new Uint8ClampedArray(size * size * channels).fill(background);
  const left = Math.floor((size - inner.width) / 2);
  const top = Math.floor((size - inner.height) / 2);
  const row = inner.width * channels;
  for (let y = 0; y < inner.height; y++) {
    const from = pixels.subarray(y * row, (y + 1) * row);
    out.set(from, ((top + y) * size + left) * channels);
  }
  return out;
}
