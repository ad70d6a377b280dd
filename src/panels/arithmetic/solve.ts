/**
 * The vectors that the panel shows. With D the sum of all groups but the base (the last one with a plus),
 * the result is base + fade · D: 1 is the equation as written, 0 the base alone.
 */
import { add, combine, mean, norm, sampleLatent, scale, withNorm } from '../../core/latent';
import { normalizeResult, type Normalization } from '../../session/arithmetic';
import type { LatentSpec } from '../../model/spec';
import { baseIndex, type Sign } from './equation';

export interface Group {
  sign: Sign;
  /** Empty groups count as nothing. */
  z: readonly Float32Array[];
}

export interface SolveOptions {
  fade: number;
  normalization: Normalization;
  latent: LatentSpec;
}

export interface Solution {
  result: Float32Array;
  /** The base group's signed mean; zero where all groups are taken away. */
  base: Float32Array;
  difference: Float32Array;
}

/** Null where no group has a face. */
export function solve(groups: readonly Group[], options: SolveOptions): Solution | null {
  const { fade, latent } = options;
  const filled = groups.filter(({ z }) => z.length > 0);
  if (filled.length === 0) return null;
  const at = baseIndex(filled);
  const zero = new Float32Array(latent.size);
  const others = filled.filter((_, index) => index !== at);
  const [baseGroup] = filled.slice(at, at + 1);
  const base = at >= 0 && baseGroup ? combine([baseGroup]) : zero;
  const difference = others.length > 0 ? combine(others) : zero;
  const result = normalized(add(base, scale(difference, fade)), options);
  return { result, base, difference };
}

function normalized(z: Float32Array, { normalization, latent }: SolveOptions): Float32Array {
  return normalizeResult(z, normalization, latent.prior);
}

/** One exemplar of each group: number `at`, or the last of a shorter group. */
export function singleOf(groups: readonly Group[], at: number): Group[] {
  return groups.map(({ sign, z }) => {
    const one = z[Math.min(at, z.length - 1)];
    return { sign, z: one ? [one] : [] };
  });
}

/** The mean of a group, null of an empty one. */
export function meanOfGroup(z: readonly Float32Array[]): Float32Array | null {
  return z.length === 0 ? null : mean(z);
}

/** z with the length of another. */
export function withLengthOf(z: Float32Array, other: Float32Array): Float32Array {
  return withNorm(z, norm(other));
}

/** Any direction, as long as the difference: what is left of an effect must come from the direction. */
export function randomLike(difference: Float32Array, seed: number, index = 0): Float32Array {
  const direction = sampleLatent(index, {
    seed,
    prior: 'normal',
    size: difference.length,
    stream: CONTROL_STREAM,
  });
  return withNorm(direction, norm(difference));
}

/** Apart from the streams of core/latent.ts, so that no sample is ever a control. */
const CONTROL_STREAM = 16;

/** The control: the base group plus a random vector in place of the difference. */
export function randomControl(
  { base, difference }: Solution,
  options: SolveOptions,
  seed: number,
  index = 0,
): Float32Array {
  return normalized(add(base, scale(randomLike(difference, seed, index), options.fade)), options);
}

/** The base group alone. */
export function baseControl({ base }: Solution, options: SolveOptions): Float32Array {
  return normalized(base, options);
}
