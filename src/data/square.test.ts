import { describe, expect, it } from 'vitest';
import { pictureOf } from './picture';
import { resizeImages } from './resize-images';
import { squarePicture } from './square';

type Paint = (x: number, y: number) => number;

function grey(width: number, height: number, paint: Paint) {
  const data = Uint8Array.from({ length: width * height }, (_, at) =>
    paint(at % width, Math.floor(at / width)),
  );
  return pictureOf({ width, height, channels: 1, data });
}

const plain = { channels: 1, framing: 'crop' } as const;

describe('a picture made square', () => {
  it('is the same where nothing is to do', () => {
    const picture = grey(16, 16, (x, y) => (x * 16 + y) % 256);
    expect([...squarePicture(picture, { ...plain, size: 16 })]).toEqual([
      ...picture.read(0, 0, 16, 16),
    ]);
  });

  it('becomes smaller by the mean of areas, also at odd ratios', () => {
    // One-pixel stripes alias under any other filter; their mean is 127.5 everywhere.
    const stripes = grey(96, 96, (x) => (x % 2) * 255);
    for (const value of squarePicture(stripes, { ...plain, size: 16 })) {
      expect(Math.abs(value - 127.5)).toBeLessThanOrEqual(0.5);
    }
    const ramp = grey(45, 45, (x) => 5 * x);
    const small = squarePicture(ramp, { ...plain, size: 16 });
    // Mean of 5x over [i·45/16, (i+1)·45/16), pixel x being [x, x+1).
    for (let i = 0; i < 16; i++) {
      const [start, end] = [(i * 45) / 16, ((i + 1) * 45) / 16];
      let sum = 0;
      for (let x = 0; x < 45; x++) {
        sum += 5 * x * Math.max(0, Math.min(end, x + 1) - Math.max(start, x));
      }
      expect(small[i]).toBe(Math.round(sum / (end - start)));
    }
  });

  it('becomes larger by a cubic that keeps ramps and flats', () => {
    const ramp = squarePicture(
      grey(16, 16, (x) => 40 + 8 * x),
      { ...plain, size: 32 },
    );
    for (let x = 4; x < 28; x++) {
      expect(Math.abs(ramp[x]! - (40 + 8 * ((x + 0.5) / 2 - 0.5)))).toBeLessThanOrEqual(0.5);
    }
    const flat = squarePicture(
      grey(8, 8, () => 77),
      { ...plain, size: 64 },
    );
    expect(new Set(flat)).toEqual(new Set([77]));
  });

  it('is its central square, or all of it on its background', () => {
    const wide = grey(64, 32, (x) => (x < 16 || x >= 48 ? 200 : 100));
    expect(new Set(squarePicture(wide, { ...plain, size: 32 }))).toEqual(new Set([100]));
    const fitted = squarePicture(wide, { ...plain, framing: 'fit', size: 32 });
    expect(fitted[0]).toBe(255);
    expect(fitted[31 * 32]).toBe(255);
    expect([...fitted.subarray(8 * 32, 8 * 32 + 9)]).toEqual([
      ...new Array<number>(8).fill(200),
      100,
    ]);
    expect(fitted.filter((value) => value === 255).length).toBe(16 * 32);
  });

  it('turns grey by Rec. 709 and back into three channels alike', () => {
    const data = Uint8Array.of(255, 0, 0, 9, 0, 255, 0, 9, 0, 0, 255, 9, 255, 255, 255, 9);
    const rgba = pictureOf({ width: 2, height: 2, channels: 4, data });
    expect([...squarePicture(rgba, { ...plain, size: 2 })]).toEqual([54, 182, 18, 255]);
    const set = { count: 1, size: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4) } as const;
    expect([...resizeImages(set, 2, 3).data]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    expect([...resizeImages(set, 1, 1).data]).toEqual([2]);
  });

  it('is read strip by strip where it is large', () => {
    const asked: number[] = [];
    const large = {
      ...grey(1, 1, () => 0),
      width: 4000,
      height: 3000,
      read(_x: number, y: number, width: number, height: number) {
        asked.push(width * height);
        return new Uint8Array(width * height).fill(y < 1500 ? 10 : 30);
      },
    };
    const small = squarePicture(large, { ...plain, size: 16 });
    expect(Math.max(...asked)).toBeLessThanOrEqual(2 ** 20);
    expect(asked.reduce((sum, pixels) => sum + pixels, 0)).toBe(3000 * 3000);
    expect(small[0]).toBe(10);
    expect(small[255]).toBe(30);
  });
});
