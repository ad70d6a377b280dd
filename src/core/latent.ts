import { normal, uniform } from '../lib/rng';

// Latent vectors: where they come from, and arithmetic with them (section 6.3.2 of the DCGAN paper).

/** N(0, 1) in each component, U(−1, 1), or a normal sample projected to radius √size. */
export type LatentPrior = 'normal' | 'uniform' | 'sphere';

/** What random numbers are drawn for: draws for one purpose never repeat those for another. */
export const STREAM = { sample: 0, noise: 1, walk: 2, reference: 3 } as const;

/** Below truncation 1, components of a normal sample beyond ±(this × truncation) are drawn again. */
const TRUNCATION_RANGE = 3;
/** Later lanes of the random numbers serve further tries; past these a component is drawn uniformly. */
const MAX_TRIES = 64;

export interface SampleOptions {
  /** Whole number from 0 to 2⁵³ − 1. */
  seed: number;
  prior: LatentPrior;
  /** Length of z. */
  size: number;
  /**
   * 1 (or absent, or more): the prior as it is. Below, samples lie nearer its centre, down to all zeros
   * at 0: more alike, fewer failures. Normal: the truncation trick (Brock, Donahue & Simonyan 2019,
   * arXiv 1809.11096), components with |x| > 3·truncation are drawn again, the others stay as they were.
   * Uniform and sphere: z is scaled by it, since resampling would leave these priors' shapes.
   */
  truncation?: number | undefined;
  /** Default STREAM.sample. */
  stream?: number | undefined;
}

/** Sample `index` of a seed: the same whichever others are drawn. */
export function sampleLatent(index: number, options: SampleOptions): Float32Array {
  const { seed, prior, size, stream = STREAM.sample } = options;
  const truncation = Math.min(1, Math.max(0, options.truncation ?? 1));
  const first = index * size;
  const z = new Float32Array(size);
  if (prior === 'uniform') {
    return z.map((_, i) => truncation * (2 * uniform(seed, stream, first + i) - 1));
  }
  if (prior === 'sphere') {
    const direction = z.map((_, i) => normal(seed, stream, first + i));
    return withNorm(direction, truncation * Math.sqrt(size));
  }
  const limit = truncation < 1 ? TRUNCATION_RANGE * truncation : Infinity;
  return z.map((_, i) => truncatedNormal(seed, stream, first + i, limit));
}

/** Samples 0 to count − 1 of a seed. */
export function sampleLatents(count: number, options: SampleOptions): Float32Array[] {
  return Array.from({ length: count }, (_, index) => sampleLatent(index, options));
}

function truncatedNormal(seed: number, stream: number, index: number, limit: number): number {
  for (let lane = 0; lane < MAX_TRIES; lane++) {
    const x = normal(seed, stream, index, lane);
    if (Math.abs(x) <= limit) return x;
  }
  // So many tries fail only for limits so narrow that the bell is flat between them.
  return limit * (2 * uniform(seed, stream, index, MAX_TRIES) - 1);
}

/** Euclidean length |z|. */
export function norm(z: Float32Array): number {
  return Math.sqrt(dot(z, z));
}

/** Σ aᵢ·bᵢ, summed in doubles. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** a + b. */
export function add(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((x, i) => x + b[i]!);
}

/** a − b. */
export function subtract(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((x, i) => x - b[i]!);
}

/** factor · z. */
export function scale(z: Float32Array, factor: number): Float32Array {
  return z.map((x) => factor * x);
}

/** z with another length; zero, which has no direction, stays zero. */
export function withNorm(z: Float32Array, length: number): Float32Array {
  const now = norm(z);
  return now === 0 ? z.slice() : scale(z, length / now);
}

/** Componentwise mean. Throws RangeError of none. */
export function mean(all: readonly Float32Array[]): Float32Array {
  const [first] = all;
  if (!first) throw new RangeError('The mean of no latents');
  const sum = new Float64Array(first.length);
  for (const z of all) for (let i = 0; i < sum.length; i++) sum[i]! += z[i]!;
  return Float32Array.from(sum, (x) => x / all.length);
}

/** One group of an equation: exemplars of a concept, added or taken away. */
export interface Term {
  sign: 1 | -1;
  z: readonly Float32Array[];
}

/**
 * The paper's arithmetic: the exemplars of each group are averaged, then the means are added with their
 * signs. smiling woman − neutral woman + neutral man is [{1, …}, {−1, …}, {1, …}]. Throws RangeError when
 * a group is empty or there is none.
 */
export function combine(terms: readonly Term[]): Float32Array {
  const [first] = terms;
  if (!first) throw new RangeError('An equation without terms');
  const start = new Float32Array(mean(first.z).length);
  return terms.reduce<Float32Array>((sum, { sign, z }) => add(sum, scale(mean(z), sign)), start);
}

/** z moved by `step` half lengths of a direction: from −1 to 1 is the whole of it. */
export function moveAlong(z: Float32Array, direction: Float32Array, step: number): Float32Array {
  return add(z, scale(direction, step / 2));
}

/**
 * z plus uniform noise in ±radius in each component, as the eight neighbours in the paper's figures
 * (±0.25 for its uniform prior; ±0.43 is the like for a normal one). `index` picks the neighbour.
 */
export function perturb(
  z: Float32Array,
  radius: number,
  { seed, index }: { seed: number; index: number },
): Float32Array {
  const first = index * z.length;
  return z.map((x, i) => x + radius * (2 * uniform(seed, STREAM.noise, first + i) - 1));
}
