import { describe, expect, it } from 'vitest';
import {
  addChange,
  cellsInside,
  choosePlaces,
  gatherFeatures,
  holdOut,
  meanChange,
  noChange,
  normalizeBox,
  randomFilters,
  selectivity,
} from './boxes';

const image = { width: 8, height: 8 };
const map = { width: 4, height: 4 };
const box = { sample: 0, x0: 2, y0: 2, x1: 6, y1: 4 };

describe('boxes', () => {
  it('are whole pixels inside the picture, corners in order', () => {
    expect(normalizeBox({ sample: 3, x0: 9.4, y0: 2.6, x1: -2, y1: 2.7 }, image)).toEqual({
      sample: 3,
      x0: 0,
      y0: 3,
      x1: 8,
      y1: 4,
    });
  });

  it('hold the cells whose centre they hold, and at least one', () => {
    const inside = cellsInside([box], image, map);
    expect(Array.from(inside.keys()).filter((cell) => inside[cell])).toEqual([5, 6]);
    const small = cellsInside([{ sample: 0, x0: 6, y0: 6, x1: 7, y1: 7 }], image, map);
    expect(small.indexOf(1)).toBe(15);
  });

  it('give as many places outside as inside, on the same pictures, the same for a seed', () => {
    const boxes = [box, { ...box, sample: 7, x1: 8, y1: 6 }];
    const places = choosePlaces(boxes, image, map, 5);
    for (const sample of [0, 7]) {
      const own = places.filter((place) => place.sample === sample);
      const positives = own.filter(({ label }) => label === 1);
      expect(own.length).toBe(positives.length * 2);
      expect(new Set(own.map(({ cell }) => cell)).size).toBe(own.length);
    }
    expect(choosePlaces(boxes.slice(1), image, map, 5)).toEqual(
      places.filter(({ sample }) => sample === 7),
    );
    expect(choosePlaces(boxes, image, map, 6)).not.toEqual(places);
  });

  it('hold samples out whole, or none where too few would be left', () => {
    expect(holdOut([1, 2], 0.25, 1).size).toBe(0);
    const samples = Array.from({ length: 20 }, (_, i) => i);
    const held = holdOut(samples, 0.25, 1);
    expect(held.size).toBe(5);
    expect(holdOut(samples, 0.25, 1)).toEqual(held);
  });

  it('draw distinct random filters', () => {
    const filters = randomFilters(64, 20, 3);
    expect(new Set(filters).size).toBe(20);
    expect(filters.every((filter) => filter >= 0 && filter < 64)).toBe(true);
    expect(randomFilters(64, 20, 4)).not.toEqual(filters);
  });

  it('gather rows of features', () => {
    const maps = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i);
    const size = { cells: 3, filters: 2 };
    expect(Array.from(gatherFeatures(maps, size, [{ row: 1, cell: 2 }]))).toEqual([10, 11]);
  });

  it('measure change inside and outside', () => {
    const before = new Float32Array(64);
    const after = new Float32Array(64).fill(0.25);
    for (let y = 2; y < 4; y++) for (let x = 2; x < 6; x++) after[y * 8 + x] = 1;
    const sums = noChange();
    addChange(sums, before, after, [box], image);
    expect(sums).toEqual({ inside: 8, outside: 14, insidePixels: 8, outsidePixels: 56 });
    addChange(sums, before, after, [], image);
    expect(meanChange(sums, 2)).toEqual({ inside: 2, outside: (2 * 36) / 120 });
    expect(meanChange(noChange())).toEqual({ inside: 0, outside: 0 });
  });

  it('score filters by where they change the picture', () => {
    expect(Array.from(selectivity([6, 2, 0], [2, 2, 1]))).toEqual([3, -1, -1.5]);
    expect(Array.from(selectivity([6], [2], 1))).toEqual([4]);
  });
});
