import { AppError } from '../../lib/errors';
import type { NormStatistics } from '../../model/spec';
import type { BoundLayer } from '../../model/bind';

/** A layer's linear part as it runs: weights in torch layout, one bias a filter. */
export interface LinearWeights {
  weight: Float32Array;
  bias: Float32Array;
}

/** y = x·scale + shift for each channel. */
export interface Affine {
  scale: Float32Array;
  shift: Float32Array;
}

/** Whose statistics a layer's batch norm uses when a request may override the spec; null without norm. */
export function statisticsOf(layer: BoundLayer, override?: NormStatistics): NormStatistics | null {
  const { norm } = layer.spec;
  if (norm.kind === 'none') return null;
  return override ?? norm.statistics;
}

/**
 * Batch norm with known statistics as a scale and a shift.
 *
 * Throws AppError `statistics-missing` when the file has none.
 */
export function normAffine(layer: BoundLayer): Affine {
  const { norm, spec } = layer;
  if (!norm || spec.norm.kind === 'none') throw new TypeError('layer without norm');
  const { mean, variance } = norm;
  if (!mean || !variance) {
    throw new AppError({
      code: 'statistics-missing',
      message: `Batch norm '${spec.norm.id}' of layer '${spec.id}' has no running statistics in its file.`,
      hint: "This network can only use the batch's own statistics. Choose 'batch', or measure and freeze them first.",
    });
  }
  const { eps } = spec.norm;
  const scale = norm.scale.map((gain, c) => gain / Math.sqrt((variance[c] ?? 0) + eps));
  const shift = norm.shift.map((offset, c) => offset - (mean[c] ?? 0) * (scale[c] ?? 0));
  return { scale, shift };
}

/** The layer's own weights with a bias that is zero where it has none. */
export function rawWeights(layer: BoundLayer): LinearWeights {
  if (!layer.weight) throw new TypeError(`layer '${layer.spec.id}' has no weights`);
  const bias = layer.bias ?? new Float32Array(layer.output.channels);
  return { weight: layer.weight, bias };
}

/** Weights into which the norm that follows directly has been multiplied. */
export function foldedWeights(layer: BoundLayer): LinearWeights {
  const raw = rawWeights(layer);
  const { scale, shift } = normAffine(layer);
  const bias = raw.bias.map((value, c) => value * (scale[c] ?? 1) + (shift[c] ?? 0));
  const weight = new Float32Array(raw.weight.length);
  // Filters come first in dense and conv layouts, second in the transposed one.
  const filters = layer.output.channels;
  const inputs = layer.spec.kind === 'convTranspose' ? layer.input.channels : 1;
  const block = weight.length / (filters * inputs);
  for (let at = 0, row = 0; at < weight.length; row++) {
    const gain = scale[row % filters] ?? 1;
    for (const end = at + block; at < end; at++) weight[at] = (raw.weight[at] ?? 0) * gain;
  }
  return { weight, bias };
}
