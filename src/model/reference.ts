import { conv, convTranspose, dense } from '../core/reference/linear';
import { activate, batchNorm, channelStatistics, scaleUnits } from '../core/reference/pointwise';
import {
  flattenImages,
  reshapeToImages,
  upsampleBilinear,
  upsampleNearest,
} from '../core/reference/resample';
import { AppError } from '../lib/errors';
import { bindNetwork } from './bind';
import type { BoundLayer } from './bind';
import { formatShape, inputShape, shapeSize } from './shapes';
import type { NetworkSource, UnitMask } from './source';
import type { NormStatistics, Shape } from './spec';

export interface ReferenceOptions {
  /** Masks of layers that run; those of layers up to and including `after` have no effect. */
  units?: UnitMask;
  /** Overrides the spec's choice for every batch norm. */
  statistics?: NormStatistics;
  /** Id of the layer whose output is wanted; the last one when absent. */
  layer?: string;
  /** Id of the layer whose OUTPUT `input` is; the network's own input when absent. */
  after?: string;
  /** Further inputs that share the batch (and so its statistics) without being returned. */
  reference?: Float32Array;
}

/** Output of a layer for a batch: count × height × width × channels numbers, NHWC. */
export interface ReferenceOutput extends Shape {
  count: number;
  data: Float32Array;
}

/**
 * Runs a network layer by layer with the naive reference of core/reference: what the engine computes,
 * computed the slow and obvious way. `input` is count × the input's shape, NHWC (latents: count × size).
 *
 * Throws AppError `input-size`, `layer-unknown`, `layer-order`, `unit-unknown` or `statistics-missing`,
 * and what `bindNetwork` throws.
 */
export function runReference(
  source: NetworkSource,
  input: Float32Array,
  count: number,
  options: ReferenceOptions = {},
): ReferenceOutput {
  const layers = bindNetwork(source);
  const { units = {}, reference = new Float32Array(0) } = options;
  checkUnits(layers, units);
  const first = options.after === undefined ? 0 : findLayer(layers, options.after) + 1;
  const last = options.layer === undefined ? layers.length - 1 : findLayer(layers, options.layer);
  if (first > last) throw layerOrder(layers, options);
  let shape = layers[first]?.input ?? inputShape(source.spec);
  const size = shapeSize(shape);
  checkInput(input, count, shape);
  checkInput(reference, Math.floor(reference.length / size), shape);
  const total = count + reference.length / size;
  let data = new Float32Array(total * size);
  data.set(input);
  data.set(reference, input.length);
  for (const layer of layers.slice(first, last + 1)) {
    data = runLayer(layer, data, total, options.statistics, units[layer.spec.id]);
    shape = layer.output;
  }
  return { count, ...shape, data: data.slice(0, count * shapeSize(shape)) };
}

function runLayer(
  layer: BoundLayer,
  input: Float32Array,
  count: number,
  statistics: NormStatistics | undefined,
  scales: UnitMask[string] | undefined,
): Float32Array<ArrayBuffer> {
  const { activation, order } = layer.spec;
  const slope = activation.kind === 'leakyRelu' ? activation.slope : 0;
  let data = runLinear(layer, input, count);
  if (order === 'activation-norm') data = activate(data, activation.kind, slope);
  data = runNorm(layer, data, statistics);
  if (order === 'norm-activation') data = activate(data, activation.kind, slope);
  if (scales) data = scaleUnits(data, layer.output.channels, scales);
  return new Float32Array(data);
}

function runLinear(layer: BoundLayer, input: Float32Array, count: number): Float32Array {
  const { spec, input: from, output: to, weight = new Float32Array(0), bias } = layer;
  switch (spec.kind) {
    case 'dense':
      return dense(input, count, shapeSize(from), spec.filters, weight, bias);
    case 'conv':
      return conv(input, count, from, to, { ...spec, weight, bias });
    case 'convTranspose':
      return convTranspose(input, count, from, to, { ...spec, weight, bias });
    case 'upsample': {
      const upsample = spec.mode === 'nearest' ? upsampleNearest : upsampleBilinear;
      return upsample(input, count, from, spec.factor);
    }
    case 'reshape':
      return reshapeToImages(input, count, to, spec.memoryOrder);
    case 'flatten':
      return flattenImages(input, count, from, spec.memoryOrder);
  }
}

function runNorm(
  layer: BoundLayer,
  data: Float32Array,
  override: NormStatistics | undefined,
): Float32Array {
  const { spec, norm, output } = layer;
  if (!norm || spec.norm.kind === 'none') return data;
  const { scale, shift, mean, variance } = norm;
  const { eps, id } = spec.norm;
  if ((override ?? spec.norm.statistics) === 'batch') {
    return batchNorm(data, channelStatistics(data, output.channels), scale, shift, eps);
  }
  if (!mean || !variance) throw statisticsMissing(id);
  return batchNorm(data, { mean, variance }, scale, shift, eps);
}

function findLayer(layers: readonly BoundLayer[], id: string): number {
  const index = layers.findIndex((layer) => layer.spec.id === id);
  if (index >= 0) return index;
  throw new AppError({
    code: 'layer-unknown',
    message: `The network has no layer '${id}'; it has ${layers.map((layer) => layer.spec.id).join(', ')}.`,
    hint: 'Choose one of its layers. A link or a mask made for another model may name layers that this one lacks.',
  });
}

function checkUnits(layers: readonly BoundLayer[], units: UnitMask): void {
  for (const [id, scales] of Object.entries(units)) {
    const layer = layers[findLayer(layers, id)];
    const channels = layer?.output.channels ?? 0;
    const wrong = Object.keys(scales).find((key) => !/^\d+$/.test(key) || Number(key) >= channels);
    if (wrong === undefined) continue;
    throw new AppError({
      code: 'unit-unknown',
      message: `Layer '${id}' has filters 0 to ${channels - 1}, but not '${wrong}'.`,
      hint: 'The mask belongs to another model or layer. Choose filters of this layer.',
    });
  }
}

function checkInput(input: Float32Array, count: number, shape: Shape): void {
  if (input.length === count * shapeSize(shape)) return;
  throw new AppError({
    code: 'input-size',
    message: `${count} inputs of ${formatShape(shape)} are ${count * shapeSize(shape)} numbers; ${input.length} were given.`,
    hint: 'Latents or images of another model were passed to this one. Make them for this model.',
  });
}

function layerOrder(layers: readonly BoundLayer[], options: ReferenceOptions): AppError {
  const end = options.layer ?? layers[layers.length - 1]?.spec.id;
  return new AppError({
    code: 'layer-order',
    message: `Nothing is left to run from after '${options.after}' to '${end}'.`,
    hint: 'Choose a wanted layer that comes after the one the data are from.',
  });
}

function statisticsMissing(id: string): AppError {
  return new AppError({
    code: 'statistics-missing',
    message: `Batch norm '${id}' has no running statistics in its file.`,
    hint: "Use the batch's own statistics, or measure and freeze them over a large batch first.",
  });
}
