import { describe, expect, it } from 'vitest';
import { caughtAppError as caught } from '../lib/testing';
import { runReference } from './reference';
import type { NetworkSource } from './source';
import { filledArray, tinyGeneratorSource } from './testing';

const source = tinyGeneratorSource();
const z = filledArray([4, 5]).data;

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('runReference', () => {
  it('draws images in the range of tanh, each on its own', () => {
    const four = runReference(source, z, 4);
    expect(four).toMatchObject({ count: 4, height: 8, width: 8, channels: 3 });
    expect(four.data.every((value) => Math.abs(value) <= 1)).toBe(true);
    const third = runReference(source, z.slice(10, 15), 1);
    expect(third.data).toEqual(four.data.slice(2 * 192, 3 * 192));
  });

  it('stops at a layer and goes on after it', () => {
    const inner = runReference(source, z, 4, { layer: 'main.0' });
    expect(inner).toMatchObject({ height: 4, width: 4, channels: 3 });
    const rest = runReference(source, inner.data, 4, { after: 'main.0' });
    expect(rest.data).toEqual(runReference(source, z, 4).data);
  });

  it('drops and keeps units', () => {
    const { data } = runReference(source, z, 1 * 4, {
      layer: 'main.0',
      units: { 'main.0': { 1: 0 } },
    });
    expect(data.every((value, i) => i % 3 !== 1 || value === 0)).toBe(true);
    const kept = runReference(source, z, 4, { units: { 'main.0': { 1: 1 } } });
    expect(kept.data).toEqual(runReference(source, z, 4).data);
  });

  it("uses the batch's own statistics, with reference inputs in the batch", () => {
    const all = runReference(source, z, 4, { statistics: 'batch' });
    const one = runReference(source, z.slice(0, 5), 1, {
      statistics: 'batch',
      reference: z.slice(5),
    });
    expect(one.count).toBe(1);
    expect(largestDifference(one.data, all.data.slice(0, 192))).toBe(0);
    const alone = runReference(source, z.slice(0, 5), 1, { statistics: 'batch' });
    expect(largestDifference(one.data, alone.data)).toBeGreaterThan(0.01);
  });

  it('names what does not fit', () => {
    const run = (options: object, input = z) => runReference(source, input, 4, options);
    expect(caught(() => run({}, z.slice(1))).code).toBe('input-size');
    expect(caught(() => run({ reference: z.slice(1) })).code).toBe('input-size');
    expect(caught(() => run({ layer: 'main.9' })).message).toContain('main.3');
    expect(caught(() => run({ units: { nowhere: {} } })).code).toBe('layer-unknown');
    expect(caught(() => run({ units: { 'main.0': { 3: 0 } } })).code).toBe('unit-unknown');
    expect(caught(() => run({ after: 'main.3' })).code).toBe('layer-order');
  });

  it('says when there are no running statistics to use', () => {
    const { spec, tensors } = tinyGeneratorSource();
    const bare: NetworkSource = {
      spec,
      tensors: Object.fromEntries(
        Object.entries(tensors).filter(([name]) => !name.includes('running')),
      ),
    };
    const norm = spec.layers[0]?.norm;
    if (norm?.kind === 'batch') norm.statistics = 'batch';
    expect(runReference(bare, z, 4).count).toBe(4);
    const error = caught(() => runReference(bare, z, 4, { statistics: 'file' }));
    expect(error.code).toBe('statistics-missing');
  });
});
