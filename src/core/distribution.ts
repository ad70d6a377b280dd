/**
 * How far apart two sets of pictures are, and how different the pictures of one set: without a network
 * that somebody else trained, so that the numbers mean the same on every device and for every subject.
 */
import { normal } from '../lib/rng';

/** Pictures as rows of numbers, count × size, in levels of 0 to 255. */
export interface Rows {
  count: number;
  /** Numbers of one picture. */
  size: number;
  data: ArrayLike<number>;
}

/** Projections of a set onto each direction, ascending. */
export type SortedProjections = readonly Float32Array[];

/** What these random numbers are for (see core/latent.ts, STREAM). */
const DIRECTIONS_STREAM = 40;

/** `count` unit vectors of `size` numbers, evenly spread over the sphere: the same for the same seed. */
export function randomDirections(count: number, size: number, seed: number): Float32Array[] {
  return Array.from({ length: count }, (_, direction) => {
    const first = direction * size;
    const v = Float32Array.from({ length: size }, (__, i) =>
      normal(seed, DIRECTIONS_STREAM, first + i),
    );
    let sum = 0;
    for (const x of v) sum += x * x;
    const length = Math.sqrt(sum);
    return v.map((x) => x / length);
  });
}

/** Projects every picture onto every direction, and sorts each direction's numbers. */
export function sortedProjections(
  { count, size, data }: Rows,
  directions: readonly Float32Array[],
): SortedProjections {
  const projections = directions.map(() => new Float32Array(count));
  const row = new Float32Array(size);
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < size; i++) row[i] = data[n * size + i]!;
    directions.forEach((direction, at) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += row[i]! * direction[i]!;
      projections[at]![n] = sum;
    });
  }
  for (const projection of projections) projection.sort();
  return projections;
}

/**
 * Sliced 2-Wasserstein distance (Rabin, Peyré, Delon & Bernot 2011; Bonneel et al. 2015): the root of the
 * mean, over directions, of the squared 2-Wasserstein distance between both sets' projections, which for
 * numbers on a line is the distance of their quantile functions. Directions are unit vectors, so the mean
 * square of a projected difference is the mean square over the picture's numbers: the result is in the
 * levels of those, and never above the RMS distance of the best matching of the two sets. Two samples of
 * one distribution are not at 0 but, with sd σ, near σ·√(1/n + 1/m).
 */
export function slicedWasserstein(a: SortedProjections, b: SortedProjections): number {
  let sum = 0;
  a.forEach((projection, at) => (sum += squaredDistance(projection, b[at]!)));
  return Math.sqrt(sum / a.length);
}

/** ∫₀¹ (F⁻¹ − G⁻¹)² of two sorted samples: both are steps, of 1/n and 1/m. */
function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  let done = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const endA = (i + 1) / a.length;
    const endB = (j + 1) / b.length;
    const end = Math.min(endA, endB);
    sum += (end - done) * (a[i]! - b[j]!) ** 2;
    done = end;
    // By whole numbers: fractions that should be equal may differ in the last bit.
    const order = (i + 1) * b.length - (j + 1) * a.length;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return sum;
}

/** Mean over all pairs of the RMS difference of two pictures' numbers, in their levels; 0 below two pictures. */
export function meanPairwiseDistance({ count, size, data }: Rows): number {
  let sum = 0;
  for (let n = 1; n < count; n++) {
    for (let m = 0; m < n; m++) {
      let square = 0;
      for (let i = 0; i < size; i++) square += (data[n * size + i]! - data[m * size + i]!) ** 2;
      sum += Math.sqrt(square / size);
    }
  }
  return count < 2 ? 0 : sum / ((count * (count - 1)) / 2);
}
