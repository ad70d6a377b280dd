import type { ForeignArray } from './foreign';

/**
 * Resolves what torch stores instead of a weight: spectral norm (weight_orig, weight_u, weight_v; or
 * parametrizations.weight.original with _u, _v) is divided by σ = uᵀWv, weight norm (weight_g, weight_v) is
 * g·v/‖v‖. Other arrays pass unchanged, in order.
 * Source: torch/nn/utils/spectral_norm.py, weight_norm.py.
 */
export function resolveReparametrisations(arrays: readonly ForeignArray[]): ForeignArray[] {
  const byName = new Map(arrays.map((array) => [array.name, array]));
  const done = new Set<string>();
  const result: ForeignArray[] = [];
  for (const array of arrays) {
    const resolved = spectral(array, byName, done) ?? weightNorm(array, byName, done);
    if (resolved) result.push(resolved);
    else if (!done.has(array.name)) result.push(array);
  }
  return result.filter(({ name }) => !done.has(name));
}

type ByName = ReadonlyMap<string, ForeignArray>;

const SPECTRAL: readonly (readonly [RegExp, (stem: string) => readonly [string, string]])[] = [
  [/^(.*)weight_orig$/, (stem) => [`${stem}weight_u`, `${stem}weight_v`]],
  [
    /^(.*)parametrizations\.weight\.original$/,
    (stem) => [`${stem}parametrizations.weight.0._u`, `${stem}parametrizations.weight.0._v`],
  ],
];

function spectral(array: ForeignArray, byName: ByName, done: Set<string>): ForeignArray | null {
  for (const [pattern, vectors] of SPECTRAL) {
    const stem = pattern.exec(array.name)?.[1];
    if (stem === undefined) continue;
    const [uName, vName] = vectors(stem);
    const [u, v] = [byName.get(uName), byName.get(vName)];
    if (!u || !v) continue;
    for (const name of [uName, vName, array.name]) done.add(name);
    const sigma = spectralNorm(array, u.data, v.data);
    const data = sigma > 0 ? array.data.map((value) => value / sigma) : array.data;
    return { name: `${stem}weight`, shape: array.shape, data };
  }
  return null;
}

/** uᵀ·W·v, W being the weight as a matrix whose rows are along the axis that u's length names. */
function spectralNorm({ shape, data }: ForeignArray, u: Float32Array, v: Float32Array): number {
  const [first = 1, second = 1] = shape;
  const inner = data.length / (first * second);
  // Transposed convolutions are normed along their second axis (out), all else along the first.
  const alongSecond = first !== u.length && second === u.length;
  let sigma = 0;
  for (let i = 0; i < first; i += 1) {
    for (let j = 0; j < second; j += 1) {
      for (let k = 0; k < inner; k += 1) {
        const weight = data[(i * second + j) * inner + k] ?? 0;
        const [row, column] = alongSecond ? [j, i * inner + k] : [i, j * inner + k];
        sigma += weight * (u[row] ?? 0) * (v[column] ?? 0);
      }
    }
  }
  return sigma;
}

function weightNorm(array: ForeignArray, byName: ByName, done: Set<string>): ForeignArray | null {
  const stem = /^(.*)weight_v$/.exec(array.name)?.[1];
  const gain = stem === undefined ? undefined : byName.get(`${stem}weight_g`);
  if (stem === undefined || !gain || done.has(array.name)) return null;
  done.add(array.name);
  done.add(gain.name);
  const rows = array.shape[0] ?? 1;
  const length = array.data.length / rows;
  const data = new Float32Array(array.data.length);
  for (let row = 0; row < rows; row += 1) {
    const part = array.data.subarray(row * length, (row + 1) * length);
    const norm = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let i = 0; i < length; i += 1) {
      data[row * length + i] = ((part[i] ?? 0) / norm) * (gain.data[row] ?? 1);
    }
  }
  return { name: `${stem}weight`, shape: array.shape, data };
}
