import { describe, expect, it } from 'vitest';
import { fitHeldOut } from './fitting';
import { countForgotten, dropFilters, dropShare } from './forgetting';

describe('forgetting', () => {
  it('counts scenes that were sure and are gone', () => {
    const before = Float32Array.of(0.95, 0.99, 0.6, 0.1, 0.91);
    const after = Float32Array.of(0.1, 0.7, 0.2, 0.1, 0.49);
    const { showing, sure, gone, scenes } = countForgotten(before, after);
    expect({ showing, sure, gone, scenes }).toEqual({ showing: 1, sure: 3, gone: 2, scenes: 5 });
  });

  it('drops from the top, from the bottom, or at random as many', () => {
    const weights = [0.1, -2, 3, 0, 1];
    expect(dropFilters(weights, 2, 'weights', 1)).toEqual({ 2: 0, 4: 0 });
    expect(dropFilters(weights, 2, 'negative', 1)).toEqual({ 1: 0, 3: 0 });
    expect(Object.keys(dropFilters(weights, 2, 'random', 1))).toHaveLength(2);
    expect(dropFilters(weights, 0, 'negative', 1)).toEqual({});
    expect(dropShare({ a: weights, b: [1, 2] }, 0.4, 'weights', 1)).toEqual({
      a: { 2: 0, 4: 0 },
      b: { 1: 0 },
    });
  });

  it('tests on what the fit has not seen', () => {
    const rows = 40;
    const labels = Uint8Array.from({ length: rows }, (_, row) => row % 2);
    const features = Float32Array.from({ length: rows * 2 }, (_, i) =>
      i % 2 === 0 ? labels[i / 2]! + Math.sin(i) * 0.2 : Math.cos(i),
    );
    const held = Uint8Array.from({ length: rows }, (_, row) => (row < 10 ? 1 : 0));
    const fit = fitHeldOut({ features, labels, held, options: {} });
    expect(fit.converged).toBe(true);
    expect(fit.accuracy).toBe(1);
    expect(fit.auc).toBe(1);
    expect(fit.weights[0]).toBeGreaterThan(1);
    const none = fitHeldOut({ features, labels, held: new Uint8Array(rows), options: {} });
    expect([none.accuracy, none.auc]).toEqual([null, null]);
  });
});
