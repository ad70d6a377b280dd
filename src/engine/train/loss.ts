import * as tf from '@tensorflow/tfjs-core';
import type { TrainingLoss } from '../../model/training';
import type { Matrix } from './ops';

/** A mean over the batch and its gradient with respect to each logit. */
export interface LossValue {
  value: tf.Scalar;
  gradient: Matrix;
}

/** What a network wants a logit to say: D of real and generated pictures, G of its own. */
export type LossSide = 'real' | 'fake' | 'generator';

/**
 * The loss of one side on D's logits (N×1). `smoothing` lowers D's target for real pictures (not for the
 * hinge loss). Least squares is half the squared distance, as in Mao et al. (2017), equation 9.
 */
export function lossOf(
  kind: TrainingLoss,
  side: LossSide,
  logits: Matrix,
  smoothing: number,
): LossValue {
  const target = side === 'fake' ? 0 : side === 'real' ? 1 - smoothing : 1;
  const each = { 'non-saturating': crossEntropy, 'least-squares': squares, hinge }[kind];
  const { values, slopes } = each(logits, target, side);
  return { value: tf.mean(values), gradient: tf.div(slopes, logits.shape[0]) };
}

interface Pointwise {
  values: Matrix;
  slopes: Matrix;
}

/** softplus(l) − target·l: for targets 1 and 0 it is softplus(∓l). */
function crossEntropy(logits: Matrix, target: number): Pointwise {
  // max(l, 0) + log(1 + e^−|l|) never overflows.
  const softplus = tf.add<Matrix>(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
  return {
    values: tf.sub(softplus, tf.mul(logits, target)),
    slopes: tf.sub(tf.sigmoid(logits), target),
  };
}

function squares(logits: Matrix, target: number): Pointwise {
  const slopes = tf.sub<Matrix>(logits, target);
  return { values: tf.mul(tf.square(slopes), 0.5), slopes };
}

function hinge(logits: Matrix, _target: number, side: LossSide): Pointwise {
  if (side === 'generator') {
    return { values: tf.neg(logits), slopes: tf.fill(logits.shape, -1) };
  }
  const sign = side === 'real' ? -1 : 1;
  const values = tf.relu(tf.add<Matrix>(tf.mul(logits, sign), 1));
  return { values, slopes: tf.mul(tf.step(values), sign) };
}
