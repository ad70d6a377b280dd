/**
 * What every film export takes: frames that are drawn when they are asked for, so that a long walk never
 * lies in memory as a whole, and the few helpers that all exports share.
 */
import { AppError } from '../lib/errors';

/** Pixels of one picture: RGBA bytes, row by row, height × width × 4. */
export type RgbaPixels = Uint8ClampedArray<ArrayBuffer>;

export interface Film {
  count: number;
  /** Of one frame, before scaling. */
  width: number;
  height: number;
  /** The picture at `index`, from 0 to count − 1. May draw it first. */
  frame: (index: number, signal?: AbortSignal) => Promise<RgbaPixels> | RgbaPixels;
}

/** Each pixel becomes a block of scale × scale equal pixels: nothing is invented between them. */
export function upscaleNearest(
  rgba: RgbaPixels,
  width: number,
  height: number,
  scale: number,
): RgbaPixels {
  if (scale === 1) return rgba;
  const source = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const wide = width * scale;
  const target = new Uint32Array(wide * height * scale);
  for (let y = 0; y < height; y++) {
    const start = y * scale * wide;
    for (let x = 0; x < width; x++) {
      target.fill(source[y * width + x] ?? 0, start + x * scale, start + (x + 1) * scale);
    }
    for (let copy = 1; copy < scale; copy++) {
      target.copyWithin(start + copy * wide, start, start + wide);
    }
  }
  return new Uint8ClampedArray(target.buffer);
}

/** Smallest whole factor that makes the shorter side at least `least` pixels. */
export function scaleFor(width: number, height: number, least: number): number {
  return Math.max(1, Math.ceil(least / Math.min(width, height)));
}

/** Throws AppError 'export-empty' for a film without frames. */
export function requireFrames(film: Film): void {
  if (film.count >= 1 && film.width >= 1 && film.height >= 1) return;
  throw new AppError({
    code: 'export-empty',
    message: `There is nothing to export: the film has ${film.count} frames of ${film.width} × ${film.height} pixels.`,
    hint: 'A walk needs a keyframe, a training a snapshot; then export again.',
  });
}

/** Lets the page paint and answer between two slices of work. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
