/**
 * What a training step is computed with. Images are matrices: one row a pixel (N·H·W of them, pictures one
 * after the other), one column a channel. Every function makes new tensors and leaves its arguments alone.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ActivationSpec } from '../../model/spec';
import { TAPS, type Geometry } from './geometry';

export type Matrix = tf.Tensor2D;
export type Vector = tf.Tensor1D;

/** What batch norm and activation leave behind for the way back. */
export interface Normalized {
  /** After norm and activation. */
  out: Matrix;
  /** (u − mean) / √(variance + eps) */
  hat: Matrix;
  /** 1 / √(variance + eps) */
  scale: Vector;
  mean: Vector;
  /** Biased, as the batch is normalised by. */
  variance: Vector;
}

export interface NormGradients {
  /** With respect to what was normalised. */
  du: Matrix;
  gain: Vector;
  shift: Vector;
}

export interface AdamStep {
  /** Learning rate with both bias corrections: rate · √(1 − beta2ᵗ) / (1 − beta1ᵗ). */
  rate: number;
  beta1: number;
  beta2: number;
  /** ε · √(1 − beta2ᵗ) */
  epsilon: number;
}

/** A weight with its optimizer's moments. Its tensors are replaced, never written to. */
export interface Moments {
  value: tf.Tensor;
  first: tf.Tensor;
  second: tf.Tensor;
}

export interface TrainOps {
  /** Wide image → narrow one: im2col(x) · w. */
  down(x: Matrix, w: Matrix, geometry: Geometry): Matrix;
  /** Narrow image → wide one: col2im(y · wᵀ), the adjoint of `down`. */
  up(y: Matrix, w: Matrix, geometry: Geometry): Matrix;
  /** Gradient of ⟨y, down(x, w)⟩ with respect to w: im2col(x)ᵀ · y. */
  weightGradient(x: Matrix, y: Matrix, geometry: Geometry): Matrix;
  /** Batch norm by the batch's own statistics, then the activation. */
  normalize(
    u: Matrix,
    gain: Vector,
    shift: Vector,
    eps: number,
    activation: ActivationSpec,
  ): Normalized;
  /** The way back through `normalize`, from the gradient with respect to `out`. */
  normalizeGradient(
    dOut: Matrix,
    normalized: Normalized,
    gain: Vector,
    activation: ActivationSpec,
  ): NormGradients;
  activate(u: Matrix, activation: ActivationSpec): Matrix;
  /** dOut · activation′, from the activation's output. */
  activateGradient(dOut: Matrix, out: Matrix, activation: ActivationSpec): Matrix;
  /** torch.optim.Adam: the new value and moments, as tensors of their own. */
  adam(weight: Moments, gradient: tf.Tensor, step: AdamStep): Moments;
  /** Frees what was kept between the calls. */
  dispose(): void;
}

/** Everything by TensorFlow.js' own kernels, on whatever backend is current. */
export function stockOps(product: Product = tf.matMul): TrainOps {
  return {
    down: (x, w, geometry) => product(im2col(x, geometry), w, false, false),
    up: (y, w, geometry) => col2im(product(y, w, false, true), geometry),
    weightGradient: (x, y, geometry) => product(im2col(x, geometry), y, true, false),
    normalize,
    normalizeGradient,
    activate: applyActivation,
    activateGradient,
    adam,
    dispose: () => undefined,
  };
}

/** a · b, either one transposed before. */
export type Product = (a: Matrix, b: Matrix, transposeA: boolean, transposeB: boolean) => Matrix;

/** For WASM, whose kernel is slow where it has to transpose by itself. */
export const productByTranspose: Product = (a, b, transposeA, transposeB) =>
  tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b);

/**
 * Each narrow pixel's 4×4 patch of the wide image (padded by one) as a row: N·h·w × (16 · wide), ordered by
 * kernel row, kernel column, channel. Two rows of patches overlap by half, so a patch is two halves of pairs
 * of rows, and each of those two halves of pairs of columns.
 */
