import { runReference } from '../../src/model/reference';
import type { LayerSpec } from '../../src/model/spec';
import { expect, generate, maxError, SETUPS, test, withNetwork } from './engine-test';
import {
  batchNorm,
  conv,
  convTranspose,
  dense,
  generatorSpec,
  randomFloats,
  sides,
  stem,
  withWeights,
} from './networks';

const relu = { kind: 'relu' } as const;
const none = { kind: 'none' } as const;
const elu = { kind: 'elu' } as const;
const tanh = { kind: 'tanh' } as const;
const sigmoid = { kind: 'sigmoid' } as const;
const leaky = (slope: number) => ({ kind: 'leakyRelu', slope }) as const;
const after = { order: 'activation-norm' } as const;
const plain = { norm: { kind: 'none' }, order: 'norm-activation', activation: none } as const;

/** Between them: every layer kind, kernels 2 to 7, strides 1 and 2, all paddings, norms and activations. */
const NETWORKS: Record<string, { size: number; layers: LayerSpec[]; fastLayers: number }> = {
  'the tutorial generator, small': {
    size: 10,
    layers: [
      stem('0', 16, { norm: batchNorm('1') }),
      convTranspose('3', 12, { norm: batchNorm('4') }),
      convTranspose('6', 8, { norm: batchNorm('7'), bias: true }),
      convTranspose('9', 3, { activation: tanh, bias: true }),
    ],
    fastLayers: 3,
  },
  'a Keras generator: norm after activation, asymmetric padding': {
    size: 8,
    layers: [
      dense('d', 32, { activation: none }),
      { id: 'r', kind: 'reshape', height: 2, width: 2, channels: 8, memoryOrder: 'nhwc', ...plain },
      convTranspose('a', 8, { norm: batchNorm('an'), ...after }),
      convTranspose('b', 6, { norm: batchNorm('bn'), ...after, bias: true }),
      convTranspose('c', 4, {
        stride: [1, 1],
        padding: sides(1, 2, 2, 1),
        activation: sigmoid,
        bias: true,
      }),
    ],
    fastLayers: 2,
  },
  "the paper's: dense, norm, NCHW reshape, 5×5 kernels with output padding": {
    size: 7,
    layers: [
      dense('d', 4 * 3 * 2, { norm: batchNorm('dn'), bias: false }),
      { id: 'r', kind: 'reshape', height: 3, width: 2, channels: 4, memoryOrder: 'nchw', ...plain },
      convTranspose('a', 6, {
        kernel: [5, 5],
        padding: sides(2),
        outputPadding: { bottom: 1, right: 1 },
        norm: batchNorm('an'),
      }),
      convTranspose('b', 1, {
        kernel: [5, 5],
        padding: sides(2),
        outputPadding: { bottom: 1, right: 1 },
        activation: tanh,
      }),
    ],
    fastLayers: 2,
  },
  'odd transposed convolutions': {
    size: 5,
    layers: [
      stem('0', 6, { kernel: [2, 3], norm: batchNorm('n0'), activation: none }),
      convTranspose('a', 5, { kernel: [2, 3], padding: sides(0), activation: elu, bias: true }),
      convTranspose('b', 4, {
        kernel: [7, 6],
        padding: sides(3, 1, 2, 4),
        activation: leaky(0.1),
        norm: batchNorm('nb'),
      }),
      convTranspose('c', 5, {
        kernel: [3, 5],
        stride: [1, 2],
        padding: sides(1, 3, 0, 2),
        outputPadding: { bottom: 0, right: 1 },
        activation: leaky(1.5),
      }),
      convTranspose('e', 4, { kernel: [2, 2], padding: sides(0), activation: leaky(0) }),
      convTranspose('f', 4, {
        kernel: [3, 3],
        stride: [1, 1],
        padding: sides(1),
        activation: tanh,
      }),
    ],
    fastLayers: 4,
  },
  'upsampling with convolutions of many kernels and strides': {
    size: 6,
    layers: [
      stem('0', 8, { kernel: [4, 5], activation: leaky(0.2) }),
      { id: 'u', kind: 'upsample', factor: [2, 3], mode: 'nearest', ...plain },
      conv('a', 6, { kernel: [4, 4], padding: sides(1, 2, 2, 1), norm: batchNorm('an') }),
      { id: 'v', kind: 'upsample', factor: [2, 2], mode: 'bilinear', ...plain },
      conv('b', 5, { kernel: [5, 2], stride: [2, 1], padding: sides(2, 0), activation: elu }),
      conv('c', 4, { kernel: [7, 6], stride: [2, 2], padding: sides(3, 2), activation: sigmoid }),
      conv('e', 3, { kernel: [3, 3], bias: false, activation: none }),
    ],
    fastLayers: 0,
  },
  'a norm and an activation on layers without weights': {
    size: 6,
    layers: [
      dense('d', 24, { activation: relu }),
      {
        id: 'r',
        kind: 'reshape',
        height: 2,
        width: 3,
        channels: 4,
        memoryOrder: 'nchw',
        norm: batchNorm('rn'),
        order: 'norm-activation',
        activation: leaky(0.3),
      },
      {
        id: 'u',
        kind: 'upsample',
        factor: [1, 2],
        mode: 'bilinear',
        norm: batchNorm('un'),
        order: 'activation-norm',
        activation: tanh,
      },
      { id: 'f', kind: 'flatten', memoryOrder: 'nchw', ...plain },
      dense('g', 5, { norm: batchNorm('gn'), ...after, activation: elu }),
    ],
    fastLayers: 0,
  },
};

for (const setup of SETUPS) {
  test.describe(`networks on ${setup.name}`, () => {
    for (const [name, { size, layers, fastLayers }] of Object.entries(NETWORKS)) {
      test(`${name} is what the reference computes`, async ({ warmPage }) => {
        const source = withWeights(generatorSpec(size, layers), 1);
        const page = await warmPage(setup);
        await withNetwork(page, source, async ({ handle, fastLayers: fast }) => {
          expect(fast).toBe(fastLayers);
          const count = 3;
          const z = randomFloats(count * size, 2);
          const actual = await generate(page, { handle, z, count });
          const expected = runReference(source, z, count);
          expect(maxError(actual, expected.data)).toBeLessThan(1e-4);
        });
      });
    }
  });
}
