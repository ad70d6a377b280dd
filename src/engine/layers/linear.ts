import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../api';
import type { BoundLayer } from '../../model/bind';
import type { ActivationSpec, ConvLayer, ConvTransposeLayer } from '../../model/spec';
import { applyActivation, fusedActivation, type FusedActivation } from './activation';
import type { LinearWeights } from './fold';
import { constant1d, constant2d, constant4d } from './constant';
import { packConv, packDense, packPhases, packStem, repeatBias } from './pack';

/** The linear part of a layer with its weights on the device. */
export interface LinearOp {
  /** N×H×W×C in and out; the activation that it was made with is applied. */
  apply: (x: tf.Tensor4D) => tf.Tensor4D;
  dispose: () => void;
}

/** Makes the linear part of a layer, its activation included. */
export type LinearFactory = (
  layer: BoundLayer,
  weights: LinearWeights,
  activation: ActivationSpec,
) => LinearOp;

/** Moves a dense, conv or transposed-conv layer to the device, by TensorFlow.js' own kernels. */
export function createStockLinear(
  layer: BoundLayer,
  weights: LinearWeights,
  activation: ActivationSpec,
  backend: BackendName,
): LinearOp {
  const fused = fusedActivation(activation, backend);
  const inside: FusedActivation = fused ?? { activation: 'linear' };
  const op = createFused(layer, weights, inside);
  if (fused) return op;
  return { apply: (x) => applyActivation(op.apply(x), activation), dispose: op.dispose };
}

/** Whether a transposed convolution is computed phase by phase, without multiplying by inserted zeros. */
export function isPhased(layer: BoundLayer): boolean {
  const { spec } = layer;
  return (
    spec.kind === 'convTranspose' && (spec.stride[0] > 1 || spec.stride[1] > 1) && !isStem(layer)
  );
}

/** The factory for a backend that runs everything on TensorFlow.js' own kernels. */
export function stockLinear(backend: BackendName): LinearFactory {
  return (layer, weights, activation) => createStockLinear(layer, weights, activation, backend);
}

function createFused(layer: BoundLayer, weights: LinearWeights, fused: FusedActivation): LinearOp {
  switch (layer.spec.kind) {
    case 'dense':
      return createDense(layer, weights, fused);
    case 'conv':
      return createConv(layer, layer.spec, weights, fused);
    case 'convTranspose':
      return isStem(layer)
        ? createStem(layer, layer.spec, weights, fused)
        : createPhased(layer, layer.spec, weights, fused);
    case 'upsample':
    case 'reshape':
    case 'flatten':
      throw new TypeError(`layer '${layer.spec.id}' (${layer.spec.kind}) has no linear part`);
  }
}

function createDense(layer: BoundLayer, weights: LinearWeights, fused: FusedActivation): LinearOp {
  const inputs = layer.input.channels;
  const filters = layer.output.channels;
  const matrix = constant2d(packDense(weights.weight, filters, inputs), [inputs, filters]);
  const bias = constant1d(weights.bias);
  return {
    apply(x) {
      const a: tf.Tensor2D = tf.reshape(x, [-1, inputs]);
      const y = tf.fused.matMul({ a, b: matrix, bias, ...fused });
      return tf.reshape(y, [-1, 1, 1, filters]);
    },
    dispose: () => tf.dispose([matrix, bias]),
  };
}

function createConv(
  layer: BoundLayer,
  spec: ConvLayer,
  weights: LinearWeights,
  fused: FusedActivation,
): LinearOp {
  const inputs = layer.input.channels;
  const filters = layer.output.channels;
  const packed = packConv(weights.weight, filters, inputs, spec.kernel);
  const filter = constant4d(packed, [...spec.kernel, inputs, filters]);
  const bias = constant1d(weights.bias);
  const { top, right, bottom, left } = spec.padding;
  const strides: [number, number] = [...spec.stride];
  const pad: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return {
    apply: (x) => tf.fused.conv2d({ x, filter, bias, strides, pad, ...fused }),
    dispose: () => tf.dispose([filter, bias]),
  };
}

/** A transposed convolution of a single pixel without output padding is one matrix product. */
export function isStem(layer: BoundLayer): boolean {
  const { spec, input } = layer;
  if (spec.kind !== 'convTranspose' || input.height !== 1 || input.width !== 1) return false;
  return spec.outputPadding.bottom === 0 && spec.outputPadding.right === 0;
}

