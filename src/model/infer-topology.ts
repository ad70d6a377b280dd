import { AppError } from '../lib/errors';
import type { ForeignNetwork, TopologyLayer } from './foreign';
import type { ChainLink, LinearKind } from './infer-chain';
import { draftStep } from './infer-draft';
import type { DraftStep } from './infer-draft';
import { sameGeometry, sizeAfter } from './infer-geometry';
import type { Geometry } from './infer-geometry';
import { factorPairs } from './infer-shapes';
import type { LinearPart, NormPart, Part } from './infer-parts';
import type { KernelLayout } from './layouts';
import type { ActivationSpec, Padding } from './spec';

interface Builder {
  network: ForeignNetwork;
  layout: KernelLayout;
  linear: LinearPart[];
  norms: NormPart[];
  steps: DraftStep[];
  /** What leaves the last step. */
  size: readonly [number, number];
  channels: number;
  /** From a padding layer, for the next convolution. */
  pad: Padding | null;
  identities: number;
}

/** What is known when the file describes its layers itself. */
export interface DescribedNetwork {
  steps: DraftStep[];
  role: 'generator' | 'discriminator';
  inputSize: readonly [number, number];
  inputChannels: number;
}

/**
 * Builds the steps from the file's own description (Keras' config, a pickled torch module) and gives them
 * their arrays by name, else in order.
 *
 * `inputSize` is what enters a discriminator; a generator starts with its vector.
 * Throws AppError `infer-layer-unknown`, `infer-topology`.
 */
export function buildFromTopology(
  network: ForeignNetwork,
  parts: readonly Part[],
  layout: KernelLayout,
): DescribedNetwork {
  const layers = network.topology ?? [];
  const first = layers.find(({ kind }) => ['dense', 'conv', 'convTranspose'].includes(kind));
  const linear = parts.filter((part) => part.type === 'linear');
  const firstPart = first ? findPart(first, linear) : undefined;
  if (!first || !firstPart) throw noWeights(network);
  const link = linkOf(firstPart, first, layout, network);
  const generator = first.kind !== 'conv' || startsAsVector(layers, first);
  const builder: Builder = {
    network,
    layout,
    linear: [...linear],
    norms: parts.filter((part) => part.type === 'norm'),
    steps: [],
    size: generator ? [1, 1] : [64, 64],
    channels: generator ? (vectorLength(layers, first) ?? link.inputs) : link.inputs,
    pad: null,
    identities: 0,
  };
  const inputChannels = builder.channels;
  for (const layer of layers) addLayer(builder, layer);
  return {
    steps: builder.steps,
    role: generator ? 'generator' : 'discriminator',
    inputSize: generator ? [1, 1] : [64, 64],
    inputChannels,
  };
}

/** A generator whose vector is reshaped before the first convolution. */
function startsAsVector(layers: readonly TopologyLayer[], first: TopologyLayer): boolean {
  return layers.slice(0, layers.indexOf(first)).some(({ kind }) => kind === 'reshape');
}

function vectorLength(layers: readonly TopologyLayer[], first: TopologyLayer): number | null {
  const reshape = layers.slice(0, layers.indexOf(first)).find(({ kind }) => kind === 'reshape');
  const length = reshape?.shape?.reduce((a, b) => a * b, 1);
  return length !== undefined && length > 0 ? length : null;
}

function addLayer(builder: Builder, layer: TopologyLayer): void {
  switch (layer.kind) {
    case 'input':
    case 'skip':
      return;
    case 'dense':
    case 'conv':
    case 'convTranspose':
      return addLinear(builder, layer, layer.kind);
    case 'norm':
      return addNorm(builder, layer);
    case 'activation':
      return addActivation(builder, layer);
    case 'reshape':
      return addReshape(builder, layer);
    case 'flatten':
      return addFlatten(builder);
    case 'upsample':
      return addUpsample(builder, layer);
    case 'pad':
      return addPad(builder, layer);
    case 'crop':
      return addCrop(builder, layer);
    case 'unknown':
      throw unknownLayer(layer);
  }
}

