import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../src/engine/api';
import { neverLost } from '../src/engine/backends/backend';
import { stockLinear, type LinearFactory } from '../src/engine/layers/linear';
import { createNetwork } from '../src/engine/network';
import type { NetworkSource } from '../src/model/source';
import type { ConvTransposeLayer } from '../src/model/spec';
import type { Contender } from './measure';

/** TensorFlow.js' own conv2dTranspose, bias and activation, one after the other. */
export function createStock({ spec, tensors }: NetworkSource, name: string): Contender {
  const layers = spec.layers as ConvTransposeLayer[];
  const weights = layers.map(({ id, filters }) => {
    const { shape, data } = tensors[`${id}.weight`] ?? { shape: [], data: new Float32Array(0) };
    const torch = tf.tensor4d(data, shape as [number, number, number, number]);
    const bias = tf.tensor1d(tensors[`${id}.bias`]?.data ?? new Float32Array(filters));
    const filter = tf.transpose(torch, [2, 3, 1, 0]);
    torch.dispose();
    return { filter, bias };
  });
  const forward = (z: Float32Array, count: number): tf.Tensor4D => {
    let x: tf.Tensor4D = tf.tensor4d(z, [count, 1, 1, z.length / count]);
    layers.forEach((layer, index) => {
      const { filter, bias } = weights[index] ?? {};
      if (!filter || !bias) return;
      const size = 4 * 2 ** index;
      const pad = index === 0 ? 'valid' : 'same';
      const stride = layer.stride[0];
      const y = tf.conv2dTranspose(x, filter, [count, size, size, layer.filters], stride, pad);
      const sum: tf.Tensor4D = tf.add(y, bias);
      x = layer.activation.kind === 'tanh' ? tf.tanh(sum) : tf.relu(sum);
    });
    return x;
  };
  return {
    name,
    async run(z, count) {
      const y = tf.tidy(() => forward(z, count));
      try {
        return (await y.data()) as Float32Array;
      } finally {
        y.dispose();
      }
    },
  };
}

/** Our phase decomposition on TensorFlow.js' own convolution: what the engine does without kernels of its own. */
export function createPhasedStock(source: NetworkSource, backend: BackendName): Contender {
  return createFrom(source, stockLinear(backend), 'phases on stock kernels');
}

/** The engine's network on a way of computing layers, without its worker and its queue. */
export function createFrom(
  source: NetworkSource,
  createLinear: LinearFactory,
  name: string,
): Contender {
  const network = createNetwork(source, { createLinear, lost: neverLost });
  const route = { from: 0, to: network.layers.length - 1, masks: new Map() };
  return {
    name,
    async run(z, count) {
      const y = tf.tidy(() => network.run(tf.tensor4d(z, [count, 1, 1, z.length / count]), route));
      try {
        return (await y.data()) as Float32Array;
      } finally {
        y.dispose();
      }
    },
  };
}
