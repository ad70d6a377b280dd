import { describe, expect, it } from 'vitest';
import { ease, lerp, slerp } from './interpolate';
import { norm, sampleLatent, sampleLatents, subtract } from './latent';
import type { LatentPrior } from './latent';
import { frameCount, normProfile, pathAt, pathFrames, randomWalkAt, segmentCount } from './path';

const of = (...values: number[]) => Float32Array.of(...values);
const distance = (a: Float32Array, b: Float32Array) => norm(subtract(a, b));
const [a, b, c] = sampleLatents(3, { seed: 1, prior: 'normal', size: 100 }) as [
  Float32Array,
  Float32Array,
  Float32Array,
];
const times = Array.from({ length: 21 }, (_, i) => i / 20);

describe('slerp', () => {
  it('is exact at its ends and goes at constant speed on the circle', () => {
    expect(slerp(a, b, 0)).toEqual(a);
    expect(slerp(a, b, 1)).toEqual(b);
    expect(distance(slerp(of(2, 0), of(0, 2), 0.5), of(Math.SQRT2, Math.SQRT2))).toBeLessThan(1e-6);
    expect(distance(slerp(of(1, 0), of(0, 1), 1 / 3), of(Math.cos(Math.PI / 6), 0.5))).toBeLessThan(
      1e-6,
    );
  });

  it('lets the length go straight from one to the other', () => {
    for (const t of times) {
      expect(norm(slerp(a, b, t))).toBeCloseTo(norm(a) + t * (norm(b) - norm(a)), 4);
    }
  });

  it.each([
    ['equal', of(1, 2, 3), of(1, 2, 3)],
    ['parallel', of(1, 2, 3), of(2, 4, 6)],
    ['nearly parallel', of(1, 0, 0), of(1, 1e-7, 0)],
    ['from zero', of(0, 0, 0), of(1, 2, 3)],
    ['to zero', of(1, 2, 3), of(0, 0, 0)],
    ['both zero', of(0, 0, 0), of(0, 0, 0)],
    ['opposite in one dimension', of(1), of(-1)],
  ])('is the straight line for vectors that are %s', (_name, from, to) => {
    for (const t of times) {
      expect(distance(slerp(from, to, t), lerp(from, to, t))).toBeLessThan(1e-6);
    }
  });

  it.each([
    ['opposite', of(1, 0, 0), of(-1, 0, 0)],
    ['opposite, other lengths', of(1, 2, 3), of(-2, -4, -6)],
    ['nearly opposite', of(1, 0, 0), of(-1, 1e-5, 0)],
    ['nearer still', of(1, 0, 0), of(-1, 1e-7, 0)],
  ])('turns half round for vectors that are %s', (_name, from, to) => {
    for (const t of times) {
      const z = slerp(from, to, t);
      expect(norm(z)).toBeCloseTo(norm(from) + t * (norm(to) - norm(from)), 5);
      expect(z).toEqual(slerp(from, to, t));
    }
    const steps = times
      .slice(1)
      .map((t) => distance(slerp(from, to, t), slerp(from, to, t - 0.05)));
    expect(Math.max(...steps)).toBeLessThan(0.2 * norm(to));
  });
});

describe('ease', () => {
  it.each(['linear', 'ease-in', 'ease-out', 'ease-in-out'] as const)('%s rises', (easing) => {
    const values = times.map((t) => ease(easing, t));
    expect([values[0], values[20]]).toEqual([0, 1]);
    expect(values).toEqual(values.toSorted((x, y) => x - y));
  });

  it('is gentle at the ends that it names', () => {
    expect(ease('ease-in', 0.01)).toBeLessThan(0.001);
    expect(1 - ease('ease-out', 0.99)).toBeLessThan(0.001);
    expect(ease('ease-in-out', 0.01) + 1 - ease('ease-in-out', 0.99)).toBeLessThan(0.001);
    expect(ease('ease-in-out', 0.5)).toBe(0.5);
  });
});

