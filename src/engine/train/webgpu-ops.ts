import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  activationGradientRun,
  adamRun,
  gradientPieces,
  hatRun,
  joinMoments,
  joinSums,
  momentPieces,
  normRun,
  outRun,
  type AdamResult,
  type ColumnRun,
  type Moment,
} from './column-program';
import { downRun, gradientRun, upRun } from './gemm-program';
import { stockOps, type Matrix, type Moments, type TrainOps, type Vector } from './ops';

/** Everything that touches whole images on programs of our own: one or two dispatches each. */
export function createWebgpuOps(backend: WebGPUBackend): TrainOps {
  const stock = stockOps();
  const run = <T extends tf.Tensor>({ program, uniforms }: ColumnRun, inputs: tf.Tensor[]): T => {
    const info = backend.runWebGPUProgram(program, inputs, 'float32', uniforms);
    return tf.engine().makeTensorFromTensorInfo(info) as T;
  };

  return {
    ...stock,
    down(x, w, geometry) {
      if (geometry.dense) return stock.down(x, w, geometry);
      return run<Matrix>(downRun(geometry, x.shape[0] / 4), [x, w]);
    },
    up(y, w, geometry) {
      if (geometry.dense) return stock.up(y, w, geometry);
      return run<Matrix>(upRun(geometry, y.shape[0]), [y, w]);
    },
    weightGradient(x, y, geometry) {
      if (geometry.dense) return stock.weightGradient(x, y, geometry);
      const pieces = run<tf.Tensor3D>(gradientRun(geometry, y.shape[0]), [x, y]);
      const [count, rows, columns] = pieces.shape;
      return count === 1 ? tf.reshape(pieces, [rows, columns]) : tf.sum(pieces, 0);
    },
    normalize(u, gain, shift, eps, activation) {
      const pieces = run(momentPieces(u.shape), [u]);
      const moment = (which: Moment) => run<Vector>(joinMoments(which, u.shape, eps), [pieces]);
      const [mean, variance, scale] = [moment('mean'), moment('variance'), moment('scale')];
      const hat = run<Matrix>(hatRun(u.shape), [u, mean, scale]);
      const out = run<Matrix>(outRun(u.shape, activation), [hat, gain, shift]);
      return { out, hat, scale, mean, variance };
    },
    normalizeGradient(dOut, { out, hat, scale }, gain, activation) {
      const { shape } = dOut;
      const pieces = run(gradientPieces(shape, activation), [dOut, out, hat]);
      const shift = run<Vector>(joinSums(0, shape), [pieces]);
      const gainSum = run<Vector>(joinSums(1, shape), [pieces]);
      const factor = tf.mul(gain, scale);
      const inputs = [dOut, out, hat, shift, gainSum, factor];
      return { du: run<Matrix>(normRun(shape, activation), inputs), gain: gainSum, shift };
    },
    activateGradient: (dOut, out, activation) =>
      activation.kind === 'none'
        ? tf.clone(dOut)
        : run<Matrix>(activationGradientRun(dOut.shape, activation), [dOut, out]),
    adam(weight, gradient, step): Moments {
      const { value, first, second } = weight;
      const result = (which: AdamResult, inputs: tf.Tensor[]) =>
        run(adamRun(which, gradient.shape, step), inputs);
      return {
        value: result('value', [value, first, second, gradient]),
        first: result('first', [first, gradient]),
        second: result('second', [second, gradient]),
      };
    },
  };
}
