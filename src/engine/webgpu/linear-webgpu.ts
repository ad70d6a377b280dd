import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BoundLayer } from '../../model/bind';
import type { ActivationSpec, ConvTransposeLayer } from '../../model/spec';
import { constant1d } from '../layers/constant';
import type { LinearWeights } from '../layers/fold';
import { isPhased, stockLinear, type LinearFactory, type LinearOp } from '../layers/linear';
import { createPhaseProgram } from './phase-program';

/** Transposed convolutions of stride above one on a program of our own, all else on TensorFlow.js'. */
export function createWebgpuLinear(backend: WebGPUBackend): LinearFactory {
  const stock = stockLinear('webgpu');
  return (layer, weights, activation) => {
    const { spec } = layer;
    const fits = spec.kind === 'convTranspose' && isPhased(layer) && layer.input.channels % 4 === 0;
    return fits
      ? createPhased(backend, layer, spec, weights, activation)
      : stock(layer, weights, activation);
  };
}

function createPhased(
  backend: WebGPUBackend,
  layer: BoundLayer,
  spec: ConvTransposeLayer,
  weights: LinearWeights,
  activation: ActivationSpec,
): LinearOp {
  const { height, width, channels } = layer.output;
  const padded = new Float32Array(Math.ceil(channels / 4) * 4);
  padded.set(weights.bias);
  const w = constant1d(packQuads(weights.weight, layer.input.channels, channels, spec));
  const bias = constant1d(padded);
  const slope = activation.kind === 'leakyRelu' ? activation.slope : 0;
  return {
    apply(x) {
      const outputShape: [number, number, number, number] = [x.shape[0], height, width, channels];
      const program = createPhaseProgram({ spec, outputShape, activation });
      const uniforms = [{ type: 'float32', data: [slope] }];
      const info = backend.runWebGPUProgram(program, [x, w, bias], 'float32', uniforms);
      return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor4D;
    },
    dispose: () => tf.dispose([w, bias]),
  };
}

/**
 * [in, filters, kh, kw] → [phase, tap, in, filters padded to fours]. Phase (a, b) holds output rows
 * y ≡ a and columns x ≡ b (mod stride); its tap t is kernel row t·stride + (a + top) mod stride.
 */
export function packQuads(
  weight: Float32Array,
  inputs: number,
  filters: number,
  spec: Pick<ConvTransposeLayer, 'kernel' | 'stride' | 'padding'>,
): Float32Array {
  const [kernelH, kernelW] = spec.kernel;
  const [strideH, strideW] = spec.stride;
  const tapsH = Math.ceil(kernelH / strideH);
  const tapsW = Math.ceil(kernelW / strideW);
  const row = Math.ceil(filters / 4) * 4;
  const packed = new Float32Array(strideH * strideW * tapsH * tapsW * inputs * row);
  let at = 0;
  for (let phase = 0; phase < strideH * strideW; phase++) {
    const offsetY = (Math.floor(phase / strideW) + spec.padding.top) % strideH;
    const offsetX = ((phase % strideW) + spec.padding.left) % strideW;
    for (let tap = 0; tap < tapsH * tapsW; tap++) {
      const y = Math.floor(tap / tapsW) * strideH + offsetY;
      const x = (tap % tapsW) * strideW + offsetX;
      for (let i = 0; i < inputs; i++, at += row) {
        if (y >= kernelH || x >= kernelW) continue;
        const from = i * filters * kernelH * kernelW + y * kernelW + x;
        for (let f = 0; f < filters; f++) {
          packed[at + f] = weight[from + f * kernelH * kernelW] ?? 0;
        }
      }
    }
  }
  return packed;
}
