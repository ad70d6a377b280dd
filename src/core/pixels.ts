/** A batch of pictures as floats: count × height × width × channels numbers, NHWC. */
export interface FloatPictures {
  count: number;
  height: number;
  width: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  channels: number;
  data: Float32Array;
}

/** The values that stand for black and white, e.g. [−1, 1]. */
export type Range = readonly [low: number, high: number];

/** Floats as RGBA bytes, count × height × width × 4: grey goes to all three colors, alpha is 255 unless given. */
export function floatsToRgba(
  { data, channels }: FloatPictures,
  [low, high]: Range,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = data.length / channels;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  const factor = 255 / (high - low);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < Math.max(3, channels); c++) {
      const value = data[i * channels + (channels === 1 ? 0 : c)]!;
      rgba[i * 4 + c] = (value - low) * factor;
    }
  }
  return rgba;
}

/** RGBA bytes as floats in a range with 1, 3 or 4 channels; grey is Rec. 709's luma of the bytes. */
export function rgbaToFloats(
  rgba: Uint8ClampedArray | Uint8Array,
  channels: number,
  [low, high]: Range,
): Float32Array {
  const pixels = rgba.length / 4;
  const data = new Float32Array(pixels * channels);
  const factor = (high - low) / 255;
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < channels; c++) {
      data[i * channels + c] = low + factor * (channels === 1 ? luma(rgba, i) : rgba[i * 4 + c]!);
    }
  }
  return data;
}

function luma(rgba: Uint8ClampedArray | Uint8Array, pixel: number): number {
  const [red, green, blue] = rgba.subarray(pixel * 4, pixel * 4 + 3);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** The mean picture of a batch: height × width × channels numbers. */
export function meanPicture({ count, data }: FloatPictures): Float32Array {
  const size = data.length / count;
  const sum = new Float64Array(size);
  for (let i = 0; i < data.length; i++) sum[i % size]! += data[i]!;
  return Float32Array.from(sum, (x) => x / count);
}

/** Variance over the batch of every number of the picture (divided by count). */
export function variancePicture(pictures: FloatPictures): Float32Array {
  const { count, data } = pictures;
  const size = data.length / count;
  const mean = meanPicture(pictures);
  const sum = new Float64Array(size);
  for (let i = 0; i < data.length; i++) sum[i % size]! += (data[i]! - mean[i % size]!) ** 2;
  return Float32Array.from(sum, (x) => x / count);
}

/** |a − b| for every pixel, averaged over its channels: count × height × width numbers. */
export function differencePicture(a: FloatPictures, b: FloatPictures): Float32Array {
  const pixels = a.data.length / a.channels;
  return Float32Array.from({ length: pixels }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < a.channels; c++) {
      sum += Math.abs(a.data[i * a.channels + c]! - b.data[i * a.channels + c]!);
    }
    return sum / a.channels;
  });
}

/** A picture of pictures. */
export interface Sheet {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Lays RGBA pictures of one size out in rows of `columns`, `gap` transparent pixels apart (none around).
 * `rgba` holds count × height × width × 4 bytes.
 */
export function tileSheet(
  pictures: { count: number; height: number; width: number; rgba: Uint8ClampedArray },
  columns: number,
  gap = 0,
): Sheet {
  const { count, height, width, rgba } = pictures;
  if (count === 0) return { width: 0, height: 0, rgba: new Uint8ClampedArray(0) };
  const across = Math.min(columns, count);
  const sheetWidth = across * (width + gap) - gap;
  const sheetHeight = Math.ceil(count / across) * (height + gap) - gap;
  const sheet = new Uint8ClampedArray(sheetWidth * sheetHeight * 4);
  for (let n = 0; n < count; n++) {
    const left = (n % across) * (width + gap);
    const top = Math.floor(n / across) * (height + gap);
    for (let y = 0; y < height; y++) {
      const from = (n * height + y) * width * 4;
      sheet.set(rgba.subarray(from, from + width * 4), ((top + y) * sheetWidth + left) * 4);
    }
  }
  return { width: sheetWidth, height: sheetHeight, rgba: sheet };
}
