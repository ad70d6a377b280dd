/** Forward and back through a network in training, layer by layer. Call inside tf.tidy. */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkLayer, TrainNetwork, Weight } from './network';
import type { Matrix, Normalized, TrainOps, Vector } from './ops';

/** What one layer leaves behind for the way back. */
export interface Trace {
  layer: NetworkLayer;
  x: Matrix;
  out: Matrix;
  normalized: Normalized | null;
}

export interface Pass {
  out: Matrix;
  traces: Trace[];
}

/** A gradient for each weight that was asked for. */
export type Gradients = Map<Weight, tf.Tensor>;

/** Forward as in training: every batch norm by the batch's own statistics. */
export function forward(ops: TrainOps, { layers }: TrainNetwork, input: Matrix): Pass {
  const traces: Trace[] = [];
  let x = input;
  for (const layer of layers) {
    const u = linear(ops, layer, x);
    const normalized = layer.norm
      ? ops.normalize(u, vector(layer.gain), vector(layer.shift), layer.norm.eps, layer.activation)
      : null;
    const out = normalized ? normalized.out : ops.activate(u, layer.activation);
    u.dispose();
    traces.push({ layer, x, out, normalized });
    x = out;
  }
  return { out: x, traces };
}

/** Forward as an exported file would run: norms by the statistics that `statisticsOf` names. */
export function infer(
  ops: TrainOps,
  { layers }: TrainNetwork,
  input: Matrix,
  valueOf: (weight: Weight) => tf.Tensor,
  statisticsOf: (layer: NetworkLayer) => { mean: Vector; variance: Vector },
): Matrix {
  let x = input;
  for (const layer of layers) {
    x = tf.tidy(() => {
      const u = linear(ops, layer, x, valueOf(layer.weight) as Matrix);
      if (!layer.norm || !layer.gain || !layer.shift) return ops.activate(u, layer.activation);
      const { mean, variance } = statisticsOf(layer);
      const scale = tf.mul(valueOf(layer.gain), tf.rsqrt(tf.add(variance, layer.norm.eps)));
      const y = tf.add<Matrix>(tf.mul(tf.sub(u, mean), scale), valueOf(layer.shift));
      return ops.activate(y, layer.activation);
    });
  }
  return x;
}

/** A layer's product, in its own direction. */
export function linear(
  ops: TrainOps,
  { direction, geometry, weight }: NetworkLayer,
  x: Matrix,
  value = weight.value as Matrix,
): Matrix {
  return direction === 'down' ? ops.down(x, value, geometry) : ops.up(x, value, geometry);
}

/** The adjoint of `linear`: from the gradient of its output to that of its input. */
export function linearAdjoint(
  ops: TrainOps,
  { direction, geometry, weight }: NetworkLayer,
  du: Matrix,
): Matrix {
  const value = weight.value as Matrix;
  return direction === 'down' ? ops.up(du, value, geometry) : ops.down(du, value, geometry);
}

/** Gradient of ⟨du, linear(x)⟩ with respect to the layer's matrix. */
export function kernelGradient(
  ops: TrainOps,
  { direction, geometry }: NetworkLayer,
  x: Matrix,
  du: Matrix,
): Matrix {
  return direction === 'down'
    ? ops.weightGradient(x, du, geometry)
    : ops.weightGradient(du, x, geometry);
}

export interface BackwardOptions {
  /** Gradients are wanted with respect to weights … */
  weights: boolean;
  /** … and to the network's input. */
  input: boolean;
  /** Told what reaches each layer's activation and linear part. */
  onLayer?: (layer: NetworkLayer, dOut: Matrix, du: Matrix) => void;
}

/** Back from the gradient of the output. */
export function backward(
  ops: TrainOps,
  { traces }: Pass,
  dOutput: Matrix,
  { weights, input, onLayer }: BackwardOptions,
): { gradients: Gradients; dInput: Matrix | null } {
  const gradients: Gradients = new Map();
  let dOut: Matrix | null = dOutput;
  for (const [index, trace] of [...traces.entries()].reverse()) {
    if (!dOut) break;
    const { layer, x } = trace;
    const du = backToLinear(ops, trace, dOut, weights ? gradients : null);
    onLayer?.(layer, dOut, du);
    if (weights) gradients.set(layer.weight, kernelGradient(ops, layer, x, du));
    dOut = index > 0 || input ? linearAdjoint(ops, layer, du) : null;
  }
  return { gradients, dInput: dOut };
}

function backToLinear(
  ops: TrainOps,
  { layer, out, normalized }: Trace,
  dOut: Matrix,
  gradients: Gradients | null,
): Matrix {
  if (!normalized) return ops.activateGradient(dOut, out, layer.activation);
  const back = ops.normalizeGradient(dOut, normalized, vector(layer.gain), layer.activation);
  if (gradients && layer.gain && layer.shift) {
    gradients.set(layer.gain, back.gain);
    gradients.set(layer.shift, back.shift);
  }
  return back.du;
}

/** A batch norm's gain or shift as a tensor. */
export function vector(weight: Weight | null): Vector {
  if (!weight) throw new TypeError('layer without norm');
  return weight.value as Vector;
}

/** Adds gradients up, weight by weight. */
export function addGradients(a: Gradients, b: Gradients): Gradients {
  return new Map(
    [...a].map(([weight, gradient]) => {
      const other = b.get(weight);
      return [weight, other ? tf.add(gradient, other) : gradient];
    }),
  );
}
