export interface PrincipalComponents {
  /** Mean of the samples; components are directions from it. */
  mean: Float32Array;
  /** Unit vectors at right angles, the largest variance first; each one's largest entry is positive. */
  components: Float32Array[];
  /** Variance of the samples along each component (divided by n − 1). */
  variances: number[];
  /** Sum of the variances along all directions, also those that were not asked for. */
  totalVariance: number;
}

/**
 * Principal components of samples (equally long, at least two): the eigenvectors of their covariance
 * matrix, by Jacobi's rotations, which are exact to rounding but slow beyond some 300 dimensions. With fewer
 * samples than dimensions the samples' Gram matrix is decomposed instead, which has the same eigenvalues.
 * Returns at most `count`, fewer where the samples span fewer. Throws RangeError for less than two samples.
 */
export function principalComponents(
  samples: readonly Float32Array[],
  count: number,
): PrincipalComponents {
  const [first] = samples;
  if (!first || samples.length < 2) throw new RangeError('Components need two samples or more');
  const size = first.length;
  const mean = meanOf(samples, size);
  const centered = samples.map((sample) => Float64Array.from(sample, (x, i) => x - mean[i]!));
  const freedom = samples.length - 1;
  const wide = samples.length < size;
  const rows = wide ? centered : transpose(centered, size);
  const { values, vectors } = eigenSymmetric(gram(rows, freedom));
  const totalVariance = values.reduce((sum, value) => sum + value, 0);
  const order = [...values.keys()].sort((i, j) => values[j]! - values[i]!);
  const kept = order.slice(0, count).filter((i) => values[i]! > 1e-12 * totalVariance);
  const components = kept.map((i) => {
    const vector = vectors[i]!;
    return oriented(wide ? combineRows(centered, vector, size) : vector);
  });
  const variances = kept.map((i) => values[i]!);
  return { mean: Float32Array.from(mean), components, variances, totalVariance };
}

function meanOf(samples: readonly Float32Array[], size: number): Float64Array {
  const sum = new Float64Array(size);
  for (const sample of samples) for (let i = 0; i < size; i++) sum[i]! += sample[i]!;
  return sum.map((x) => x / samples.length);
}

function transpose(rows: readonly Float64Array[], size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) => Float64Array.from(rows, (row) => row[i]!));
}

/** The matrix of dot products of rows, divided by `freedom`. */
function gram(rows: readonly Float64Array[], freedom: number): Float64Array[] {
  return rows.map((a) =>
    Float64Array.from(rows, (b) => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
      return sum / freedom;
    }),
  );
}

function combineRows(
  rows: readonly Float64Array[],
  weights: Float64Array,
  size: number,
): Float64Array {
  const sum = new Float64Array(size);
  rows.forEach((row, r) => {
    for (let i = 0; i < size; i++) sum[i]! += weights[r]! * row[i]!;
  });
  return sum;
}

/** Unit length, and of the two possible signs the one with the largest entry positive. */
function oriented(vector: Float64Array): Float32Array {
  let largest = 0;
  let square = 0;
  for (const x of vector) {
    if (Math.abs(x) > Math.abs(largest)) largest = x;
    square += x * x;
  }
  const factor = Math.sign(largest) / Math.sqrt(square);
  return Float32Array.from(vector, (x) => factor * x);
}

const MAX_SWEEPS = 50;

/**
 * Eigenvalues and unit eigenvectors of a symmetric matrix, by cyclic Jacobi rotations (Golub & Van Loan,
 * Matrix Computations, section 8.5). Changes `matrix`. In no order.
 */
function eigenSymmetric(matrix: Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = matrix.length;
  const vectors = matrix.map((_, i) => {
    const unit = new Float64Array(n);
    unit[i] = 1;
    return unit;
  });
  const scale = matrix.reduce((sum, row, i) => sum + Math.abs(row[i]!), 0);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(matrix[p]![q]!) <= 1e-15 * scale) continue;
        rotate(matrix, vectors, p, q);
        rotated = true;
      }
    }
    if (!rotated) break;
  }
  return { values: matrix.map((row, i) => row[i]!), vectors };
}

/** One rotation in the plane of axes p and q that makes entry (p, q) zero. Vectors are rows. */
function rotate(matrix: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const rowP = matrix[p]!;
  const rowQ = matrix[q]!;
  const tau = (rowQ[q]! - rowP[p]!) / (2 * rowP[q]!);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  turn(rowP, rowQ, c, s);
  for (const row of matrix) {
    const [a, b] = [row[p]!, row[q]!];
    row[p] = c * a - s * b;
    row[q] = s * a + c * b;
  }
  turn(vectors[p]!, vectors[q]!, c, s);
}

/** (a, b) → (c·a − s·b, s·a + c·b), in place. */
function turn(a: Float64Array, b: Float64Array, c: number, s: number): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    a[i] = c * x - s * y;
    b[i] = s * x + c * y;
  }
}
