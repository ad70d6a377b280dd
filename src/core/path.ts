import { normal } from '../lib/rng';
import { ease, lerp, slerp } from './interpolate';
import type { Easing } from './interpolate';
import { norm, STREAM, withNorm } from './latent';
import type { LatentPrior } from './latent';
import { normalCdf } from './normal-distribution';

/** Straight lines, or great circles. */
export type PathMode = 'lerp' | 'slerp';

export interface PathOptions {
  mode: PathMode;
  /** From the last keyframe back to the first. */
  closed?: boolean | undefined;
  /** Default linear. */
  easing?: Easing | undefined;
}

/** Stretches between neighbouring keyframes: count − 1, or count when closed; none below two keyframes. */
export function segmentCount(keyframes: number, closed = false): number {
  if (keyframes < 2) return 0;
  return closed ? keyframes : keyframes - 1;
}

/**
 * Frames of a path: an open one has its last keyframe as last frame, a closed one ends a step before the
 * first, so that it loops without a stutter.
 */
export function frameCount(keyframes: number, framesPerSegment: number, closed = false): number {
  const segments = segmentCount(keyframes, closed);
  if (segments === 0) return Math.min(keyframes, 1);
  return segments * framesPerSegment + (closed ? 0 : 1);
}

/**
 * The latent at `place` of a path, counted in segments: 0 is the first keyframe, 1.5 the middle of the
 * second segment; beyond the ends of an open path the end, round and round on a closed one. Throws
 * RangeError without keyframes.
 */
export function pathAt(
  keyframes: readonly Float32Array[],
  place: number,
  { mode, closed = false, easing = 'linear' }: PathOptions,
): Float32Array {
  const segments = segmentCount(keyframes.length, closed);
  const wrapped = closed && segments > 0 ? place - segments * Math.floor(place / segments) : place;
  const segment = Math.max(0, Math.min(Math.floor(wrapped), segments - 1));
  const a = keyframes[segment];
  const b = keyframes[(segment + 1) % keyframes.length];
  if (!a || !b) throw new RangeError('A path without keyframes');
  const t = segments === 0 ? 0 : ease(easing, Math.max(0, Math.min(wrapped - segment, 1)));
  return mode === 'slerp' ? slerp(a, b, t) : lerp(a, b, t);
}

/** All frames of a path, `framesPerSegment` (at least 1) from each keyframe to before the next. */
export function pathFrames(
  keyframes: readonly Float32Array[],
  { framesPerSegment, ...options }: PathOptions & { framesPerSegment: number },
): Float32Array[] {
  const length = frameCount(keyframes.length, framesPerSegment, options.closed);
  return Array.from({ length }, (_, i) => pathAt(keyframes, i / framesPerSegment, options));
}

/** |z| of every frame: flat for slerp between equal lengths, sagging for lerp. */
export function normProfile(frames: readonly Float32Array[]): number[] {
  return frames.map(norm);
}

/** Cubic B-spline weights of the four knots around t in [0, 1): smooth up to the second derivative. */
function splineWeights(t: number): [number, number, number, number] {
  const s = 1 - t;
  return [
    s ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (3 * s ** 3 - 6 * s ** 2 + 4) / 6,
    t ** 3 / 6,
  ];
}

/**
 * Endless smooth motion through a prior: where it is at `time` ≥ 0, counted in knots (about one new
 * picture a knot). At every moment z is a fair sample: a spline through independent normal vectors is
 * divided by the length of its weights, which keeps the variance at 1 between the knots, where plain
 * interpolation sags. Uniform: each component goes through Φ to U(−1, 1); sphere: projected to √size.
 */
export function randomWalkAt(
  time: number,
  { seed, prior, size }: { seed: number; prior: LatentPrior; size: number },
): Float32Array {
  const knot = Math.floor(time);
  const weights = splineWeights(time - knot);
  const length = Math.hypot(...weights);
  const z = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    weights.forEach((weight, j) => {
      sum += (weight / length) * normal(seed, STREAM.walk, (knot + j) * size + i);
    });
    z[i] = prior === 'uniform' ? 2 * normalCdf(sum) - 1 : sum;
  }
  return prior === 'sphere' ? withNorm(z, Math.sqrt(size)) : z;
}
