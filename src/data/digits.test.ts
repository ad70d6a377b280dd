import { describe, expect, it } from 'vitest';
import { digitAt, drawDigit, drawDigits } from './digits';

function ink(picture: Uint8Array): number {
  return picture.reduce((sum, value) => sum + value, 0) / 255;
}

describe('digits', () => {
  it('are the same for the same seed, whichever others are drawn', () => {
    const all = drawDigits({ count: 30, size: 16, channels: 1, seed: 5 });
    const some = drawDigits({ count: 10, size: 16, channels: 1, seed: 5, first: 20 });
    expect(some.data).toEqual(all.data.slice(20 * 256));
    expect(drawDigit(3, 16, 5)).toEqual(all.data.slice(3 * 256, 4 * 256));
    expect(drawDigits({ count: 30, size: 16, channels: 1, seed: 6 }).data).not.toEqual(all.data);
  });

  it('are grey in every channel', () => {
    const grey = drawDigits({ count: 3, size: 16, channels: 1, seed: 1 });
    const rgb = drawDigits({ count: 3, size: 16, channels: 3, seed: 1 });
    expect(rgb.data).toEqual(Uint8Array.from(rgb.data, (_, i) => grey.data[Math.floor(i / 3)]!));
  });

  it.each([16, 32, 64])('fill %i pixels alike: black ground, ink inside, none cut', (size) => {
    const { data } = drawDigits({ count: 200, size, channels: 1, seed: 2 });
    const pictures = Array.from({ length: 200 }, (_, i) =>
      data.subarray(i * size * size, (i + 1) * size * size),
    );
    const shares = pictures.map((picture) => ink(picture) / size ** 2);
    expect(Math.min(...shares)).toBeGreaterThan(0.02);
    expect(Math.max(...shares)).toBeLessThan(0.4);
    const mean = shares.reduce((sum, share) => sum + share, 0) / 200;
    // As in MNIST framed to 32 × 32, whose mean is 0.1.
    expect(mean).toBeGreaterThan(0.07);
    expect(mean).toBeLessThan(0.15);
    for (const picture of pictures) {
      const border = picture.filter((_, at) => {
        const [x, y] = [at % size, Math.floor(at / size)];
        return x === 0 || y === 0 || x === size - 1 || y === size - 1;
      });
      expect(ink(border)).toBeLessThan(size / 8);
      expect(Math.max(...picture)).toBeGreaterThan(150);
    }
  });

  it('can be told apart, and no two are alike', () => {
    const size = 16;
    const [learned, tested] = [1500, 300];
    const total = learned + tested;
    const { data } = drawDigits({ count: total, size, channels: 1, seed: 3 });
    const picture = (at: number) => data.subarray(at * size * size, (at + 1) * size * size);
    const distance = (a: Uint8Array, b: Uint8Array): number => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
      return sum;
    };
    let right = 0;
    let closest = Infinity;
    for (let at = learned; at < total; at++) {
      let best = { distance: Infinity, digit: -1 };
      for (let known = 0; known < learned; known++) {
        const apart = distance(picture(at), picture(known));
        if (apart < best.distance) best = { distance: apart, digit: digitAt(known) };
      }
      closest = Math.min(closest, best.distance);
      if (best.digit === digitAt(at)) right += 1;
    }
    // The nearest neighbour among 1,500; chance is 0.1.
    expect(right / tested).toBeGreaterThan(0.93);
    // Levels of 0 to 255, root mean square.
    expect(Math.sqrt(closest / size ** 2)).toBeGreaterThan(5);
  });
});
