import { describe, expect, it } from 'vitest';
import { sampleLatents } from '../core/latent';
import type { LatentSpec } from '../model/spec';
import { computeArithmetic, computeDirection, defaultNoise } from './arithmetic';

const latent: LatentSpec = { size: 100, prior: 'normal' };
const samples = sampleLatents(9, { seed: 3, prior: 'normal', size: 100 });
const groups = [samples.slice(0, 3), samples.slice(3, 6), samples.slice(6, 9)] as const;
const terms = [
  { sign: 1 as const, z: groups[0] },
  { sign: -1 as const, z: groups[1] },
  { sign: 1 as const, z: groups[2] },
];
const plainMean = (all: readonly Float32Array[], i: number) =>
  all.reduce((sum, z) => sum + z[i]!, 0) / all.length;

describe('arithmetic', () => {
  it('equals the plain mean in float', () => {
    const { z } = computeArithmetic({ terms }, latent);
    z.forEach((value, i) => {
      const plain = plainMean(groups[0], i) - plainMean(groups[1], i) + plainMean(groups[2], i);
      expect(Math.abs(value - plain)).toBeLessThan(1e-6);
    });
  });

  it('takes plain arrays and gives the same', () => {
    const plain = terms.map(({ sign, z }) => ({ sign, z: z.map((one) => Array.from(one)) }));
    expect(computeArithmetic({ terms: plain }, latent)).toEqual(
      computeArithmetic({ terms }, latent),
    );
  });

  it('has eight seeded neighbours within the radius', () => {
    const { z, neighbours } = computeArithmetic({ terms, noise: 0.25, seed: 8 }, latent);
    expect(neighbours).toHaveLength(8);
    const distances = neighbours.flatMap((one) => Array.from(one, (x, i) => Math.abs(x - z[i]!)));
    expect(Math.max(...distances)).toBeLessThanOrEqual(0.25 + 1e-6);
    expect(Math.max(...distances)).toBeGreaterThan(0.24);
    expect(computeArithmetic({ terms, noise: 0.25, seed: 8 }, latent).neighbours).toEqual(
      neighbours,
    );
    expect(computeArithmetic({ terms, noise: 0.25, seed: 9 }, latent).neighbours).not.toEqual(
      neighbours,
    );
    expect([defaultNoise('uniform'), defaultNoise('normal')]).toEqual([0.25, 0.43]);
  });

  it('can put the result on the shell of the prior', () => {
    const { z } = computeArithmetic({ terms, normalise: 'shell' }, latent);
    expect(Math.hypot(...z)).toBeCloseTo(9.975, 2);
    expect(computeArithmetic({ terms, normalise: true }, latent).z).toEqual(z);
  });

  it('says what is wrong', () => {
    const fails = (request: Parameters<typeof computeArithmetic>[0], expected: string) =>
      expect(() => computeArithmetic(request, latent)).toThrow(
        expect.objectContaining({ code: expected }) as Error,
      );
    fails({ terms: [] }, 'arithmetic-empty');
    fails({ terms: [terms[0]!, { sign: -1, z: [] }] }, 'arithmetic-empty');
    fails({ terms: [{ sign: 1, z: [new Float32Array(64)] }] }, 'latent-size');
    fails({ terms: [{ sign: 2 as 1, z: groups[0] }] }, 'arithmetic-sign');
    fails({ terms, noise: NaN }, 'arithmetic-noise');
  });
});

describe('direction', () => {
  it('leads from the first group to the second', () => {
    const direction = computeDirection(groups[0], groups[1], 100);
    direction.forEach((value, i) =>
      expect(value).toBeCloseTo(plainMean(groups[1], i) - plainMean(groups[0], i), 5),
    );
    expect(() => computeDirection(groups[0], [], 100)).toThrow('Group 2 has no exemplars');
  });
});
