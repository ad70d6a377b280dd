import { AppError } from '../lib/errors';
import { inferShapes, inputShape, shapeSize } from './shapes';
import type { NamedArray, NetworkSource } from './source';
import type { LayerSpec, NormSpec, Shape } from './spec';

/** Batch norm's tensors, each one number a channel: (x − mean) / √(variance + eps) · scale + shift. */
interface BoundNorm {
  scale: Float32Array;
  shift: Float32Array;
  /** Absent where the file has no running statistics; then only the batch's own can be used. */
  mean?: Float32Array;
  variance?: Float32Array;
}

/** A layer with its shapes and its checked weights, in torch layouts (see spec.ts). */
export interface BoundLayer {
  spec: LayerSpec;
  input: Shape;
  output: Shape;
  weight?: Float32Array;
  bias?: Float32Array;
  norm?: BoundNorm;
}

/**
 * Gives every layer of a network its weights, by name, and checks them. Tensors that no layer needs
 * are ignored. The arrays are those of `source`, not copies.
 *
 * Throws AppError `weights-missing`, `weights-shape`, `weights-not-finite` or `weights-variance`, each
 * naming the tensor, and what `inferShapes` throws.
 */
export function bindNetwork(source: NetworkSource): BoundLayer[] {
  const outputs = inferShapes(source.spec);
  let input = inputShape(source.spec);
  return source.spec.layers.map((layer, index) => {
    const output = outputs[index] ?? input;
    const bound = bindLayer(source, layer, input, output);
    input = output;
    return bound;
  });
}

/** The tensors that a layer's linear part needs: name and torch shape. Bias included where it has one. */
export function linearTensors(layer: LayerSpec, input: Shape): { name: string; shape: number[] }[] {
  if (layer.kind === 'upsample' || layer.kind === 'reshape' || layer.kind === 'flatten') return [];
  const weight = { name: `${layer.id}.weight`, shape: weightShape(layer, input) };
  return layer.bias ? [weight, { name: `${layer.id}.bias`, shape: [layer.filters] }] : [weight];
}

type WeightedLayer = Extract<LayerSpec, { filters: number }>;

function weightShape(layer: WeightedLayer, input: Shape): number[] {
  switch (layer.kind) {
    case 'dense':
      return [layer.filters, shapeSize(input)];
    case 'conv':
      return [layer.filters, input.channels, ...layer.kernel];
    case 'convTranspose':
      return [input.channels, layer.filters, ...layer.kernel];
  }
}

function bindLayer(
  source: NetworkSource,
  spec: LayerSpec,
  input: Shape,
  output: Shape,
): BoundLayer {
  const bound: BoundLayer = { spec, input, output };
  const [weight, bias] = linearTensors(spec, input);
  if (weight) bound.weight = takeTensor(source, spec, weight.name, weight.shape);
  if (bias) bound.bias = takeTensor(source, spec, bias.name, bias.shape);
  if (spec.norm.kind === 'batch') {
    bound.norm = bindNorm(source, spec, spec.norm, output.channels);
  }
  return bound;
}

function bindNorm(
  source: NetworkSource,
  layer: LayerSpec,
  norm: Extract<NormSpec, { kind: 'batch' }>,
  channels: number,
): BoundNorm {
  const take = (suffix: string) => takeTensor(source, layer, `${norm.id}.${suffix}`, [channels]);
  const bound: BoundNorm = { scale: take('weight'), shift: take('bias') };
  const has = (suffix: string) => Object.hasOwn(source.tensors, `${norm.id}.${suffix}`);
  // A network that always uses the batch's own statistics may come without any in its file.
  if (norm.statistics === 'batch' && !has('running_mean') && !has('running_var')) return bound;
  bound.mean = take('running_mean');
  bound.variance = take('running_var');
  checkVariance(bound.variance, norm);
  return bound;
}

function takeTensor(
  source: NetworkSource,
  layer: LayerSpec,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = Object.hasOwn(source.tensors, name) ? source.tensors[name] : undefined;
  if (tensor === undefined) {
    throw new AppError({
      code: 'weights-missing',
      message: `The file has no tensor '${name}' (${formatDims(shape)}), which layer '${layer.id}' (${layer.kind}) needs.`,
      hint: 'The weights are incomplete, so the network cannot run. Export the file again with all its tensors, or choose another one.',
    });
  }
  checkShape(tensor, layer, name, shape);
  checkFinite(tensor.data, name);
  return tensor.data;
}

function checkShape(
  tensor: NamedArray,
  layer: LayerSpec,
  name: string,
  shape: readonly number[],
): void {
  const same = tensor.shape.length === shape.length && shape.every((n, i) => n === tensor.shape[i]);
  const size = shape.reduce((product, n) => product * n, 1);
  if (same && tensor.data.length === size) return;
  const found = same ? `${tensor.data.length} numbers` : formatDims(tensor.shape);
  throw new AppError({
    code: 'weights-shape',
    message: `Tensor '${name}' has ${found}; layer '${layer.id}' (${layer.kind}) expects ${formatDims(shape)}${same ? ` (${size} numbers)` : ''}.`,
    hint: 'The weights belong to a network of another size than the description says. Take file and description from the same export.',
  });
}

function checkFinite(data: Float32Array, name: string): void {
  const index = data.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new AppError({
    code: 'weights-not-finite',
    message: `Tensor '${name}' has the value ${data[index]} at position ${index}.`,
    hint: 'Such weights draw nothing: the training that made them has diverged, or the file is damaged. Use an earlier snapshot.',
  });
}

function checkVariance(data: Float32Array, norm: { id: string; eps: number }): void {
  const index = data.findIndex((value) => !(value >= 0 && value + norm.eps > 0));
  if (index < 0) return;
  throw new AppError({
    code: 'weights-variance',
    message: `Tensor '${norm.id}.running_var' has the variance ${data[index]} at position ${index}; it must not be negative, nor zero without an eps.`,
    hint: 'The running statistics are damaged or belong to another tensor. Export the file again.',
  });
}

function formatDims(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
