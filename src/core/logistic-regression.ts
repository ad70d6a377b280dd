/**
 * L2-regularised logistic regression, as scikit-learn's LogisticRegression(C, class_weight='balanced')
 * defines it: minimise ½‖w‖² + C·Σᵢ sᵢ·log(1 + exp(−yᵢ(w·xᵢ + b))), y ∈ {−1, 1}, bias unpenalised,
 * features as they come. The paper uses it to find filters that draw windows (section 6.3.1).
 *
 * Solved by Newton's method with backtracking: the problem is convex and has some hundred weights, so a
 * dozen steps reach the optimum to the last digits and nothing needs tuning.
 */

export interface LogisticOptions {
  /** Inverse strength of the regularisation; default 1. */
  c?: number;
  /** Weighs both classes alike, whatever their counts; default true. */
  balanced?: boolean;
  /** Newton steps at most; default 100. */
  maxIterations?: number;
  /** Stops when no component of the gradient is larger; default 1e-6. */
  tolerance?: number;
}

export interface LogisticFit {
  /** One weight a feature. */
  weights: Float64Array;
  bias: number;
  iterations: number;
  /** Largest component of the gradient at the end. */
  gradient: number;
  converged: boolean;
}

interface Problem {
  /** n × d, row-major. */
  features: Float32Array;
  /** 0 or 1. */
  labels: Uint8Array;
  /** Weight of each sample in the loss: C·sᵢ. */
  importance: Float64Array;
  count: number;
  size: number;
}

function classImportance(labels: Uint8Array, c: number, balanced: boolean): Float64Array {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError('Logistic regression needs samples of both classes.');
  }
  const half = labels.length / 2;
  const weight = balanced ? [half / negatives, half / positives] : [1, 1];
  return Float64Array.from(labels, (label) => c * (weight[label] ?? 1));
}

/** w·xᵢ + b for every sample; the bias is the last parameter. */
function scores({ features, count, size }: Problem, parameters: Float64Array): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = parameters[size]!;
    for (let j = 0; j < size; j++) sum += parameters[j]! * features[i * size + j]!;
    out[i] = sum;
  }
  return out;
}

/** log(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function objective(problem: Problem, parameters: Float64Array): number {
  const score = scores(problem, parameters);
  let value = 0;
  for (let j = 0; j < problem.size; j++) value += 0.5 * parameters[j]! ** 2;
  for (let i = 0; i < problem.count; i++) {
    const margin = problem.labels[i] ? -score[i]! : score[i]!;
    value += problem.importance[i]! * softplus(margin);
  }
  return value;
}

/** Gradient (d + 1) and Hessian ((d + 1)², lower triangle filled) at the parameters. */
function derivatives(problem: Problem, parameters: Float64Array) {
  const { features, labels, importance, count, size } = problem;
  const width = size + 1;
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  const row = new Float64Array(width);
  row[size] = 1;
  for (let j = 0; j < size; j++) {
    gradient[j] = parameters[j]!;
    hessian[j * width + j] = 1;
  }
  const score = scores(problem, parameters);
  for (let i = 0; i < count; i++) {
    const p = 1 / (1 + Math.exp(-score[i]!));
    const error = importance[i]! * (p - labels[i]!);
    const curvature = importance[i]! * p * (1 - p);
    for (let j = 0; j < size; j++) row[j] = features[i * size + j]!;
    for (let j = 0; j < width; j++) {
      gradient[j]! += error * row[j]!;
      const scaled = curvature * row[j]!;
      if (scaled === 0) continue;
      for (let k = 0; k <= j; k++) hessian[j * width + k]! += scaled * row[k]!;
    }
  }
  return { gradient, hessian };
}

/** Solves A·x = b for a symmetric positive definite A (lower triangle; overwritten) by Cholesky. */
function solveCholesky(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      // A vanishing pivot means a direction that the data do not determine: a tiny ridge keeps it finite.
      a[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * n + j]!;
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= a[i * n + k]! * x[k]!;
    x[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k * n + i]! * x[k]!;
    x[i]! /= a[i * n + i]!;
  }
  return x;
}

/** Steps along −direction, halving until the objective falls. */
function lineSearch(problem: Problem, from: Float64Array, direction: Float64Array): Float64Array {
  const start = objective(problem, from);
  for (let step = 1; step > 1e-8; step /= 2) {
    const to = from.map((value, j) => value - step * direction[j]!);
    if (objective(problem, to) <= start) return to;
  }
  return from;
}

/**
 * Fits weights and bias.
 *
 * @param features n × d, row-major, any finite range.
 * @param labels n values, 0 or 1; both must occur.
 * @throws RangeError when the lengths disagree or one class is missing.
 */
export function fitLogisticRegression(
  features: Float32Array,
  labels: Uint8Array,
  { c = 1, balanced = true, maxIterations = 100, tolerance = 1e-6 }: LogisticOptions = {},
): LogisticFit {
  const count = labels.length;
  const size = features.length / count;
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`${features.length} features do not make rows for ${count} labels.`);
  }
  const importance = classImportance(labels, c, balanced);
  const problem: Problem = { features, labels, importance, count, size };
  let parameters = new Float64Array(size + 1);
  for (let iterations = 0; ; iterations++) {
    const { gradient, hessian } = derivatives(problem, parameters);
    const largest = gradient.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const converged = largest <= tolerance;
    const next =
      converged || iterations === maxIterations
        ? parameters
        : lineSearch(problem, parameters, solveCholesky(hessian, gradient));
    if (next === parameters) {
      const weights = parameters.slice(0, size);
      return { weights, bias: parameters[size]!, iterations, gradient: largest, converged };
    }
    parameters = next as Float64Array<ArrayBuffer>;
  }
}

/** w·x + b for each row of `features` (n × d): above 0 the model says class 1. */
export function logisticScores(
  features: Float32Array,
  fit: Pick<LogisticFit, 'weights' | 'bias'>,
): Float64Array {
  const size = fit.weights.length;
  const count = features.length / size;
  const parameters = Float64Array.from([...fit.weights, fit.bias]);
  return scores(
    { features, count, size, labels: new Uint8Array(), importance: new Float64Array() },
    parameters,
  );
}

/** Share of scores on the right side of 0, 0 to 1. */
export function accuracy(score: Float64Array, labels: Uint8Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) right += score[i]! > 0 === (labels[i] === 1) ? 1 : 0;
  return right / labels.length;
}

/** Area under the ROC curve, 0 to 1: the chance that a positive outranks a negative (ties count half). */
export function areaUnderCurve(score: Float64Array, labels: Uint8Array): number {
  const order = Array.from(score.keys()).sort((a, b) => score[a]! - score[b]!);
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && score[order[end]!] === score[order[start]!]) end++;
    const meanRank = (start + 1 + end) / 2;
    for (let k = start; k < end; k++) if (labels[order[k]!]) rankSum += meanRank;
    start = end;
  }
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
