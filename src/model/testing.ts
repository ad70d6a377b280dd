import type { NamedArray, NetworkSource } from './source';
import type { ConvLayer, ConvTransposeLayer, GeneratorSpec, LayerSpec } from './spec';

// Small networks for unit tests.

const plain = {
  norm: { kind: 'none' },
  order: 'norm-activation',
  activation: { kind: 'none' },
} as const;

/** A k4 s2 p1 transposed convolution without bias, unless told otherwise. */
export function transposed(id: string, filters: number, change: Partial<ConvTransposeLayer> = {}) {
  return {
    ...plain,
    kind: 'convTranspose',
    id,
    filters,
    kernel: [4, 4],
    stride: [2, 2],
    padding: { top: 1, right: 1, bottom: 1, left: 1 },
    outputPadding: { bottom: 0, right: 0 },
    bias: false,
    ...change,
  } satisfies LayerSpec;
}

/** A k3 s1 p1 convolution with bias, unless told otherwise. */
export function convolution(id: string, filters: number, change: Partial<ConvLayer> = {}) {
  return {
    ...plain,
    kind: 'conv',
    id,
    filters,
    kernel: [3, 3],
    stride: [1, 1],
    padding: { top: 1, right: 1, bottom: 1, left: 1 },
    bias: true,
    ...change,
  } satisfies LayerSpec;
}

/** z 5 → 4×4×3 with batch norm → 8×8×3 with tanh: the smallest DCGAN generator. */
export function tinyGeneratorSpec(): GeneratorSpec {
  return {
    v: 1,
    role: 'generator',
    latent: { size: 5, prior: 'normal' },
    output: { height: 8, width: 8, channels: 3, range: [-1, 1] },
    layers: [
      transposed('main.0', 3, {
        stride: [1, 1],
        padding: { top: 0, right: 0, bottom: 0, left: 0 },
        norm: { kind: 'batch', id: 'main.1', eps: 1e-5, statistics: 'file' },
        activation: { kind: 'relu' },
      }),
      transposed('main.3', 3, { activation: { kind: 'tanh' } }),
    ],
  };
}

/** An array of this shape whose numbers are small and all different. */
export function filledArray(shape: readonly number[], start = 0): NamedArray {
  const size = shape.reduce((product, n) => product * n, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(start + i * 1.7)) };
}

/** Weights for `tinyGeneratorSpec`. */
export function tinyGeneratorSource(): NetworkSource {
  return {
    spec: tinyGeneratorSpec(),
    tensors: {
      'main.0.weight': filledArray([5, 3, 4, 4], 1),
      'main.1.weight': filledArray([3], 2),
      'main.1.bias': filledArray([3], 3),
      'main.1.running_mean': filledArray([3], 4),
      'main.1.running_var': { shape: [3], data: Float32Array.of(0.5, 1, 2) },
      'main.3.weight': filledArray([3, 3, 4, 4], 5),
    },
  };
}
