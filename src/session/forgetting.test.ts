import { describe, expect, it } from 'vitest';
import { fitHeldOut } from './fitting';
import {
  chooseAbove,
  chooseAtRandom,
  chooseLowest,
  chooseOfAll,
  chooseOfEach,
  countForgotten,
  dropUnits,
} from './forgetting';

describe('forgetting', () => {
  it('counts scenes that were sure and are gone', () => {
    const before = Float32Array.of(0.95, 0.99, 0.6, 0.1, 0.91);
    const after = Float32Array.of(0.1, 0.7, 0.2, 0.1, 0.49);
    const { showing, sure, gone, scenes } = countForgotten(before, after);
    expect({ showing, sure, gone, scenes }).toEqual({ showing: 1, sure: 3, gone: 2, scenes: 5 });
  });

  it('chooses by scores: above a threshold, of each layer, of all together', () => {
    const scores = { a: [0.1, -2, 3, 0, 1], b: [1, 2] };
    expect(chooseAbove(scores, 0)).toEqual({ a: [2, 4, 0], b: [1, 0] });
    expect(chooseAbove(scores, 9)).toEqual({ a: [], b: [] });
    expect(chooseOfEach(scores, 0.4)).toEqual({ a: [2, 4], b: [1] });
    expect(chooseOfAll(scores, 2 / 7)).toEqual({ a: [2], b: [1] });
    expect(chooseOfAll(scores, 3 / 7)).toEqual({ a: [2, 4], b: [1] });
    expect(chooseOfAll({ silent: [0, 0, 0, -1] }, 0.5)).toEqual({ silent: [0, 1] });
    expect(chooseOfAll(scores, 0)).toEqual({ a: [], b: [] });
    expect(chooseOfAll(scores, 1)).toEqual({ a: [2, 4, 0, 3, 1], b: [1, 0] });
  });

  it('has controls of as many: at random by seed, and the lowest', () => {
    const scores = { a: [0.1, -2, 3, 0, 1], b: [1, 2] };
    const chosen = { a: [2, 4], b: [1] };
    expect(chooseLowest(chosen, scores)).toEqual({ a: [1, 3], b: [0] });
    const random = chooseAtRandom(chosen, { a: 5, b: 2 }, 1);
    expect([random.a?.length, random.b?.length]).toEqual([2, 1]);
    expect(chooseAtRandom(chosen, { a: 5, b: 2 }, 1)).toEqual(random);
    expect(dropUnits({ a: [4, 2], b: [] })).toEqual({ a: { 2: 0, 4: 0 }, b: {} });
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
