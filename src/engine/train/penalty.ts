/**
 * The R1 penalty γ/2 · mean |∇D(x)|² (Mescheder et al. 2018) and its gradient with respect to D's weights.
 *
 * With g = ∇ₓ ΣD(x), the gradient of ½|g|² with respect to the weights is the rate at which ∇ΣD with respect
 * to the weights changes when x moves along g (Pearlmutter 1994, "Fast exact multiplication by the Hessian"):
 * a forward and a backward pass of rates of change, dotted below, beside the values of the ordinary passes.
 * LeakyReLU is linear on either side of zero, so rates only pass its mask.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkLayer } from './network';
import type { Matrix, Normalized, TrainOps, Vector } from './ops';
import {
  backward,
  kernelGradient,
  linear,
  linearAdjoint,
  vector,
  type Gradients,
  type Pass,
  type Trace,
} from './pass';

export interface Penalty {
  value: tf.Scalar;
  gradients: Gradients;
}

/** What the backward pass of ΣD saw at one layer. */
interface Sensitivity {
  /** With respect to what leaves the norm (the linear part where there is none). */
  dy: Matrix;
  du: Matrix;
}

/** Rates of change at one layer. */
interface Rates {
  x: Matrix;
  /** Of the normalised numbers, and of the norm's 1/σ relative to itself. */
  hat: Matrix | null;
  scale: Vector | null;
}

/** Of D's forward pass on real pictures; `weight` is γ. Call inside tf.tidy. */
export function penalize(ops: TrainOps, pass: Pass, weight: number): Penalty {
  const seen = new Map<NetworkLayer, Sensitivity>();
  const outputs = new Map(pass.traces.map(({ layer, out }) => [layer, out]));
  const { dInput } = backward(ops, pass, tf.onesLike(pass.out), {
    ...{ weights: false, input: true },
    onLayer(layer, dOut, du) {
      const out = outputs.get(layer) ?? du;
      const dy = layer.norm ? ops.activateGradient(dOut, out, layer.activation) : du;
      seen.set(layer, { dy, du });
    },
  });
  if (!dInput) throw new TypeError('no gradient reached the pictures');
  const count = pass.out.shape[0];
  const value: tf.Scalar = tf.mul(tf.sum(tf.square(dInput)), weight / (2 * count));
  const rates = forwardRates(ops, pass, tf.mul(dInput, weight / count));
  return { value, gradients: backwardRates(ops, pass, rates, seen) };
}

function forwardRates(ops: TrainOps, { traces }: Pass, direction: Matrix): Rates[] {
  let x = direction;
  return traces.map(({ layer, out, normalized }) => {
    const u = linear(ops, layer, x);
    const rates: Rates = { x, hat: null, scale: null };
    let y = u;
    if (normalized) {
      const { hat, scale } = normalized;
      rates.hat = project(u, normalized);
      rates.scale = tf.neg(tf.mul(scale, meanOf(hat, u)));
      y = tf.mul(rates.hat, vector(layer.gain));
    }
    x = ops.activateGradient(y, out, layer.activation);
    return rates;
  });
}

function backwardRates(
  ops: TrainOps,
  { traces }: Pass,
  rates: Rates[],
  seen: Map<NetworkLayer, Sensitivity>,
): Gradients {
  const gradients: Gradients = new Map();
  // ΣD is linear in the logits, so what comes back to the last layer's input does not change.
  let dOut: Matrix | null = null;
  for (const [index, trace] of [...traces.entries()].reverse()) {
    const { layer, x, out } = trace;
    const rate = rates[index];
    const values = seen.get(layer);
    if (!rate || !values) throw new TypeError(`layer '${layer.id}' was not passed`);
    const byInput = kernelGradient(ops, layer, rate.x, values.du);
    if (!dOut) {
      gradients.set(layer.weight, byInput);
      dOut = tf.zerosLike(x);
      continue;
    }
    const dy = ops.activateGradient(dOut, out, layer.activation);
    const du = backThroughNorm(trace, rate, values, dy, gradients);
    gradients.set(layer.weight, tf.add(byInput, kernelGradient(ops, layer, x, du)));
    if (index > 0) dOut = linearAdjoint(ops, layer, du);
  }
  return gradients;
}

function backThroughNorm(
  { layer, normalized }: Trace,
  rate: Rates,
  { dy: dyValue, du: duValue }: Sensitivity,
  dy: Matrix,
  gradients: Gradients,
): Matrix {
  if (!normalized || !rate.hat || !rate.scale || !layer.gain || !layer.shift) return dy;
  const { hat, scale } = normalized;
  const gain = tf.add(sumOf(dy, hat), sumOf(dyValue, rate.hat));
  gradients.set(layer.gain, gain);
  gradients.set(layer.shift, tf.sum(dy, 0));
  const bend = tf.add<Matrix>(
    tf.mul(rate.hat, meanOf(hat, dyValue)),
    tf.mul(hat, meanOf(rate.hat, dyValue)),
  );
  const straight = tf.sub<Matrix>(project(dy, normalized), tf.mul(bend, scale));
  return tf.add(tf.mul(straight, vector(layer.gain)), tf.mul(duValue, rate.scale));
}

/** Norm's derivative, which is its own transpose: (v − mean v − hat · mean(hat·v)) / σ. */
function project(v: Matrix, { hat, scale }: Normalized): Matrix {
  const centered = tf.sub<Matrix>(v, tf.mean(v, 0));
  return tf.mul(tf.sub(centered, tf.mul(hat, meanOf(hat, v))), scale);
}

const sumOf = (a: Matrix, b: Matrix): Vector => tf.sum(tf.mul(a, b), 0);
const meanOf = (a: Matrix, b: Matrix): Vector => tf.mean(tf.mul(a, b), 0);
