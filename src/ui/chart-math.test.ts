import { expect, it } from 'vitest';
import { linePath, niceTicks, spacedOut } from './chart-math';

it('ticks are round and within the range', () => {
  expect(niceTicks(0, 10, 4)).toEqual([0, 2.5, 5, 7.5, 10]);
  expect(niceTicks(7.9, 12.3, 4)).toEqual([8, 10, 12]);
  expect(niceTicks(3, 3, 4)).toEqual([3]);
});

it('a path has gaps where values are no numbers', () => {
  const path = linePath(
    [1, NaN, 2, 3],
    (i) => i,
    (v) => v,
  );
  expect(path).toBe('M0.0 1.0M2.0 2.0L3.0 3.0');
});

it('moves labels apart, keeps their order and stays inside', () => {
  const room = { gap: 10, low: 0, high: 100 };
  expect(spacedOut([50, 20], room)).toEqual([50, 20]);
  expect(spacedOut([52, 50, 51], room)).toEqual([70, 50, 60]);
  expect(spacedOut([99, 100], room)).toEqual([90, 100]);
});