function addLinear(builder: Builder, layer: TopologyLayer, kind: LinearKind): void {
  const part = takePart(builder, layer);
  const link = linkOf(part, layer, builder.layout, builder.network);
  if (kind !== 'dense' && builder.size[0] === 1 && builder.channels !== link.inputs) {
    // torch's view() between a dense layer and a convolution is code, and so not in the file.
    addReshape(builder, { ...layer, kind: 'reshape', shape: [link.inputs, -1] });
  }
  if (kind === 'dense' && builder.size[0] * builder.size[1] > 1) addFlatten(builder);
  if (builder.channels !== link.inputs) throw channelsDiffer(builder, layer, link);
  const { inputs, filters, kernel, transposed } = link;
  const base = { id: part.name, part, inputs, filters, kernel, transposed };
  if (kind === 'dense') {
    push(builder, draftStep({ ...base, kind, size: [1, 1] }));
    return;
  }
  const geometry = geometryOf(builder, layer, kind, kernel);
  const size = sizeAfter(builder.size, { kind, kernel }, geometry);
  const geometryLabel = labelOf(geometry, layer);
  push(builder, draftStep({ ...base, kind, size, geometry, geometryLabel, geometryBasis: 'file' }));
}

/** The kind is the description's; channels follow from the weight's shape. */
function linkOf(
  part: LinearPart,
  layer: TopologyLayer,
  layout: KernelLayout,
  network: ForeignNetwork,
): ChainLink {
  const { shape } = part.weight;
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  const wanted = layer.kind === 'dense' ? 2 : 4;
  if (shape.length !== wanted) {
    throw new AppError({
      code: 'infer-topology',
      message: `Layer '${layer.name}' (${layer.type}) has weights of shape [${shape.join(', ')}]; expected: ${wanted} axes.`,
      hint: 'The weights do not belong to the description in the file. Export the model again.',
    });
  }
  if (layer.kind === 'dense') {
    const transposed = network.framework !== 'torch';
    const [inputs, filters] = transposed ? [a, b] : [b, a];
    return { part, kind: 'dense', inputs, filters, kernel: [1, 1], transposed };
  }
  const kind = layer.kind === 'conv' ? 'conv' : 'convTranspose';
  const first = layout === 'spatial-last' ? a : d;
  const second = layout === 'spatial-last' ? b : c;
  const kernel: [number, number] = layout === 'spatial-last' ? [c, d] : [a, b];
  const [inputs, filters] = kind === 'conv' ? [second, first] : [first, second];
  return { part, kind, inputs, filters, kernel, transposed: false };
}

function geometryOf(
  builder: Builder,
  layer: TopologyLayer,
  kind: 'conv' | 'convTranspose',
  kernel: readonly [number, number],
): Geometry {
  const stride = layer.stride ?? [1, 1];
  const [bottom, right] = layer.outputPadding ?? [0, 0];
  const outputPadding = { bottom, right };
  const { pad } = builder;
  builder.pad = null;
  if (pad && kind === 'convTranspose')
    throw unknownLayer({ ...layer, type: 'padding before a transposed convolution' });
  if (layer.padding === 'same' && !pad) return sameGeometry(kernel, stride, kind, builder.size);
  const [rows, columns] = typeof layer.padding === 'object' ? layer.padding : [0, 0];
  const own: Padding = { top: rows, right: columns, bottom: rows, left: columns };
  const padding = pad ? addPadding(own, pad) : own;
  if (layer.padding === 'same' && pad)
    throw unknownLayer({ ...layer, type: "padding before padding 'same'" });
  // Keras' 'valid' gives a kernel smaller than its stride room to the stride's end.
  const gap = (axis: 0 | 1): number =>
    kind === 'convTranspose' && layer.padding === 'valid'
      ? Math.max(stride[axis] - kernel[axis], 0)
      : 0;
  const output = layer.outputPadding ? outputPadding : { bottom: gap(0), right: gap(1) };
  return { stride, padding, outputPadding: output };
}

