import type { ImageShape } from './linear';

// Layers without weights that move or blend pixels. Activations are NHWC.

/** Repeats every pixel factor[0] times down and factor[1] times across. */
export function upsampleNearest(
  input: Float32Array,
  count: number,
  from: ImageShape,
  factor: readonly [number, number],
): Float32Array {
  return resample(input, count, from, factor, nearestPoints);
}

/**
 * Bilinear by a whole factor with pixel centres at halves, as torch's align_corners = false: output
 * pixel i lies at (i + ½) / factor − ½ of the input, and beyond the rim the rim's pixels go on.
 */
export function upsampleBilinear(
  input: Float32Array,
  count: number,
  from: ImageShape,
  factor: readonly [number, number],
): Float32Array {
  return resample(input, count, from, factor, blendPoints);
}

/** For an output row (or column): the two input rows it lies between and the share of the second. */
interface Point {
  low: number;
  high: number;
  share: number;
}

function resample(
  input: Float32Array,
  count: number,
  from: ImageShape,
  factor: readonly [number, number],
  points: (size: number, factor: number) => Point[],
): Float32Array {
  const { height, width, channels } = from;
  const rows = points(height, factor[0]);
  const columns = points(width, factor[1]);
  const output = new Float32Array(count * rows.length * columns.length * channels);
  const value = (n: number, y: number, x: number, c: number) =>
    input[((n * height + y) * width + x) * channels + c]!;
  let at = 0;
  for (let n = 0; n < count; n++) {
    for (const y of rows) {
      for (const x of columns) {
        for (let c = 0; c < channels; c++) {
          const top = mix(value(n, y.low, x.low, c), value(n, y.low, x.high, c), x.share);
          const bottom = mix(value(n, y.high, x.low, c), value(n, y.high, x.high, c), x.share);
          output[at++] = mix(top, bottom, y.share);
        }
      }
    }
  }
  return output;
}

function mix(a: number, b: number, share: number): number {
  return a * (1 - share) + b * share;
}

function nearestPoints(size: number, factor: number): Point[] {
  return Array.from({ length: size * factor }, (_, i) => {
    const low = Math.floor(i / factor);
    return { low, high: low, share: 0 };
  });
}

function blendPoints(size: number, factor: number): Point[] {
  return Array.from({ length: size * factor }, (_, i) => {
    const place = Math.max(0, (i + 0.5) / factor - 0.5);
    const low = Math.min(Math.floor(place), size - 1);
    return { low, high: Math.min(low + 1, size - 1), share: place - low };
  });
}

/** In which order a vector lists an image's numbers: channels first or channels last. */
export type MemoryOrder = 'nchw' | 'nhwc';

/** Reads vectors of height·width·channels numbers in the given order as NHWC images. */
export function reshapeToImages(
  input: Float32Array,
  count: number,
  to: ImageShape,
  order: MemoryOrder,
): Float32Array {
  if (order === 'nhwc') return input.slice();
  const { height, width, channels } = to;
  const output = new Float32Array(input.length);
  let at = 0;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          output[at++] = input[((n * channels + c) * height + y) * width + x]!;
        }
      }
    }
  }
  return output;
}

/** Lists NHWC images as vectors in the given order; the inverse of `reshapeToImages`. */
export function flattenImages(
  input: Float32Array,
  count: number,
  from: ImageShape,
  order: MemoryOrder,
): Float32Array {
  if (order === 'nhwc') return input.slice();
  const { height, width, channels } = from;
  const output = new Float32Array(input.length);
  let at = 0;
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          output[at++] = input[((n * height + y) * width + x) * channels + c]!;
        }
      }
    }
  }
  return output;
}
