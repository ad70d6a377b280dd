import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web/wasm';
import ortModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortBinaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { createEngineHost } from '../src/engine/host';
import type { BackendName, DeviceReport } from '../src/engine/api';
import { neverLost } from '../src/engine/backends/backend';
import { stockLinear } from '../src/engine/layers/linear';
import { createNetwork } from '../src/engine/network';
import type { NetworkSource } from '../src/model/source';
import type { ConvTransposeLayer } from '../src/model/spec';
import { encodeOnnx } from './onnx';

/** One way to turn latents into pictures. */
export interface Contender {
  name: string;
  /** N × 100 latents → N × 64 × 64 × 3 floats, NHWC, back in JavaScript's memory. */
  run(z: Float32Array<ArrayBuffer>, count: number): Promise<Float32Array>;
}

/** Our engine, in this thread like the others. Its backend is what the stock contender runs on. */
export async function createOurs(
  source: NetworkSource,
  force: BackendName,
): Promise<Contender & { report: DeviceReport }> {
  const host = createEngineHost(() => undefined);
  const report = await host.start(force, {});
  const { handle } = await host.load(source, {});
  return {
    name: 'this engine',
    report,
    run: async (z, count) => (await host.generate({ handle, z, count }, {})).data,
  };
}

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
  const network = createNetwork(source, { createLinear: stockLinear(backend), lost: neverLost });
  const route = { from: 0, to: network.layers.length - 1, masks: new Map() };
  return {
    name: 'phases on stock kernels',
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

/** ONNX Runtime Web on WASM; pictures are put into NHWC outside the clock by the caller. */
export async function createOrt(source: NetworkSource, threads: number): Promise<Contender> {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: ortModuleUrl, wasm: ortBinaryUrl };
  const session = await ort.InferenceSession.create(encodeOnnx(source), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  return {
    name: 'ONNX Runtime Web',
    async run(z, count) {
      const input = new ort.Tensor('float32', z, [count, z.length / count, 1, 1]);
      const { y } = await session.run({ z: input });
      if (!y) throw new Error('ONNX Runtime gave no output');
      return (await y.getData()) as Float32Array;
    },
  };
}

/** N × channels × pixels → N × pixels × channels. */
export function toNhwc(data: Float32Array, count: number, channels: number): Float32Array {
  const pixels = data.length / count / channels;
  return Float32Array.from(data, (_, index) => {
    const image = Math.floor(index / (pixels * channels));
    const pixel = Math.floor(index / channels) % pixels;
    return data[(image * channels + (index % channels)) * pixels + pixel] ?? 0;
  });
}
