/**
 * Arithmetic with groups of latents, as the panel and the console do it (section 6.3.2 of the DCGAN
 * paper): averages, signs, and eight neighbours around the result.
 */
import { combine, mean, perturb, subtract } from '../core/latent';
import { scaleToShell } from '../core/shell';
import { AppError } from '../lib/errors';
import type { LatentSpec, Prior } from '../model/spec';

/** What is done to the length of a result: nothing, or the length that the prior's samples have. */
export type Normalization = 'none' | 'shell';

/** Neighbours around a result in the paper's 3×3. */
export const NEIGHBOURS = 8;

export interface ArithmeticRequest {
  /** Each group's exemplars are averaged and added with its sign. */
  terms: readonly { sign: 1 | -1; z: readonly (Float32Array | readonly number[])[] }[];
  /** Half the width of the neighbours' uniform noise; the prior's own (`defaultNoise`) when absent. */
  noise?: number;
  /** Of the neighbours' noise; 1 when absent. */
  seed?: number;
  /** 'shell' (or true) gives the result the length of the prior's samples; 'none' when absent. */
  normalise?: Normalization | boolean;
}

export interface ArithmeticResult {
  /** The result, latent.size numbers. */
  z: Float32Array;
  /** Eight latents around it. */
  neighbours: Float32Array[];
}

/**
 * The paper's ±0.25 for its uniform prior (standard deviation 0.58), and ±0.43 where a component's
 * deviation is 1: the same share of it.
 */
export function defaultNoise(prior: Prior): number {
  return prior === 'uniform' ? 0.25 : 0.43;
}

/** z as it is, or with the length of the prior's samples. */
export function normalizeResult(
  z: Float32Array,
  normalization: Normalization,
  prior: Prior,
): Float32Array {
  return normalization === 'shell' ? scaleToShell(z, prior) : z;
}

/** The eight latents around a result; neighbour i of a seed is the same whatever the radius. */
export function neighboursOf(z: Float32Array, radius: number, seed: number): Float32Array[] {
  return Array.from({ length: NEIGHBOURS }, (_, index) => perturb(z, radius, { seed, index }));
}

/**
 * Throws AppError `arithmetic-empty` for no terms or a group without exemplars, `arithmetic-sign` for a
 * sign that is none, `latent-size` where a vector is not latent.size numbers, `arithmetic-noise` for a
 * radius that is negative or no number.
 */
export function computeArithmetic(
  request: ArithmeticRequest,
  { size, prior }: LatentSpec,
): ArithmeticResult {
  const { noise = defaultNoise(prior), seed = 1, normalise = 'none' } = request;
  checkTerms(request);
  if (!Number.isFinite(noise) || noise < 0) {
    throw new AppError({
      code: 'arithmetic-noise',
      message: `The noise has the radius ${String(noise)}.`,
      hint: 'Give a number from 0 on; 0.43 suits a normal prior, 0.25 a uniform one.',
    });
  }
  const terms = request.terms.map(({ sign, z }, at) => ({
    sign,
    z: z.map((one) => checkLatent(one, size, `group ${at + 1}`)),
  }));
  const normalization = normalise === true || normalise === 'shell' ? 'shell' : 'none';
  const z = normalizeResult(combine(terms), normalization, prior);
  return { z, neighbours: neighboursOf(z, noise, seed) };
}

/**
 * The way from the mean of `a` to the mean of `b`: added to a latent, it makes it less like `a` and more
 * like `b`. Throws AppError `arithmetic-empty` or `latent-size`.
 */
export function computeDirection(
  a: readonly (Float32Array | readonly number[])[],
  b: readonly (Float32Array | readonly number[])[],
  size: number,
): Float32Array {
  const [from, to] = [a, b].map((group, at) => {
    if (group.length === 0) throw emptyGroup(at + 1);
    return mean(group.map((one) => checkLatent(one, size, `group ${at + 1}`)));
  }) as [Float32Array, Float32Array];
  return subtract(to, from);
}

function checkTerms({ terms }: ArithmeticRequest): void {
  if (terms.length === 0) throw emptyGroup(1);
  terms.forEach(({ sign, z }, at) => {
    if (z.length === 0) throw emptyGroup(at + 1);
    if (sign !== 1 && sign !== -1) {
      throw new AppError({
        code: 'arithmetic-sign',
        message: `Group ${at + 1} has the sign ${String(sign)}.`,
        hint: 'A sign is 1 (added) or -1 (taken away).',
      });
    }
  });
}

function checkLatent(
  z: Float32Array | readonly number[],
  size: number,
  where: string,
): Float32Array {
  if (z.length === size) return z instanceof Float32Array ? z : Float32Array.from(z);
  throw new AppError({
    code: 'latent-size',
    message: `A latent of ${where} has ${z.length} numbers; the open model takes ${size}.`,
    hint: 'It was made with another model, so it means nothing to this one. Open its model, or choose another latent.',
  });
}

function emptyGroup(number: number): AppError {
  return new AppError({
    code: 'arithmetic-empty',
    message: `Group ${number} has no exemplars.`,
    hint: 'Give at least one latent a group, for instance latentarium.sample(3).',
  });
}
