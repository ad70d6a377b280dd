/** Small networks with seeded weights that between them have every kind of layer and option. */
import type { NamedArray, NetworkSource } from '../../src/model/source';
import { inferShapes, inputShape } from '../../src/model/shapes';
import { linearTensors } from '../../src/model/bind';
import type {
  ActivationSpec,
  ConvLayer,
  ConvTransposeLayer,
  DenseLayer,
  LayerSpec,
  ModelSpec,
  NormSpec,
  Padding,
} from '../../src/model/spec';

/** Uniform numbers in [−1, 1) from a seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * 2 - 1;
  };
}

export function randomFloats(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, random);
}

const none: NormSpec = { kind: 'none' };
const relu: ActivationSpec = { kind: 'relu' };

export const batchNorm = (id: string, statistics: 'file' | 'batch' = 'file'): NormSpec => ({
  kind: 'batch',
  id,
  eps: 1e-5,
  statistics,
});

export function sides(top: number, right = top, bottom = top, left = right): Padding {
  return { top, right, bottom, left };
}

const base = { norm: none, order: 'norm-activation', activation: relu } as const;

export function convTranspose(
  id: string,
  filters: number,
  options: Partial<ConvTransposeLayer> = {},
): ConvTransposeLayer {
  return {
    ...base,
    id,
    kind: 'convTranspose',
    filters,
    kernel: [4, 4],
    stride: [2, 2],
    padding: sides(1),
    outputPadding: { bottom: 0, right: 0 },
    bias: false,
    ...options,
  };
}

export function conv(id: string, filters: number, options: Partial<ConvLayer> = {}): ConvLayer {
  const common = { kernel: [3, 3], stride: [1, 1], padding: sides(1), bias: true } as const;
  return { ...base, id, kind: 'conv', filters, ...common, ...options };
}

export function dense(id: string, filters: number, options: Partial<DenseLayer> = {}): DenseLayer {
  return { ...base, id, kind: 'dense', filters, bias: true, ...options };
}

export const stem = (id: string, filters: number, options: Partial<ConvTransposeLayer> = {}) =>
  convTranspose(id, filters, { stride: [1, 1], padding: sides(0), ...options });

/** A generator of whatever its layers draw; its output shape is inferred. */
export function generatorSpec(size: number, layers: LayerSpec[]): ModelSpec {
  const judge: ModelSpec = {
    v: 1,
    role: 'discriminator',
    input: { height: 1, width: 1, channels: size, range: [-1, 1] },
    layers,
  };
  const output = inferShapes(judge).at(-1) ?? { height: 1, width: 1, channels: 1 };
  const prior = 'normal';
  return {
    v: 1,
    role: 'generator',
    latent: { size, prior },
    output: { ...output, range: [-1, 1] },
    layers,
  };
}

/** Seeded weights of a size that keeps activations near one. */
export function withWeights(spec: ModelSpec, seed: number): NetworkSource {
  const random = createRandom(seed);
  const tensors: Record<string, NamedArray> = {};
  const put = (name: string, shape: number[], value: () => number) => {
    const size = shape.reduce((product, n) => product * n, 1);
    tensors[name] = { shape, data: Float32Array.from({ length: size }, value) };
  };
  const outputs = inferShapes(spec);
  let input = inputShape(spec);
  spec.layers.forEach((layer, index) => {
    for (const { name, shape } of linearTensors(layer, input)) {
      const fanIn = Math.max(1, input.channels * 4);
      put(name, shape, () => (random() * 2) / Math.sqrt(fanIn));
    }
    input = outputs[index] ?? input;
    if (layer.norm.kind === 'batch') {
      const { id } = layer.norm;
      put(`${id}.weight`, [input.channels], () => 1 + random() / 2);
      put(`${id}.bias`, [input.channels], () => random() / 2);
      put(`${id}.running_mean`, [input.channels], () => random() / 2);
      put(`${id}.running_var`, [input.channels], () => 1 + random() / 2);
    }
  });
  return { spec, tensors };
}