function addPadding(a: Padding, b: Padding): Padding {
  return {
    top: a.top + b.top,
    right: a.right + b.right,
    bottom: a.bottom + b.bottom,
    left: a.left + b.left,
  };
}

function labelOf({ stride, padding, outputPadding }: Geometry, layer: TopologyLayer): string {
  if (layer.padding === 'same') return `s${stride[0]} same`;
  const out = outputPadding.bottom ? ` op${outputPadding.bottom}` : '';
  return `s${stride[0]} p${padding.top}${out}`;
}

function push(builder: Builder, step: DraftStep): void {
  const known = { geometryBasis: 'file', orderBasis: 'file', activationBasis: 'file' } as const;
  builder.steps.push({ ...step, ...known, epsBasis: 'file' });
  builder.size = step.size;
  builder.channels = step.filters;
}

/** The step that a norm or activation can go to: the last one, or one that does nothing else. */
function carrier(builder: Builder, free: (step: DraftStep) => boolean): DraftStep {
  const last = builder.steps.at(-1);
  if (last && free(last)) return last;
  builder.identities += 1;
  const { size, channels } = builder;
  const id = `pass${builder.identities}`;
  push(builder, draftStep({ id, kind: 'upsample', inputs: channels, filters: channels, size }));
  return (
    builder.steps.at(-1) ??
    draftStep({ id, kind: 'upsample', inputs: channels, filters: channels, size })
  );
}

function addNorm(builder: Builder, layer: TopologyLayer): void {
  const { norms } = builder;
  const named = norms.find(({ name }) => sameName(name, layer.name));
  const norm = named ?? norms[0];
  if (!norm) throw missingArrays(layer);
  norms.splice(norms.indexOf(norm), 1);
  const step = carrier(builder, (one) => one.norm === null && one.filters === norm.channels);
  step.norm = norm;
  step.eps = layer.eps ?? step.eps;
  if (step.activation.kind !== 'none') step.order = 'activation-norm';
}

function addActivation(builder: Builder, layer: TopologyLayer): void {
  const activation = activationOf(layer);
  if (activation.kind === 'none') return;
  const step = carrier(builder, (one) => one.activation.kind === 'none');
  step.activation = activation;
}

function activationOf(layer: TopologyLayer): ActivationSpec {
  switch (layer.activation) {
    case 'relu':
    case 'elu':
    case 'tanh':
    case 'sigmoid':
      return { kind: layer.activation };
    case 'leakyrelu':
      return { kind: 'leakyRelu', slope: layer.slope ?? 0.01 };
    case 'linear':
    case undefined:
      return { kind: 'none' };
    default:
      throw unknownLayer(layer);
  }
}

function addReshape(builder: Builder, layer: TopologyLayer): void {
  const total = builder.channels * builder.size[0] * builder.size[1];
  const torch = builder.network.framework === 'torch';
  const shape = layer.shape ?? [];
  const known = shape.filter((length) => length > 0).reduce((a, b) => a * b, 1);
  const filled = shape.map((length) => (length > 0 ? length : total / known));
  let [height = 1, width = 1, channels = 1] = torch ? [...filled.slice(1), filled[0]] : filled;
  if (torch && filled.length === 2) {
    [[height, width] = [1, 1]] = factorPairs(filled[1] ?? 1);
    channels = filled[0] ?? 1;
  }
  if (!torch && filled.length === 1) [height, width, channels] = [1, 1, filled[0] ?? 1];
  if (height * width * channels !== total) {
    throw new AppError({
      code: 'infer-topology',
      message: `Layer '${layer.name}' (${layer.type}) reads ${total} numbers as [${shape.join(', ')}], which has ${known}.`,
      hint: 'Weights and description in the file do not belong together. Export the model again.',
    });
  }
  if (height === 1 && width === 1 && builder.size[0] === 1) return;
  const id = layer.kind === 'reshape' && layer.name && !torch ? layer.name : 'reshape';
  push(
    builder,
    draftStep({ id, kind: 'reshape', inputs: total, filters: channels, size: [height, width] }),
  );
}

