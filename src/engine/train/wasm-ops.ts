import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { ActivationSpec } from '../../model/spec';
import type { TileEngine } from '../wasm/tile-engine';
import { createTensorMemory } from '../wasm/tile-memory';
import { productByTranspose, stockOps, type Matrix, type TrainOps, type Vector } from './ops';
import { createRowKernels } from './row-kernel';
import { createWasmProducts } from './wasm-products';

/** Products on the tile kernels (on several threads where the page allows it), the rest on row kernels. */
export async function createWasmOps(backend: BackendWasm, engine: TileEngine): Promise<TrainOps> {
  const stock = stockOps(productByTranspose);
  const memory = createTensorMemory(backend);
  const kernels = await createRowKernels(memory.memory);
  const at = (x: tf.Tensor): number => memory.lend(x).address;
  const like = <R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> =>
    memory.create<R>(x.shape).finish();
  /** Runs a kernel on all numbers, as if in one row. */
  const flat = (x: tf.Tensor): [number, number] => [1, x.size / 4];

  return {
    ...stock,
    ...createWasmProducts(engine),
    normalize(u, gain, shift, eps, activation) {
      const slope = slopeOf(activation);
      if (slope === null || u.shape[1] % 4 !== 0) {
        return stock.normalize(u, gain, shift, eps, activation);
      }
      const [rows, columns] = u.shape;
      const quads = columns / 4;
      const sums: Vector = tf.zeros([columns]);
      kernels.sum(rows, quads, at(u), at(sums));
      const mean = tf.div<Vector>(sums, rows);
      const squares: Vector = tf.zeros([columns]);
      kernels.squares(rows, quads, at(u), at(mean), at(squares));
      const variance = tf.div<Vector>(squares, rows);
      const scale = tf.rsqrt(tf.add<Vector>(variance, eps));
      const hat = like(u);
      const out = like(u);
      const vectors = [at(mean), at(scale), at(gain), at(shift)];
      kernels.normalize(rows, quads, at(u), at(hat), at(out), ...vectors, slope);
      return { out, hat, scale, mean, variance };
    },
    normalizeGradient(dOut, normalized, gain, activation) {
      const slope = slopeOf(activation);
      const [rows, columns] = dOut.shape;
      if (slope === null || columns % 4 !== 0) {
        return stock.normalizeGradient(dOut, normalized, gain, activation);
      }
      const { out, hat, scale } = normalized;
      const quads = columns / 4;
      const shift: Vector = tf.zeros([columns]);
      const dGain: Vector = tf.zeros([columns]);
      const from = [at(dOut), at(out), at(hat)];
      kernels.gradientSums(rows, quads, ...from, at(shift), at(dGain), slope);
      const factor = tf.mul<Vector>(gain, scale);
      const du = like(dOut);
      const vectors = [at(shift), at(dGain), at(factor)];
      kernels.normalizeGradient(rows, quads, ...from, at(du), ...vectors, slope, 1 / rows);
      return { du, gain: dGain, shift };
    },
    activate(u, activation) {
      const slope = slopeOf(activation);
      if (activation.kind === 'tanh') return tanh(u);
      if (slope === null || u.size % 4 !== 0) return stock.activate(u, activation);
      const out = like(u);
      kernels.activate(...flat(u), at(u), at(out), slope);
      return out;
    },
    activateGradient(dOut, out, activation) {
      const slope = slopeOf(activation);
      const isTanh = activation.kind === 'tanh';
      if ((slope === null && !isTanh) || out.size % 4 !== 0) {
        return stock.activateGradient(dOut, out, activation);
      }
      const du = like(out);
      if (isTanh) kernels.tanhGradient(...flat(out), at(dOut), at(out), at(du));
      else kernels.activateGradient(...flat(out), at(dOut), at(out), at(du), slope ?? 1);
      return du;
    },
    adam(weight, gradient, step) {
      if (gradient.size % 4 !== 0) return stock.adam(weight, gradient, step);
      const { beta1, beta2, rate, epsilon } = step;
      const moved = {
        value: like(weight.value),
        first: like(weight.first),
        second: like(weight.second),
      };
      kernels.adam(
        ...flat(gradient),
        ...[at(weight.value), at(weight.first), at(weight.second), at(gradient)],
        ...[at(moved.value), at(moved.first), at(moved.second)],
        ...[beta1, 1 - beta1, beta2, 1 - beta2, rate, epsilon],
      );
      return moved;
    },
  };

  /** On the engine's own kernel, which is many times faster than the backend's. */
  function tanh(u: Matrix): Matrix {
    const out = engine.memory.create<tf.Rank.R2>(u.shape);
    const target = new Float32Array(engine.memory.memory.buffer, out.address, u.size);
    target.set(engine.memory.view(u));
    engine.tanh(out.address, u.size);
    return out.finish();
  }
}

/** The slope s of max(y, s·y) where the activation is of that kind. */
function slopeOf(activation: ActivationSpec): number | null {
  if (activation.kind === 'leakyRelu') return activation.slope;
  if (activation.kind === 'relu') return 0;
  return activation.kind === 'none' ? 1 : null;
}