describe('paths', () => {
  const keys = [a, b, c];

  it('passes through its keyframes, open or closed', () => {
    const open = pathFrames(keys, { mode: 'slerp', framesPerSegment: 4 });
    expect(open.length).toBe(9);
    expect([open[0], open[4], open[8]]).toEqual(keys);
    const closed = pathFrames(keys, { mode: 'lerp', framesPerSegment: 4, closed: true });
    expect(closed.length).toBe(12);
    expect([closed[0], closed[4], closed[8]]).toEqual(keys);
    expect(distance(closed[11]!, lerp(c, a, 0.75))).toBe(0);
  });

  it('counts segments and frames, also of none and one keyframe', () => {
    expect([0, 1, 2, 3].map((n) => segmentCount(n))).toEqual([0, 0, 1, 2]);
    expect([0, 1, 2, 3].map((n) => segmentCount(n, true))).toEqual([0, 0, 2, 3]);
    expect([0, 1, 2, 3].map((n) => frameCount(n, 10))).toEqual([0, 1, 11, 21]);
    expect(pathFrames([], { mode: 'lerp', framesPerSegment: 4 })).toEqual([]);
    expect(pathFrames([a], { mode: 'lerp', framesPerSegment: 4, closed: true })).toEqual([a]);
    expect(() => pathAt([], 0, { mode: 'lerp' })).toThrow(RangeError);
  });

  it('stays at the ends of an open path and goes round a closed one', () => {
    const at = (place: number, closed: boolean) => pathAt(keys, place, { mode: 'slerp', closed });
    expect(at(-1, false)).toEqual(a);
    expect(at(5, false)).toEqual(c);
    expect(at(3, true)).toEqual(a);
    expect(at(4.5, true)).toEqual(at(1.5, true));
    expect(at(-1, true)).toEqual(c);
  });

  it('eases within each segment', () => {
    const eased = pathAt(keys, 1.25, { mode: 'lerp', easing: 'ease-in' });
    expect(distance(eased, lerp(b, c, 0.0625))).toBe(0);
  });

  it('shows that lerp leaves the shell and slerp stays', () => {
    const profile = (mode: 'lerp' | 'slerp') =>
      normProfile(pathFrames([a, b], { mode, framesPerSegment: 20 }));
    const ends = Math.min(norm(a), norm(b));
    expect(Math.min(...profile('lerp'))).toBeLessThan(0.85 * ends);
    expect(Math.min(...profile('slerp'))).toBeGreaterThan(0.999 * ends);
  });
});

describe('randomWalkAt', () => {
  const at = (time: number, prior: LatentPrior = 'normal', seed = 4) =>
    randomWalkAt(time, { seed, prior, size: 100 });

  it('is the same for a seed and a time, and other for others', () => {
    expect(at(12.34)).toEqual(at(12.34));
    expect(distance(at(12.34), at(12.34, 'normal', 5))).toBeGreaterThan(5);
    expect(distance(at(0), at(40))).toBeGreaterThan(5);
  });

  it('moves smoothly, in steps of like size, across knots too', () => {
    const steps = Array.from({ length: 400 }, (_, i) => distance(at(i / 50), at((i + 1) / 50)));
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(3);
    expect(Math.max(...steps)).toBeLessThan(0.5);
    const turns = steps.slice(1).map((step, i) => Math.abs(step - steps[i]!));
    expect(Math.max(...turns)).toBeLessThan(0.02);
  });

  it('stays in the shell of its prior, between knots as on them', () => {
    for (const offset of [0, 0.25, 0.5]) {
      const lengths = Array.from({ length: 300 }, (_, i) => norm(at(i + offset)));
      const average = lengths.reduce((sum, x) => sum + x, 0) / 300;
      expect(average / Math.sqrt(99.5)).toBeCloseTo(1, 1.5);
      expect(Math.min(...lengths)).toBeGreaterThan(7.5);
    }
    expect(norm(at(3.3, 'sphere'))).toBeCloseTo(10, 4);
  });

  it('keeps a uniform prior uniform', () => {
    const values = Array.from({ length: 60 }, (_, i) => at(5 * i + 0.4, 'uniform')).flatMap((z) => [
      ...z,
    ]);
    expect(values.every((x) => Math.abs(x) < 1)).toBe(true);
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(variance).toBeCloseTo(1 / 3, 1.7);
  });
});

it('sampling for one purpose does not repeat that for another', () => {
  const walk = randomWalkAt(0, { seed: 1, prior: 'normal', size: 100 });
  expect(distance(walk, sampleLatent(0, { seed: 1, prior: 'normal', size: 100 }))).toBeGreaterThan(
    5,
  );
});
