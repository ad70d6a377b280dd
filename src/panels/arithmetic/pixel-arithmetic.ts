/** The same arithmetic with pixels in place of latents: what the paper sets beside it. */
import type { RgbaPixels } from '../../export/frames';
import { baseIndex, type Sign } from './equation';

export interface PixelGroup {
  sign: Sign;
  /** RGBA bytes of equal size. */
  pictures: readonly RgbaPixels[];
}

/**
 * base + fade · difference on the bytes of averaged pictures, cut off at black and white; opaque. Bytes
 * stand for [−1, 1], as the network's own pixels do, so grey is nothing and black is taken away. Null
 * where no group has a picture.
 */
export function combinePixels(groups: readonly PixelGroup[], fade: number): RgbaPixels | null {
  const filled = groups.filter(({ pictures }) => pictures.length > 0);
  const length = filled[0]?.pictures[0]?.length;
  if (length === undefined) return null;
  const base = baseIndex(filled);
  const sum = new Float32Array(length);
  filled.forEach(({ sign, pictures }, at) => {
    const weight = (sign * (at === base ? 1 : fade)) / pictures.length;
    for (const picture of pictures) {
      for (let i = 0; i < length; i++) sum[i]! += weight * ((picture[i] ?? 0) - MIDDLE);
    }
  });
  const bytes = new Uint8ClampedArray(length);
  for (let i = 0; i < length; i++) bytes[i] = i % 4 === 3 ? 255 : (sum[i] ?? 0) + MIDDLE;
  return bytes;
}

/** Zero in the network's range. */
const MIDDLE = 127.5;
