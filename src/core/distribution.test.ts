import { describe, expect, it } from 'vitest';
import { normal } from '../lib/rng';
import {
  meanPairwiseDistance,
  randomDirections,
  slicedWasserstein,
  sortedProjections,
  type Rows,
} from './distribution';

const rows = (count: number, size: number, at: (n: number, i: number) => number): Rows => ({
  count,
  size,
  data: Float32Array.from({ length: count * size }, (_, k) => at(Math.floor(k / size), k % size)),
});

const distance = (a: Rows, b: Rows, directions = randomDirections(256, a.size, 1)) =>
  slicedWasserstein(sortedProjections(a, directions), sortedProjections(b, directions));

const noise = (count: number, size: number, seed: number, sd = 40) =>
  rows(count, size, (n, i) => 128 + sd * normal(seed, 7, n * size + i));

describe('randomDirections', () => {
  it('gives unit vectors that have no favourite axis, the same for a seed', () => {
    const directions = randomDirections(400, 12, 3);
    for (const v of directions) expect(Math.hypot(...v)).toBeCloseTo(1, 5);
    for (let axis = 0; axis < 12; axis++) {
      const square = directions.reduce((sum, v) => sum + v[axis]! ** 2, 0) / 400;
      expect(Math.abs(square - 1 / 12)).toBeLessThan(0.02);
    }
    expect(randomDirections(2, 12, 3)[1]).toEqual(directions[1]);
    expect(randomDirections(1, 12, 4)[0]).not.toEqual(directions[0]);
  });
});

describe('slicedWasserstein', () => {
  it('is the difference of means for a shifted set, in the levels of the numbers', () => {
    const a = noise(50, 48, 1);
    const shifted = { ...a, data: Float32Array.from(a.data, (x) => x + 30) };
    // RMS over directions of 30·Σθ is 30 up to the spread of 256 directions.
    expect(distance(a, shifted)).toBeGreaterThan(27);
    expect(distance(a, shifted)).toBeLessThan(33);
    expect(distance(a, a)).toBe(0);
  });

  it('does not depend on the order of pictures', () => {
    const a = noise(20, 12, 1);
    const b = noise(20, 12, 2);
    const reversed = rows(20, 12, (n, i) => b.data[(19 - n) * 12 + i]!);
    expect(distance(a, reversed)).toBeCloseTo(distance(a, b), 5);
  });

  it('is exact on a line, also for sets of different size', () => {
    const line = [Float32Array.of(1)];
    const one = rows(1, 1, () => 0);
    const two = rows(2, 1, (n) => (n === 0 ? 4 : -2));
    const three = rows(3, 1, (n) => [5, -1, 2][n]!);
    expect(distance(one, two, line)).toBeCloseTo(Math.sqrt((16 + 4) / 2), 6);
    // Quantiles −2|−2|4|4 against −1|2|5 on sixths: 1/3·1 + 1/6·16 + 1/6·4 + 1/3·1.
    expect(distance(two, three, line)).toBeCloseTo(Math.sqrt(2 / 3 + 20 / 6), 6);
  });

  it('of two samples of one distribution is near σ·√(1/n + 1/m)', () => {
    const floor = distance(noise(200, 48, 1), noise(100, 48, 2));
    const expected = 40 * Math.sqrt(1 / 200 + 1 / 100);
    expect(floor / expected).toBeGreaterThan(0.8);
    expect(floor / expected).toBeLessThan(2);
  });

  it('sees a collapsed set whose mean is right', () => {
    const data = noise(100, 48, 1);
    const collapsed = rows(100, 48, () => 128);
    expect(distance(data, collapsed)).toBeGreaterThan(35);
  });
});

describe('meanPairwiseDistance', () => {
  it('is σ·√2 for independent pictures, and 0 for equal ones', () => {
    expect(meanPairwiseDistance(noise(60, 300, 1)) / (40 * Math.SQRT2)).toBeCloseTo(1, 1);
    expect(meanPairwiseDistance(rows(5, 12, (_, i) => i))).toBe(0);
    expect(meanPairwiseDistance(rows(1, 12, (_, i) => i))).toBe(0);
    expect(meanPairwiseDistance(rows(3, 4, (n) => [0, 3, 9][n]!))).toBeCloseTo(6, 6);
  });
});
