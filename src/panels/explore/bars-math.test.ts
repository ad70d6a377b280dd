import { expect, it } from 'vitest';
import { barAt, barsPath, barWidth, withValue } from './bars-math';

const room = { width: 400, height: 100, size: 4, limit: 2 };

it('finds the bar and the number under a point', () => {
  expect(barAt(50, 50, room)).toEqual({ index: 0, value: 0 });
  expect(barAt(399, 0, room)).toEqual({ index: 3, value: 2 });
  expect(barAt(150, 100, room)).toEqual({ index: 1, value: -2 });
});

it('stays inside when the pointer leaves', () => {
  expect(barAt(-20, -500, room)).toEqual({ index: 0, value: 2 });
  expect(barAt(4000, 500, room)).toEqual({ index: 3, value: -2 });
});

it('draws a stroke for each bar, clipped to the edge, and none that cannot be seen', () => {
  const path = barsPath(new Float32Array([2, -9, 0, 1]), room, () => true);
  expect(path).toBe('M50.00 50V0.00M150.00 50V100.00M250.00 50V49.25M350.00 50V25.00');
  expect(barsPath(new Float32Array([1, 1, 1, 1]), room, (i) => i === 2)).toBe('M250.00 50V25.00');
});

it('leaves gaps only where there is room', () => {
  expect(barWidth(room)).toBe(98);
  expect(barWidth({ ...room, size: 400 })).toBe(0.75);
});

it('changes one number of a copy', () => {
  const z = new Float32Array([1, 2]);
  const next = withValue(z, 1, 0.126);
  expect(Array.from(z)).toEqual([1, 2]);
  expect(next[1]).toBeCloseTo(0.13, 6);
});
