import { describe, expect, it } from 'vitest';
import { fitLine, meanOf, wilsonInterval } from './statistics';

describe('wilsonInterval', () => {
  // Evaluated apart, in Python, from Wilson's formula.
  it.each([
    [8, 10, 0.490162, 0.943318],
    [50, 100, 0.403832, 0.596168],
    [95, 100, 0.888253, 0.978457],
    [1, 1, 0.206549, 1],
    [0, 100, 0, 0.036994],
    [100, 100, 0.963006, 1],
  ])('%i of %i lies in %f to %f', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.share).toBe(successes / trials);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });

  it('holds the true share in about 95 of 100 repetitions', () => {
    // Exact coverage at n = 40, p = 0.9: the sum of binomial probabilities whose interval holds p.
    let coverage = 0;
    let probability = 0.1 ** 40;
    for (let k = 0; k <= 40; k++) {
      const { low, high } = wilsonInterval(k, 40);
      if (low <= 0.9 && 0.9 <= high) coverage += probability;
      probability *= ((40 - k) / (k + 1)) * (0.9 / 0.1);
    }
    expect(coverage).toBeGreaterThan(0.92);
    expect(coverage).toBeLessThan(0.98);
  });

  it('knows nothing after no trials, and refuses what is no count', () => {
    expect(wilsonInterval(0, 0)).toEqual({ share: NaN, low: 0, high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
    expect(() => wilsonInterval(0.5, 2)).toThrow(RangeError);
  });
});

describe('fitLine', () => {
  it('finds a line that is there', () => {
    const line = fitLine([-2, -1, 0, 1, 2], [-19, -9, 1, 11, 21]);
    expect(line.slope).toBeCloseTo(10, 12);
    expect(line.intercept).toBeCloseTo(1, 12);
    expect(line.correlation).toBeCloseTo(1, 12);
  });

  it('has no slope through one x', () => {
    expect(fitLine([1, 1], [0, 5]).slope).toBeNaN();
    expect(meanOf([])).toBeNaN();
  });
});
