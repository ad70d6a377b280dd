import { describe, expect, it } from 'vitest';
import type { CurrentModel } from '../../session/session';
import { handleRadius, histogram } from './box-math';
import { chosenLayer, defaultLayer, layerTitle, mapLayers } from './layers';
import { differenceRgba, meanChange, overlayRgba } from './paint';
import { mapOf, mapStats, orderFilters, rowsInSight, tileRows } from './tile-math';
import { scaleOf, withScale } from './use-mask';

const layer = (id: string, height: number, channels: number) => ({
  id,
  kind: 'convTranspose',
  height,
  width: height,
  channels,
});
const model = {
  layers: [
    layer('main.0', 4, 256),
    layer('main.3', 8, 128),
    layer('main.6', 16, 64),
    layer('main.9', 32, 32),
    layer('main.12', 64, 3),
  ],
} as CurrentModel;

describe('layers', () => {
  it('start at the second-highest convolution layer, 16×16 of a 64×64 DCGAN', () => {
    expect(mapLayers(model).map(({ id }) => id)).toEqual(['main.0', 'main.3', 'main.6', 'main.9']);
    expect(defaultLayer(model)?.id).toBe('main.6');
    expect(chosenLayer(model, 'main.3')?.id).toBe('main.3');
    expect(chosenLayer(model, 'main.12')?.id).toBe('main.6');
    expect(layerTitle(model, model.layers[2]!)).toBe('16×16');
  });
});

describe('boxes', () => {
  it('have handles that leave the middle of a small box free', () => {
    const box = (side: number) => ({ sample: 0, x0: 5, y0: 5, x1: 5 + side, y1: 25 });
    const size = { width: 64, height: 64 };
    expect(handleRadius(box(30), size)).toBeCloseTo(1.28);
    // What answers the pointer is twice as wide: a third of the short side stays.
    expect(handleRadius(box(6), size)).toBeCloseTo(1);
    expect(handleRadius(box(30), { width: 256, height: 256 })).toBeGreaterThan(2.5);
  });
});

describe('weights', () => {
  it('are counted in bins with zero on an edge, those of chosen filters beside them', () => {
    const { edges, counts, chosenCounts } = histogram([-2, -0.5, 0, 0.5, 1.5, 2], 4, [5, 1]);
    expect(edges).toEqual([-2, -1, 0, 1, 2]);
    expect(counts).toEqual([1, 1, 2, 2]);
    expect(chosenCounts).toEqual([0, 1, 0, 1]);
  });
});

describe('tiles', () => {
  const maps = {
    count: 1,
    height: 1,
    width: 2,
    filters: 3,
    data: Float32Array.of(0, 5, 1, 2, 5, -1),
  };

  it('know mean, variance and range of each map', () => {
    const { mean, variance, low, high } = mapStats(maps);
    expect(Array.from(mean)).toEqual([1, 5, 0]);
    expect(Array.from(variance)).toEqual([1, 0, 1]);
    expect(Array.from(low)).toEqual([0, 5, -1]);
    expect(Array.from(high)).toEqual([2, 5, 1]);
    expect(Array.from(mapOf(maps, 2))).toEqual([1, -1]);
  });

  it('are ordered by number, or largest first', () => {
    expect(orderFilters(3, null)).toEqual([0, 1, 2]);
    expect(orderFilters(3, [1, 5, 5])).toEqual([1, 2, 0]);
  });

  it('fill the room, and scroll when they would be too small', () => {
    const few = tileRows(32, 440, 400, 40);
    expect(few.rows * few.pitch - 4).toBeLessThanOrEqual(400);
    expect(few.pitch).toBeGreaterThan(60);
    const many = tileRows(512, 440, 400, 40);
    expect(many.columns).toBe(10);
    const [first, last] = rowsInSight(many, 440, 400);
    expect(last - first).toBeLessThan(13);
  });
});

describe('pixels', () => {
  const grey = (level: number) => new Uint8ClampedArray([level, level, level, 255]);
  it('of a difference are dark where nothing changed', () => {
    expect(Array.from(differenceRgba(grey(10), grey(10)))).toEqual(
      Array.from(differenceRgba(grey(99), grey(99))),
    );
    expect(meanChange(grey(10), grey(40))).toBe(30);
    expect(differenceRgba(grey(0), grey(200))[0]).toBeGreaterThan(200);
  });
  it('of an overlay are the picture where the map is silent', () => {
    const map = { data: Float32Array.of(0), width: 1, height: 1 };
    const out = overlayRgba(grey(100), { width: 1, height: 1 }, map, 1);
    expect(Array.from(out)).toEqual([60, 60, 60, 255]);
  });
});

describe('units', () => {
  it('change by layer and are left out at 1', () => {
    const units = withScale({ a: { 1: 0 } }, 'b', [2, 3], 0.5);
    expect(units).toEqual({ a: { 1: 0 }, b: { 2: 0.5, 3: 0.5 } });
    expect(withScale(units, 'a', [1], 1)).toEqual({ b: { 2: 0.5, 3: 0.5 } });
    expect([scaleOf(units, 'b', 2), scaleOf(units, 'c', 0)]).toEqual([0.5, 1]);
  });
});
