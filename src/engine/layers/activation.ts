import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../api';
import type { ActivationSpec } from '../../model/spec';

type FusedName = 'linear' | 'relu' | 'leakyrelu' | 'sigmoid';

export interface FusedActivation {
  activation: FusedName;
  leakyreluAlpha?: number;
}

/**
 * How TensorFlow.js computes this activation inside a fused convolution or product; null where it
 * cannot (no backend fuses tanh, WASM fuses no ELU).
 */
export function fusedActivation(
  spec: ActivationSpec,
  backend: BackendName,
): FusedActivation | null {
  switch (spec.kind) {
    case 'none':
      return { activation: 'linear' };
    case 'relu':
      return { activation: 'relu' };
    case 'leakyRelu':
      // Some fused kernels compute max(x, slope·x), which is another function for slopes above one.
      return spec.slope > 0 && spec.slope < 1 && backend !== 'cpu'
        ? { activation: 'leakyrelu', leakyreluAlpha: spec.slope }
        : null;
    case 'elu':
    case 'tanh':
    case 'sigmoid':
      return null;
  }
}

/** The activation as an operation of its own. */
export function applyActivation(x: tf.Tensor4D, spec: ActivationSpec): tf.Tensor4D {
  switch (spec.kind) {
    case 'none':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'leakyRelu':
      return tf.leakyRelu(x, spec.slope);
    case 'elu':
      return tf.elu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
  }
}
