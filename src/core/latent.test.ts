import { describe, expect, it } from 'vitest';
import { add, combine, mean, norm, perturb, sampleLatent, sampleLatents, withNorm } from './latent';
import type { LatentPrior } from './latent';
import { normalCdf, normalQuantile } from './normal-distribution';
import { priorShell, scaleToShell } from './shell';

const of = (...values: number[]) => Float32Array.of(...values);
const priors: LatentPrior[] = ['normal', 'uniform', 'sphere'];

describe('sampleLatent', () => {
  it.each(priors)('%s: sample i does not depend on how many are drawn', (prior) => {
    const options = { seed: 5, prior, size: 7 };
    const many = sampleLatents(20, options);
    expect(sampleLatents(3, options)).toEqual(many.slice(0, 3));
    expect(sampleLatent(19, options)).toEqual(many[19]);
    expect(sampleLatent(19, { ...options, seed: 6 })).not.toEqual(many[19]);
    expect(sampleLatent(19, { ...options, stream: 9 })).not.toEqual(many[19]);
  });

  it('has the range and the length of its prior', () => {
    const all = (prior: LatentPrior) => sampleLatents(200, { seed: 1, prior, size: 100 });
    expect(all('uniform').every((z) => z.every((x) => Math.abs(x) < 1))).toBe(true);
    expect(all('sphere').every((z) => Math.abs(norm(z) - 10) < 1e-5)).toBe(true);
    expect(all('normal').some((z) => z.some((x) => Math.abs(x) > 3))).toBe(true);
  });

  it.each(priors)('%s: truncation 1 changes nothing, 0 leaves the centre alone', (prior) => {
    const options = { seed: 5, prior, size: 50 };
    const plain = sampleLatent(3, options);
    expect(sampleLatent(3, { ...options, truncation: 1 })).toEqual(plain);
    expect(sampleLatent(3, { ...options, truncation: 2 })).toEqual(plain);
    expect(norm(sampleLatent(3, { ...options, truncation: 0 }))).toBe(0);
    const lengths = [0.05, 0.2, 0.4, 0.7, 1].map((truncation) =>
      norm(sampleLatent(3, { ...options, truncation })),
    );
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  });

  it('draws truncated components again and leaves the others', () => {
    const options = { seed: 2, prior: 'normal', size: 2000 } as const;
    const plain = sampleLatent(0, options);
    const truncated = sampleLatent(0, { ...options, truncation: 0.5 });
    expect(truncated.every((x) => Math.abs(x) <= 1.5)).toBe(true);
    expect(plain.every((x, i) => Math.abs(x) > 1.5 || truncated[i] === x)).toBe(true);
    // The variance of N(0, 1) between ±1.5 is 0.552.
    expect(norm(truncated) ** 2 / 2000).toBeCloseTo(0.552, 1);
  });
});

describe('arithmetic', () => {
  it('averages groups and adds them with their signs', () => {
    const result = combine([
      { sign: 1, z: [of(1, 2), of(3, 4)] },
      { sign: -1, z: [of(1, 1)] },
      { sign: 1, z: [of(0, 10), of(0, 20), of(0, 30)] },
    ]);
    expect(result).toEqual(of(1, 22));
    expect(() => combine([{ sign: 1, z: [] }])).toThrow(RangeError);
    expect(() => combine([])).toThrow(RangeError);
    expect(mean([of(1), of(2), of(6)])).toEqual(of(3));
    expect(add(of(1), of(2))).toEqual(of(3));
  });

  it('changes lengths, but not that of zero', () => {
    expect(withNorm(of(3, 4), 10)).toEqual(of(6, 8));
    expect(withNorm(of(0, 0), 10)).toEqual(of(0, 0));
  });

  it('perturbs within the radius, each neighbour in its own way', () => {
    const z = new Float32Array(1000).fill(5);
    const near = perturb(z, 0.25, { seed: 1, index: 0 });
    expect(near.every((x) => Math.abs(x - 5) <= 0.25)).toBe(true);
    const spread = near.reduce((sum, x) => sum + (x - 5) ** 2, 0) / 1000;
    expect(spread).toBeCloseTo(0.25 ** 2 / 3, 2);
    expect(perturb(z, 0.25, { seed: 1, index: 1 })).not.toEqual(near);
    expect(perturb(z, 0.25, { seed: 1, index: 0 })).toEqual(near);
  });
});

describe('priorShell', () => {
  it.each([
    ['normal', 16],
    ['normal', 100],
    ['normal', 101],
    ['uniform', 16],
    ['uniform', 100],
  ] as [LatentPrior, number][])('%s, size %d: agrees with 4,000 samples', (prior, size) => {
    const lengths = sampleLatents(4000, { seed: 3, prior, size }).map(norm);
    const shell = priorShell(prior, size);
    const average = lengths.reduce((sum, x) => sum + x, 0) / lengths.length;
    expect(shell.expected / average).toBeCloseTo(1, 2);
    for (const p of [0.025, 0.25, 0.5, 0.75, 0.975]) {
      const below = lengths.filter((x) => x < shell.quantile(p)).length / lengths.length;
      expect(Math.abs(below - p)).toBeLessThan(0.025);
    }
  });

  it('is exact where it can be', () => {
    expect(priorShell('sphere', 100)).toMatchObject({ expected: 10 });
    expect(priorShell('sphere', 100).quantile(0.1)).toBe(10);
    expect(priorShell('normal', 1).expected).toBeCloseTo(Math.sqrt(2 / Math.PI), 12);
    expect(priorShell('normal', 2).expected).toBeCloseTo(Math.sqrt(Math.PI / 2), 12);
    expect(priorShell('normal', 3).expected).toBeCloseTo(2 * Math.sqrt(2 / Math.PI), 12);
  });

  it('scales to the shell', () => {
    const z = scaleToShell(sampleLatent(0, { seed: 1, prior: 'normal', size: 100 }), 'normal');
    expect(norm(z)).toBeCloseTo(priorShell('normal', 100).expected, 4);
    expect(norm(scaleToShell(new Float32Array(5), 'normal'))).toBe(0);
  });
});

describe('the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963985],
    [0.01, -2.326347874],
    [1e-6, -4.753424309],
  ])('quantile of %d', (p, x) => {
    expect(normalQuantile(p)).toBeCloseTo(x, 7);
    expect(normalCdf(x)).toBeCloseTo(p, 6);
  });
});
