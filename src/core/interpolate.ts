import { dot, norm, scale, subtract } from './latent';

/** Straight line from a (t = 0) to b (t = 1). Between unrelated samples it dips below the prior's shell. */
export function lerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  return a.map((x, i) => x + t * (b[i]! - x));
}

/** Directions closer than this (in radians) are one direction. */
const SMALL_ANGLE = 1e-6;

/**
 * Along the great circle from a's direction to b's at constant angular speed, while the length goes
 * straight from |a| to |b| (Shoemake 1985; for latents White 2016, arXiv 1609.04468). Ends are exact.
 * Parallel vectors, and zero, which has no direction: the straight line, which is the limit. Opposite
 * vectors: half a turn by way of the axis that a leans to least, always the same one; in one dimension,
 * where there is no way round, the straight line.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  if (t === 0) return a.slice();
  if (t === 1) return b.slice();
  const [lengthA, lengthB] = [norm(a), norm(b)];
  if (lengthA === 0 || lengthB === 0) return lerp(a, b, t);
  const u = scale(a, 1 / lengthA);
  const v = scale(b, 1 / lengthB);
  const angle = angleBetween(u, v);
  if (angle < SMALL_ANGLE) return lerp(a, b, t);
  const side = angle > Math.PI - SMALL_ANGLE ? anyPerpendicular(u) : perpendicular(v, u);
  if (!side) return lerp(a, b, t);
  const length = lengthA + t * (lengthB - lengthA);
  const [along, across] = [length * Math.cos(angle * t), length * Math.sin(angle * t)];
  return u.map((x, i) => along * x + across * side[i]!);
}

/** Between unit vectors; unlike the arc cosine also exact for nearly equal and nearly opposite ones. */
function angleBetween(u: Float32Array, v: Float32Array): number {
  let [difference, sum] = [0, 0];
  for (let i = 0; i < u.length; i++) {
    difference += (u[i]! - v[i]!) ** 2;
    sum += (u[i]! + v[i]!) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum));
}

/** The unit vector along the part of v that is at right angles to the unit vector u; none where v ∥ u. */
function perpendicular(v: Float32Array, u: Float32Array): Float32Array | undefined {
  const rest = subtract(v, scale(u, dot(u, v)));
  const length = norm(rest);
  return length > 0 ? scale(rest, 1 / length) : undefined;
}

function anyPerpendicular(u: Float32Array): Float32Array | undefined {
  let least = 0;
  for (let i = 1; i < u.length; i++) if (Math.abs(u[i]!) < Math.abs(u[least]!)) least = i;
  const axis = new Float32Array(u.length);
  axis[least] = 1;
  return u.length > 1 ? perpendicular(axis, u) : undefined;
}

/** How time runs within a segment: even, gently started, gently ended, or both. */
export type Easing = 'linear' | 'ease-in' | 'ease-out' | 'ease-in-out';

/** Eased time for t in [0, 1]; 0 and 1 stay. Quadratic at one end, cubic (smoothstep) for both. */
export function ease(easing: Easing, t: number): number {
  switch (easing) {
    case 'linear':
      return t;
    case 'ease-in':
      return t * t;
    case 'ease-out':
      return t * (2 - t);
    case 'ease-in-out':
      return t * t * (3 - 2 * t);
  }
}
