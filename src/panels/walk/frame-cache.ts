/**
 * Drawn frames, bounded in bytes. A frame is kept under what it SHOWS (model, mask and latent), not under
 * its place on the path: reordering keyframes, going back to an earlier mode or drawing the film strip
 * finds what was drawn before.
 */
import type { RgbaPixels } from '../../export/frames';

export interface FrameCache {
  has: (key: string) => boolean;
  /** Also marks the frame as used now. */
  get: (key: string) => RgbaPixels | undefined;
  set: (key: string, rgba: RgbaPixels) => void;
  /** How many frames of this many bytes fit. */
  capacity: (frameBytes: number) => number;
  readonly bytes: number;
  clear: () => void;
}

/** Least recently used frames leave first. A frame larger than the whole budget is not kept. */
export function createFrameCache(maxBytes: number): FrameCache {
  // A Map keeps its keys in the order of insertion: the first one is the least recently used.
  const frames = new Map<string, RgbaPixels>();
  let bytes = 0;

  const drop = (key: string) => {
    bytes -= frames.get(key)?.byteLength ?? 0;
    frames.delete(key);
  };

  return {
    has: (key) => frames.has(key),
    get(key) {
      const rgba = frames.get(key);
      if (rgba) {
        frames.delete(key);
        frames.set(key, rgba);
      }
      return rgba;
    },
    set(key, rgba) {
      drop(key);
      if (rgba.byteLength > maxBytes) return;
      frames.set(key, rgba);
      bytes += rgba.byteLength;
      for (const oldest of frames.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    capacity: (frameBytes) => Math.floor(maxBytes / frameBytes),
    get bytes() {
      return bytes;
    },
    clear() {
      frames.clear();
      bytes = 0;
    },
  };
}

/**
 * 64 bits of a latent as a short text: two multiplicative hashes over the bits of its floats. With 10,000
 * frames at hand, two of them share a key once in 10¹¹ walks.
 */
export function latentKey(z: Float32Array): string {
  const bits = new Uint32Array(z.buffer, z.byteOffset, z.length);
  let a = 0x811c9dc5;
  let b = 0x9e3779b9 ^ z.length;
  for (const word of bits) {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36).padStart(7, '0');
}
