import { describe, expect, it } from 'vitest';
import { colorize, diverging, linearToSrgb, srgbToLinear, viridis } from './color';
import {
  differencePicture,
  floatsToRgba,
  meanPicture,
  rgbaToFloats,
  tileSheet,
  variancePicture,
} from './pixels';

const picture = (channels: number, ...values: number[]) => ({
  count: 1,
  height: 1,
  width: values.length / channels,
  channels,
  data: Float32Array.from(values),
});
const list = (data: ArrayLike<number>) => Array.from(data);

describe('floats and bytes', () => {
  it('maps the range to 0 … 255, clamped and rounded', () => {
    const rgba = floatsToRgba(picture(3, -1, 0, 1, -9, 9, NaN), [-1, 1]);
    expect(list(rgba)).toEqual([0, 128, 255, 255, 0, 255, 0, 255]);
  });

  it('spreads grey to three colors and keeps alpha', () => {
    expect(list(floatsToRgba(picture(1, 0, 1), [0, 1]))).toEqual([
      0, 0, 0, 255, 255, 255, 255, 255,
    ]);
    expect(list(floatsToRgba(picture(4, 1, 0, 1, 0), [0, 1]))).toEqual([255, 0, 255, 0]);
  });

  it.each([1, 3, 4])('gives %d-channel bytes back', (channels) => {
    const values = Float32Array.from({ length: 12 }, (_, i) => -1 + (2 * (i * 20)) / 255);
    const rgba = floatsToRgba({ ...picture(channels), data: values }, [-1, 1]);
    const back = rgbaToFloats(rgba, channels, [-1, 1]);
    back.forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
  });
});

describe('pictures of batches', () => {
  const two = { count: 2, height: 1, width: 2, channels: 1, data: Float32Array.of(1, 2, 3, 6) };

  it('averages, varies and differs', () => {
    expect(list(meanPicture(two))).toEqual([2, 4]);
    expect(list(variancePicture(two))).toEqual([1, 4]);
    const other = { ...two, data: Float32Array.of(1, 3, 1, 6) };
    expect(list(differencePicture(two, other))).toEqual([0, 1, 2, 0]);
    expect(list(differencePicture(picture(2, 1, 2), picture(2, 4, 3)))).toEqual([2]);
  });

  it('tiles pictures with gaps', () => {
    const rgba = Uint8ClampedArray.from({ length: 12 }, (_, i) => 1 + Math.floor(i / 4));
    const sheet = tileSheet({ count: 3, height: 1, width: 1, rgba }, 2, 1);
    expect([sheet.width, sheet.height]).toEqual([3, 3]);
    expect(list(sheet.rgba).filter((_, i) => i % 4 === 0)).toEqual([1, 0, 2, 0, 0, 0, 3, 0, 0]);
    expect(tileSheet({ count: 3, height: 1, width: 1, rgba }, 9).width).toBe(3);
    expect(tileSheet({ count: 0, height: 1, width: 1, rgba }, 9).width).toBe(0);
  });
});

describe('colors', () => {
  const near = (color: readonly number[], hex: string) => {
    const expected = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
    color.forEach((value, c) => expect(Math.abs(value - expected[c]!)).toBeLessThanOrEqual(4));
  };

  it('is viridis', () => {
    near(viridis(0), '440154');
    near(viridis(0.25), '3b528b');
    near(viridis(0.5), '21918c');
    near(viridis(0.75), '5ec962');
    near(viridis(1), 'fde725');
    expect(viridis(-3)).toEqual(viridis(0));
    expect(viridis(NaN)).toEqual(viridis(0));
    expect(viridis(3)).toEqual(viridis(1));
  });

  it('diverges from near white to blue and red', () => {
    expect(diverging(0.5)).toEqual([247, 247, 247]);
    expect(diverging(0)).toEqual([5, 48, 97]);
    expect(diverging(1)).toEqual([103, 0, 31]);
    expect(diverging(0.45)).toEqual([228, 238, 244]);
  });

  it('colors values between two ends', () => {
    const rgba = colorize(Float32Array.of(-2, 0, 2), diverging, -2, 2);
    expect(list(rgba)).toEqual([5, 48, 97, 255, 247, 247, 247, 255, 103, 0, 31, 255]);
    expect(colorize(Float32Array.of(1), viridis, 1, 1).length).toBe(4);
  });

  it('goes from sRGB to light and back', () => {
    expect(srgbToLinear(0.5)).toBeCloseTo(0.21404, 4);
    for (let byte = 0; byte < 256; byte++) {
      expect(linearToSrgb(srgbToLinear(byte / 255))).toBeCloseTo(byte / 255, 6);
    }
  });
});
