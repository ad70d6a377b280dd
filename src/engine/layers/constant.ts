import * as tf from '@tensorflow/tfjs-core';

/** Weights on the device: tensors that outlive the tidy in which they are made, until they are disposed. */

export function constant1d(data: Float32Array): tf.Tensor1D {
  return tf.keep(tf.tensor1d(data));
}

export function constant2d(data: Float32Array, shape: [number, number]): tf.Tensor2D {
  return tf.keep(tf.tensor2d(data, shape));
}

export function constant4d(
  data: Float32Array,
  shape: [number, number, number, number],
): tf.Tensor4D {
  return tf.keep(tf.tensor4d(data, shape));
}