export function im2col(x: Matrix, { height, width, wide, dense }: Geometry): Matrix {
  if (dense) return tf.reshape(x, [-1, TAPS * wide]);
  const h = height / 2;
  const w = width / 2;
  const images: tf.Tensor4D = tf.reshape(x, [-1, height, width, wide]);
  const count = images.shape[0];
  const padded = tf.pad(images, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const pairsOfRows: tf.Tensor3D = tf.reshape(padded, [count, h + 1, 2 * (width + 2) * wide]);
  const rows = tf.concat([firstOf(pairsOfRows, h), lastOf(pairsOfRows, h)], 2);
  const pairsOfColumns: tf.Tensor3D = tf.reshape(rows, [count * h * 4, w + 1, 2 * wide]);
  const columns = tf.concat([firstOf(pairsOfColumns, w), lastOf(pairsOfColumns, w)], 2);
  const patches: tf.Tensor4D = tf.reshape(columns, [count * h, 4, w, 4 * wide]);
  return tf.reshape(tf.transpose(patches, [0, 2, 1, 3]), [count * h * w, TAPS * wide]);
}

/** The adjoint of im2col: adds every number of the patches to the pixel that it came from. */
export function col2im(columns: Matrix, { height, width, wide, dense }: Geometry): Matrix {
  if (dense) return tf.reshape(columns, [-1, wide]);
  const h = height / 2;
  const w = width / 2;
  const rowsOfPatches = columns.shape[0] / w;
  const count = rowsOfPatches / h;
  const patches: tf.Tensor4D = tf.reshape(columns, [rowsOfPatches, w, 4, 4 * wide]);
  const turned = tf.transpose(patches, [0, 2, 1, 3]);
  const pairsOfColumns = overlap(tf.reshape(turned, [rowsOfPatches * 4, w, 4 * wide]));
  const rows = 4 * (width + 2) * wide;
  const pairsOfRows = overlap(tf.reshape(pairsOfColumns, [count, h, rows]));
  const padded: tf.Tensor4D = tf.reshape(pairsOfRows, [count, height + 2, width + 2, wide]);
  const images = tf.slice(padded, [0, 1, 1, 0], [count, height, width, wide]);
  return tf.reshape(images, [count * height * width, wide]);
}

const firstOf = (x: tf.Tensor3D, length: number): tf.Tensor3D =>
  tf.slice(x, [0, 0, 0], [x.shape[0], length, x.shape[2]]);
const lastOf = (x: tf.Tensor3D, length: number): tf.Tensor3D =>
  tf.slice(x, [0, 1, 0], [x.shape[0], length, x.shape[2]]);

/** Position p of n takes its first half to place p and its second half to place p + 1 of n + 1. */
function overlap(x: tf.Tensor3D): tf.Tensor3D {
  const [count, length, size] = x.shape;
  const half = size / 2;
  const first = tf.slice(x, [0, 0, 0], [count, length, half]);
  const second = tf.slice(x, [0, 0, half], [count, length, half]);
  return tf.add(
    tf.pad(first, [
      [0, 0],
      [0, 1],
      [0, 0],
    ]),
    tf.pad(second, [
      [0, 0],
      [1, 0],
      [0, 0],
    ]),
  );
}

function normalize(
  u: Matrix,
  gain: Vector,
  shift: Vector,
  eps: number,
  activation: ActivationSpec,
): Normalized {
  const mean: Vector = tf.mean(u, 0);
  const centered = tf.sub<Matrix>(u, mean);
  const variance: Vector = tf.mean(tf.square(centered), 0);
  const scale = tf.rsqrt(tf.add<Vector>(variance, eps));
  const hat = tf.mul<Matrix>(centered, scale);
  const out = applyActivation(tf.add(tf.mul(hat, gain), shift), activation);
  return { out, hat, scale, mean, variance };
}

function normalizeGradient(
  dOut: Matrix,
  { out, hat, scale }: Normalized,
  gain: Vector,
  activation: ActivationSpec,
): NormGradients {
  const dy = activateGradient(dOut, out, activation);
  const rows = dy.shape[0];
  const shift: Vector = tf.sum(dy, 0);
  const gainGradient: Vector = tf.sum(tf.mul(dy, hat), 0);
  const common = tf.mul<Matrix>(hat, tf.div(gainGradient, rows));
  const rest = tf.sub<Matrix>(tf.sub(dy, tf.div(shift, rows)), common);
  return { du: tf.mul(rest, tf.mul(gain, scale)), gain: gainGradient, shift };
}

function applyActivation(u: Matrix, activation: ActivationSpec): Matrix {
  switch (activation.kind) {
    case 'none':
      return tf.clone(u);
    case 'relu':
      return tf.relu(u);
    case 'leakyRelu':
      return tf.leakyRelu(u, activation.slope);
    case 'tanh':
      return tf.tanh(u);
    case 'elu':
    case 'sigmoid':
      throw new TypeError(`activation '${activation.kind}' cannot be trained`);
  }
}

export function activateGradient(dOut: Matrix, out: Matrix, activation: ActivationSpec): Matrix {
  switch (activation.kind) {
    case 'none':
      return tf.clone(dOut);
    case 'relu':
      return tf.mul(dOut, tf.step(out));
    case 'leakyRelu':
      return tf.mul(dOut, tf.step(out, activation.slope));
    case 'tanh':
      return tf.mul(dOut, tf.sub(1, tf.square(out)));
    case 'elu':
    case 'sigmoid':
      throw new TypeError(`activation '${activation.kind}' cannot be trained`);
  }
}

function adam(weight: Moments, gradient: tf.Tensor, step: AdamStep): Moments {
  const { beta1, beta2, rate, epsilon } = step;
  const [value, first, second] = tf.tidy((): [tf.Tensor, tf.Tensor, tf.Tensor] => {
    const m = tf.add(tf.mul(weight.first, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(weight.second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const change = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon));
    return [tf.sub(weight.value, change), m, v];
  });
  return { value, first, second };
}
