import { describe, expect, it } from 'vitest';
import { norm, sampleLatents } from '../../core/latent';
import { computeArithmetic } from '../../session/arithmetic';
import { combinePixels } from './pixel-arithmetic';
import { baseControl, randomControl, singleOf, solve, withLengthOf, type Group } from './solve';

const latent = { size: 100, prior: 'normal' as const };
const samples = sampleLatents(9, { seed: 2, prior: 'normal', size: 100 });
const groups: Group[] = [
  { sign: 1, z: samples.slice(0, 3) },
  { sign: -1, z: samples.slice(3, 6) },
  { sign: 1, z: samples.slice(6, 9) },
];
const options = { fade: 1, normalization: 'none' as const, latent };

function expectClose(a: Float32Array, b: Float32Array) {
  a.forEach((value, i) => expect(Math.abs(value - b[i]!)).toBeLessThan(1e-6));
}

describe('solve', () => {
  it('is the console’s arithmetic at 1 and the last group at 0', () => {
    const terms = groups.map(({ sign, z }) => ({ sign, z }));
    expectClose(solve(groups, options)!.result, computeArithmetic({ terms }, latent).z);
    const base = computeArithmetic({ terms: terms.slice(2) }, latent).z;
    expectClose(solve(groups, { ...options, fade: 0 })!.result, base);
    expectClose(baseControl(solve(groups, options)!, options), base);
  });

  it('counts empty groups as nothing and knows when there is nothing', () => {
    const partial = [groups[0]!, { sign: -1 as const, z: [] }];
    const mean = computeArithmetic({ terms: [groups[0]!] }, latent).z;
    expectClose(solve(partial, options)!.result, mean);
    expect(solve([{ sign: 1, z: [] }], options)).toBeNull();
    const minus = solve([{ sign: -1, z: groups[0]!.z }], options)!;
    expect(norm(minus.base)).toBe(0);
    expect(norm(minus.result)).toBeCloseTo(norm(mean), 5);
  });

  it('calculates with one exemplar, also at the length of the averaged result', () => {
    const averaged = solve(groups, options)!.result;
    const single = solve(singleOf(groups, 1), options)!.result;
    const terms = groups.map(({ sign, z }) => ({ sign, z: [z[1]!] }));
    expectClose(single, computeArithmetic({ terms }, latent).z);
    expect(norm(single)).toBeGreaterThan(1.3 * norm(averaged));
    expect(norm(withLengthOf(single, averaged))).toBeCloseTo(norm(averaged), 4);
    expect(singleOf([{ sign: 1, z: samples.slice(0, 2) }], 9)[0]?.z).toEqual([samples[1]]);
  });

  it('has a control as long as the difference, in another direction, and the same by seed', () => {
    const solution = solve(groups, options)!;
    const control = randomControl(solution, options, 5);
    const step = control.map((x, i) => x - solution.base[i]!);
    expect(norm(step)).toBeCloseTo(norm(solution.difference), 4);
    expect(randomControl(solution, options, 5)).toEqual(control);
    expect(randomControl(solution, options, 6)).not.toEqual(control);
    const shell = { ...options, normalization: 'shell' as const };
    expect(norm(solve(groups, shell)!.result)).toBeCloseTo(9.975, 2);
  });
});

describe('pixel arithmetic', () => {
  const picture = (value: number) => Uint8ClampedArray.of(value, value, value, 255);

  it('averages, adds and cuts off', () => {
    const sum = (fade: number) =>
      combinePixels(
        [
          { sign: 1, pictures: [picture(200), picture(100)] },
          { sign: -1, pictures: [picture(100)] },
          { sign: 1, pictures: [picture(30)] },
        ],
        fade,
      );
    expect(sum(1)).toEqual(Uint8ClampedArray.of(80, 80, 80, 255));
    expect(sum(0)).toEqual(picture(30));
    expect(sum(-1)).toEqual(Uint8ClampedArray.of(0, 0, 0, 255));
    expect(combinePixels([{ sign: 1, pictures: [] }], 1)).toBeNull();
  });
});
