import { AppError } from '../lib/errors';
import type { Globals } from './infer-assumptions';
import type { Draft, DraftStep } from './infer-draft';
import { flipKernels, kernelToTorch, transposeMatrix } from './layouts';
import type { KernelLayout } from './layouts';
import type { NamedArray, NetworkSource } from './source';
import type { GeneratorSpec, ImageSpec, LayerSpec, ModelSpec, NormSpec, PixelRange } from './spec';

const MAX_NAME = 120;

/** Turns steps into a spec and torch-layout tensors under its names. Throws AppError `infer-image`. */
export function toSource(draft: Draft, globals: Globals, layout: KernelLayout): NetworkSource {
  const names = createNames();
  const tensors: Record<string, NamedArray> = {};
  const layers = draft.steps.map((step) => {
    const id = names(step.id);
    // The table and its overrides speak of layers by the ids that the spec has.
    step.id = id;
    const normId = step.norm ? names(step.norm.name) : '';
    takeTensors(tensors, step, normId, globals, layout);
    return layerSpec(step, normId, globals);
  });
  return { spec: specOf(draft, layers, globals), tensors };
}

/** Names of the file, made unique and fit to be keys. */
function createNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const base = wanted === '' || wanted === '__proto__' ? 'layer' : wanted.slice(0, MAX_NAME);
    let name = base;
    for (let i = 2; taken.has(name); i += 1) name = `${base}.${i}`;
    taken.add(name);
    return name;
  };
}

function takeTensors(
  tensors: Record<string, NamedArray>,
  step: DraftStep,
  normId: string,
  { flip }: Globals,
  layout: KernelLayout,
): void {
  const { part, norm, id } = step;
  if (part) {
    tensors[`${id}.weight`] = convertWeight(step, flip, layout);
    if (part.bias) tensors[`${id}.bias`] = vector(part.bias.data);
  }
  if (!norm) return;
  const { channels } = norm;
  tensors[`${normId}.weight`] = vector(norm.scale?.data ?? new Float32Array(channels).fill(1));
  tensors[`${normId}.bias`] = vector(norm.shift?.data ?? new Float32Array(channels));
  if (norm.mean && norm.variance) {
    tensors[`${normId}.running_mean`] = vector(norm.mean.data);
    tensors[`${normId}.running_var`] = vector(norm.variance.data);
  }
}

function convertWeight(step: DraftStep, flip: boolean, layout: KernelLayout): NamedArray {
  const weight = step.part?.weight ?? { shape: [], data: new Float32Array(0) };
  const array: NamedArray = { shape: weight.shape, data: weight.data };
  if (step.kind === 'dense') return step.transposed ? transposeMatrix(array) : array;
  const torch = kernelToTorch(array, layout);
  return flip ? flipKernels(torch) : torch;
}

function vector(data: Float32Array): NamedArray {
  return { shape: [data.length], data };
}

function layerSpec(step: DraftStep, normId: string, globals: Globals): LayerSpec {
  const { id, filters, kernel, geometry, order, activation, size } = step;
  const norm: NormSpec = step.norm
    ? { kind: 'batch', id: normId, eps: step.eps, statistics: globals.statistics }
    : { kind: 'none' };
  const base = { id, norm, order, activation };
  const bias = step.part?.bias != null;
  const { memoryOrder } = globals;
  switch (step.kind) {
    case 'dense':
      return { ...base, kind: 'dense', filters, bias };
    case 'reshape':
      return {
        ...base,
        kind: 'reshape',
        height: size[0],
        width: size[1],
        channels: filters,
        memoryOrder,
      };
    case 'flatten':
      return { ...base, kind: 'flatten', memoryOrder };
    case 'upsample':
      return { ...base, kind: 'upsample', factor: step.factor, mode: step.mode };
    case 'conv':
    case 'convTranspose': {
      const { stride, padding, outputPadding } = geometry ?? NO_GEOMETRY;
      const convolution = { ...base, filters, kernel, stride, padding: { ...padding }, bias };
      return step.kind === 'conv'
        ? { ...convolution, kind: 'conv' }
        : { ...convolution, kind: 'convTranspose', outputPadding: { ...outputPadding } };
    }
  }
}

const NO_GEOMETRY = {
  stride: [1, 1],
  padding: { top: 0, right: 0, bottom: 0, left: 0 },
  outputPadding: { bottom: 0, right: 0 },
} as const;

function specOf(draft: Draft, layers: LayerSpec[], { range }: Globals): ModelSpec {
  const pixels: PixelRange = range === 'unit' ? [0, 1] : [-1, 1];
  if (draft.role === 'discriminator') {
    const [height, width] = draft.inputSize;
    const input: ImageSpec = { height, width, channels: draft.inputChannels, range: pixels };
    return { v: 1, role: 'discriminator', input, layers };
  }
  const last = draft.steps.at(-1);
  const [height, width] = last?.size ?? [1, 1];
  const channels = last?.filters ?? 0;
  if (height < 2 || width < 2 || ![1, 3, 4].includes(channels)) {
    throw new AppError({
      code: 'infer-image',
      message: `The last layer '${last?.id ?? '?'}' gives ${height}×${width}×${channels}; expected: an image of 1, 3 or 4 channels.`,
      hint: 'This is no generator of images, or a stride or padding is not the right one: set them in the architecture table.',
    });
  }
  const output: ImageSpec = { height, width, channels, range: pixels };
  const latent = { size: draft.latentSize, prior: draft.prior };
  return { v: 1, role: 'generator', latent, output, layers } satisfies GeneratorSpec;
}