function createStem(
  layer: BoundLayer,
  spec: ConvTransposeLayer,
  weights: LinearWeights,
  fused: FusedActivation,
): LinearOp {
  const inputs = layer.input.channels;
  const { height, width, channels } = layer.output;
  const [kernelH, kernelW] = spec.kernel;
  const outputs = kernelH * kernelW * channels;
  const matrix = constant2d(packStem(weights.weight, inputs, channels, spec.kernel), [
    inputs,
    outputs,
  ]);
  const bias = constant1d(repeatBias(weights.bias, kernelH * kernelW));
  return {
    apply(x) {
      const a: tf.Tensor2D = tf.reshape(x, [-1, inputs]);
      const y = tf.fused.matMul({ a, b: matrix, bias, ...fused });
      const full: tf.Tensor4D = tf.reshape(y, [-1, kernelH, kernelW, channels]);
      return crop(full, spec.padding.top, spec.padding.left, height, width);
    },
    dispose: () => tf.dispose([matrix, bias]),
  };
}

/** Any transposed convolution as one convolution over all phases, depth-to-space, and a crop. */
function createPhased(
  layer: BoundLayer,
  spec: ConvTransposeLayer,
  weights: LinearWeights,
  fused: FusedActivation,
): LinearOp {
  const inputs = layer.input.channels;
  const { height, width, channels } = layer.output;
  const [strideH, strideW] = spec.stride;
  const phases = strideH * strideW;
  const taps: [number, number] = [
    Math.ceil(spec.kernel[0] / strideH),
    Math.ceil(spec.kernel[1] / strideW),
  ];
  const packed = packPhases(weights.weight, inputs, channels, spec.kernel, spec.stride);
  const filter = constant4d(packed, [...taps, inputs, phases * channels]);
  const bias = constant1d(repeatBias(weights.bias, phases));
  const rows = phaseGrid(layer.input.height, taps[0], strideH, spec.padding.top, height);
  const columns = phaseGrid(layer.input.width, taps[1], strideW, spec.padding.left, width);
  const pad: tf.backend_util.ExplicitPadding = [[0, 0], rows.pad, columns.pad, [0, 0]];
  return {
    apply(x) {
      const y = tf.fused.conv2d({ x, filter, bias, strides: 1, pad, ...fused });
      const spread = depthToSpace(y, strideH, strideW, channels);
      return crop(spread, rows.skip, columns.skip, height, width);
    },
    dispose: () => tf.dispose([filter, bias]),
  };
}

interface PhaseGrid {
  /** Zeros before and after the input. */
  pad: [number, number];
  /** Output rows to cut away at the start. */
  skip: number;
}

/** How far the stride-1 convolution must reach so that rows `cut` to `cut + size` of the full output exist. */
function phaseGrid(
  input: number,
  taps: number,
  stride: number,
  cut: number,
  size: number,
): PhaseGrid {
  // Grid row q covers full output rows q·stride to q·stride + stride − 1.
  const first = Math.min(Math.floor(cut / stride), taps - 1);
  const last = Math.ceil((cut + size) / stride) - 1;
  return { pad: [taps - 1 - first, Math.max(0, last - (input - 1))], skip: cut - first * stride };
}

function depthToSpace(
  y: tf.Tensor4D,
  strideH: number,
  strideW: number,
  channels: number,
): tf.Tensor4D {
  if (strideH === 1 && strideW === 1) return y;
  const [count, height, width] = y.shape;
  // Rows of pixels are contiguous in both layouts, so a transposition moves whole runs of numbers;
  // twice as fast on WASM as the depthToSpace kernel.
  const runs = tf.reshape(y, [count * height, width, strideH, strideW * channels]);
  const spread = tf.transpose(runs, [0, 2, 1, 3]);
  return tf.reshape(spread, [count, height * strideH, width * strideW, channels]);
}

/** Cuts height × width pixels out, from (top, left) on. */
export function crop(
  x: tf.Tensor4D,
  top: number,
  left: number,
  height: number,
  width: number,
): tf.Tensor4D {
  if (x.shape[1] === height && x.shape[2] === width) return x;
  return tf.slice(x, [0, top, left, 0], [x.shape[0], height, width, x.shape[3]]);
}
