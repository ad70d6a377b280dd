/** |z| along a walk, for the chart beside the prior's shell. */
import type { LatentPrior } from '../../core/latent';
import { norm } from '../../core/latent';
import { pathAt, randomWalkAt, segmentCount } from '../../core/path';
import { priorShell } from '../../core/shell';
import type { Keyframe } from './keyframes';
import type { WalkSettings } from './walk';

const POINTS_PER_SEGMENT = 24;
const ENDLESS_POINTS = 240;

export interface Norms {
  lerp: number[];
  slerp: number[];
  /** Each has one point more than it has steps; x goes over segments. */
  segments: number;
}

/** |z| of both interpolations at even steps of the path, whichever one is played. */
export function walkNorms(keyframes: readonly Keyframe[], settings: WalkSettings): Norms {
  const z = keyframes.map((key) => key.z);
  const { closed, easing } = settings;
  const segments = segmentCount(z.length, closed);
  if (segments === 0) return { lerp: [], slerp: [], segments };
  const along = (mode: 'lerp' | 'slerp') =>
    Array.from({ length: segments * POINTS_PER_SEGMENT + 1 }, (_, point) =>
      norm(pathAt(z, point / POINTS_PER_SEGMENT, { mode, closed, easing })),
    );
  return { lerp: along('lerp'), slerp: along('slerp'), segments };
}

/** |z| of an endless walk between two frames. */
export function endlessNorms(
  from: number,
  to: number,
  settings: WalkSettings,
  prior: LatentPrior,
  size: number,
): number[] {
  const options = { seed: settings.endlessSeed, prior, size };
  return Array.from({ length: ENDLESS_POINTS + 1 }, (_, point) => {
    const frame = from + ((to - 1 - from) * point) / ENDLESS_POINTS;
    return norm(randomWalkAt(frame / settings.framesPerSegment, options));
  });
}

/** The lengths that 90 % of the prior's samples have. */
export function shellBand(prior: LatentPrior, size: number) {
  const shell = priorShell(prior, size);
  return { low: shell.quantile(0.05), high: shell.quantile(0.95), expected: shell.expected };
}
