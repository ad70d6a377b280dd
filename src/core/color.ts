/** Red, green, blue as bytes. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A color for a value in [0, 1]; values outside take the end's. */
export type ColorMap = (value: number) => Rgb;

function clampUnit(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}

/** Rows: powers 0 to 6 of the value; columns: red, green, blue. */
const VIRIDIS = [
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
] as const;

/**
 * Dark blue to yellow with even steps for the eye, also for the color-blind: viridis by S. van der Walt and
 * N. Smith (CC0), as the polynomial that M. Zucker fitted to it (CC0, shadertoy.com/view/WlfXRN).
 */
export function viridis(value: number): Rgb {
  const t = clampUnit(value);
  const channel = (c: 0 | 1 | 2) => {
    const sum = VIRIDIS.reduceRight((total, row) => total * t + row[c], 0);
    return Math.round(255 * clampUnit(sum));
  };
  return [channel(0), channel(1), channel(2)];
}

/** ColorBrewer's RdBu of 11 classes (C. Brewer, Apache License 2.0), from blue to red. */
const BLUE_TO_RED = [
  '053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f',
].flatMap((text) => text.split(' ').map((hex) => parseInt(hex, 16)));

/** Blue below 0.5, near white at it, red above: for signed values, with zero at 0.5. */
export function diverging(value: number): Rgb {
  const place = clampUnit(value) * (BLUE_TO_RED.length - 1);
  const index = Math.min(Math.floor(place), BLUE_TO_RED.length - 2);
  const [from, to] = [BLUE_TO_RED[index]!, BLUE_TO_RED[index + 1]!];
  const channel = (shift: number) => {
    const [a, b] = [(from >> shift) & 255, (to >> shift) & 255];
    return Math.round(a + (place - index) * (b - a));
  };
  return [channel(16), channel(8), channel(0)];
}

/** Values as RGBA pixels (alpha 255): `low` takes the map's 0, `high` its 1; NaN the color of 0. */
export function colorize(
  values: Float32Array,
  map: ColorMap,
  low: number,
  high: number,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(values.length * 4);
  const span = high > low ? high - low : 1;
  for (let i = 0; i < values.length; i++) {
    rgba.set(map((values[i]! - low) / span), i * 4);
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

/** sRGB in [0, 1] as linear light in [0, 1] (IEC 61966-2-1). */
export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Linear light in [0, 1] as sRGB in [0, 1]. */
export function linearToSrgb(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}
