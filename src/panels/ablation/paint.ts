/** Pixels that the panel computes itself: differences, and maps laid over pictures. */
import { colorize, viridis, type ColorMap } from '../../core/color';

export type Rgba = Uint8ClampedArray<ArrayBuffer>;

/** Change that is drawn in full brightness, in levels of 0 to 255. */
export const DIFFERENCE_RANGE = 96;

/** Mean absolute difference over the colors of each pixel: black for none, white at DIFFERENCE_RANGE. */
export function differenceRgba(a: Rgba, b: Rgba): Rgba {
  const values = new Float32Array(a.length / 4);
  for (let pixel = 0; pixel < values.length; pixel++) {
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += Math.abs(a[pixel * 4 + c]! - b[pixel * 4 + c]!);
    values[pixel] = sum / 3;
  }
  return colorize(values, grey, 0, DIFFERENCE_RANGE);
}

const grey: ColorMap = (value) => {
  const level = Math.round(255 * Math.min(1, Math.max(0, value)));
  return [level, level, level];
};

/** Mean absolute difference over pixels and colors, in levels of 0 to 255. */
export function meanChange(a: Rgba, b: Rgba): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (i % 4 !== 3) sum += Math.abs(a[i]! - b[i]!);
  return sum / ((a.length / 4) * 3);
}

interface Plane {
  data: Float32Array;
  width: number;
  height: number;
}

/** A picture, darkened, with a map over it: the brighter the map, the more it covers. */
export function overlayRgba(
  picture: Rgba,
  size: { width: number; height: number },
  map: Plane,
  high: number,
): Rgba {
  const out = new Uint8ClampedArray(picture.length);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const cx = Math.floor(((x + 0.5) * map.width) / size.width);
      const cy = Math.floor(((y + 0.5) * map.height) / size.height);
      const value = Math.max(0, Math.min(1, map.data[cy * map.width + cx]! / (high || 1)));
      const color = viridis(value);
      const cover = 0.8 * value;
      const at = (y * size.width + x) * 4;
      for (let c = 0; c < 3; c++) {
        out[at + c] = 0.6 * picture[at + c]! * (1 - cover) + color[c]! * cover;
      }
      out[at + 3] = 255;
    }
  }
  return out;
}
