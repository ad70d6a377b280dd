import { expect, test } from 'vitest';
import { smoothed } from './smooth';

test('begins at the first value, keeps a constant, and follows a jump by 1/span a step', () => {
  for (const value of smoothed([3, 3, 3], 15)) expect(value).toBeCloseTo(3, 12);
  const flat = new Array<number>(400).fill(0);
  const after = smoothed([...flat, 1, 1], 10);
  expect(after[400]).toBeCloseTo(0.1, 6);
  expect(after[401]).toBeCloseTo(0.19, 6);
});

test('gaps stay gaps and do not weigh', () => {
  const [first, gap, last] = smoothed([2, NaN, 2], 15);
  expect(first).toBeCloseTo(2, 12);
  expect(gap).toBeNaN();
  expect(last).toBeCloseTo(2, 12);
  expect(smoothed([], 15)).toEqual([]);
});
