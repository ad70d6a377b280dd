import { describe, expect, it } from 'vitest';
import { normal } from '../lib/rng';
import { dot, norm } from './latent';
import { principalComponents } from './pca';

/** n samples whose variances are 9, 4 and 1 along three known directions of a space of `size`. */
function knownSamples(n: number, size: number) {
  const directions = [
    [3, 4, 0],
    [4, -3, 0],
    [0, 0, 5],
  ].map((entries) => {
    const direction = new Float32Array(size);
    direction.set(entries.map((x) => x / 5));
    return direction;
  });
  const samples = Array.from({ length: n }, (_, i) => {
    const sample = new Float32Array(size).fill(7);
    directions.forEach((direction, k) => {
      const amount = (3 - k) * normal(1, k, i);
      for (let d = 0; d < size; d++) sample[d]! += amount * direction[d]!;
    });
    return sample;
  });
  return { samples, directions };
}

describe('principalComponents', () => {
  it.each([
    ['more samples than dimensions', 4000, 5],
    ['fewer samples than dimensions', 300, 400],
  ])('finds known directions and variances (%s)', (_name, n, size) => {
    const { samples, directions } = knownSamples(n, size);
    const { mean, components, variances, totalVariance } = principalComponents(samples, 5);
    expect(components.length).toBe(3);
    directions.forEach((direction, k) => {
      expect(Math.abs(dot(direction, components[k]!))).toBeGreaterThan(0.98);
      expect(norm(components[k]!)).toBeCloseTo(1, 5);
      expect(variances[k]! / (3 - k) ** 2).toBeCloseTo(1, 0);
      expect(Math.max(...components[k]!)).toBe(Math.max(...components[k]!.map(Math.abs)));
    });
    expect(totalVariance).toBeCloseTo(
      variances.reduce((sum, x) => sum + x, 0),
      5,
    );
    expect(Math.abs(mean[4]! - 7)).toBeLessThan(1e-4);
    expect(dot(components[0]!, components[1]!)).toBeCloseTo(0, 5);
  });

  it('gives the variance that the samples have along a component', () => {
    const samples = Array.from({ length: 50 }, (_, i) =>
      Float32Array.from({ length: 8 }, (_unused, d) => (d + 1) * normal(2, 0, i * 8 + d)),
    );
    const { mean, components, variances } = principalComponents(samples, 2);
    const along = samples.map((sample) => dot(sample, components[0]!) - dot(mean, components[0]!));
    const variance = along.reduce((sum, x) => sum + x * x, 0) / 49;
    expect(variance).toBeCloseTo(variances[0]!, 3);
    expect(components.length).toBe(2);
  });

  it('finds nothing in samples that are all the same', () => {
    const { components, totalVariance } = principalComponents(
      [Float32Array.of(1, 2), Float32Array.of(1, 2)],
      2,
    );
    expect(components).toEqual([]);
    expect(totalVariance).toBe(0);
    expect(() => principalComponents([Float32Array.of(1)], 1)).toThrow(RangeError);
  });
});