function addFlatten(builder: Builder): void {
  if (builder.size[0] === 1 && builder.size[1] === 1) return;
  const { channels, size } = builder;
  const filters = channels * size[0] * size[1];
  push(
    builder,
    draftStep({ id: 'flatten', kind: 'flatten', inputs: channels, filters, size: [1, 1] }),
  );
}

function addUpsample(builder: Builder, layer: TopologyLayer): void {
  const { channels, size } = builder;
  const factor = layer.factor ?? [2, 2];
  const id = layer.name || `upsample${builder.steps.length}`;
  const mode = layer.mode ?? 'nearest';
  const after: [number, number] = [size[0] * factor[0], size[1] * factor[1]];
  const base = { id, kind: 'upsample', inputs: channels, filters: channels } as const;
  push(builder, draftStep({ ...base, size: after, factor, mode }));
}

function addPad(builder: Builder, layer: TopologyLayer): void {
  const [top, right, bottom, left] = layer.sides ?? [0, 0, 0, 0];
  builder.pad = addPadding(builder.pad ?? { top: 0, right: 0, bottom: 0, left: 0 }, {
    top,
    right,
    bottom,
    left,
  });
}

/** Cropping a transposed convolution's output is what its padding does. */
function addCrop(builder: Builder, layer: TopologyLayer): void {
  const step = builder.steps.at(-1);
  const [top, right, bottom, left] = layer.sides ?? [0, 0, 0, 0];
  if (step?.kind !== 'convTranspose' || !step.geometry || step.norm) throw unknownLayer(layer);
  step.geometry = {
    ...step.geometry,
    padding: addPadding(step.geometry.padding, { top, right, bottom, left }),
  };
  step.size = [step.size[0] - top - bottom, step.size[1] - left - right];
  step.geometryLabel += ', cropped';
  builder.size = step.size;
}

function takePart(builder: Builder, layer: TopologyLayer): LinearPart {
  const part = findPart(layer, builder.linear);
  if (!part) throw missingArrays(layer);
  builder.linear.splice(builder.linear.indexOf(part), 1);
  return part;
}

function findPart(layer: TopologyLayer, parts: readonly LinearPart[]): LinearPart | undefined {
  return parts.find(({ name }) => sameName(name, layer.name)) ?? parts[0];
}

/** TF.js puts the model's name before the layer's. */
function sameName(array: string, layer: string): boolean {
  return layer !== '' && (array === layer || array.endsWith(`/${layer}`));
}

function missingArrays(layer: TopologyLayer): AppError {
  return new AppError({
    code: 'infer-topology',
    message: `The file describes layer '${layer.name}' (${layer.type}), but has no weights for it.`,
    hint: 'Weights and description do not belong together, or the file is incomplete. Export the model again.',
  });
}

function channelsDiffer(builder: Builder, layer: TopologyLayer, link: ChainLink): AppError {
  return new AppError({
    code: 'infer-chain',
    message: `Layer '${layer.name}' (${layer.type}) with weights of shape [${link.part.weight.shape.join(', ')}] takes ${link.inputs} channels; expected: ${builder.channels}, which the layer before it gives.`,
    hint: 'Weights and description in the file do not belong together. Export the model again.',
  });
}

function unknownLayer(layer: TopologyLayer): AppError {
  return new AppError({
    code: 'infer-layer-unknown',
    message: `The network has a layer '${layer.name}' of the class ${layer.type}, which is not computed here.`,
    hint: 'Computed are dense layers, (transposed) convolutions, upsampling, batch norm, ReLU, LeakyReLU, ELU, tanh and sigmoid. Retrain or replace that layer, or open another network.',
  });
}

function noWeights(network: ForeignNetwork): AppError {
  return new AppError({
    code: 'infer-layers',
    message: `'${network.label}' describes no dense or convolutional layer that has weights in the file.`,
    hint: 'Save the model with its weights: model.save("generator.h5"), not its configuration alone.',
  });
}
