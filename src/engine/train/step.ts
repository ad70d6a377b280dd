/** One step of training on the device: what is drawn and added up, without reading anything. */
import * as tf from '@tensorflow/tfjs-core';
import type { ImageSet } from '../../model/image-set';
import type { TrainingConfig } from '../../model/training';
import type { TrainingPart } from '../training-api';
import { applyAdam } from './adam';
import { lossOf } from './loss';
import { latentMatrix, replace, updateRunning, type TrainNetwork, type Weight } from './network';
import type { Matrix, TrainOps } from './ops';
import { addGradients, backward, forward, type Gradients, type Pass } from './pass';
import { penalize } from './penalty';
import { drawLatents, drawPictures } from './random';

/** Running average of G's weights. */
export type Average = Map<Weight, tf.Tensor>;

/** What steps read and change. */
export interface StepState {
  ops: TrainOps;
  config: TrainingConfig;
  images: ImageSet;
  generator: TrainNetwork;
  discriminator: TrainNetwork;
  average: Average | null;
  /** Steps that are done. */
  step: number;
}

/** lossD, lossG, real, fake: one number each, NaN where its part did not step. */
export type StepNumbers = tf.Tensor1D;

/**
 * Does a step and returns its numbers, still on the device. As in the PyTorch tutorial, G is trained on the
 * batch that D saw last, through the D that came out of it.
 */
export function runStep(state: StepState, part: TrainingPart): StepNumbers {
  const numbers = tf.tidy(() => {
    const turns = part === 'generator' ? 0 : state.config.dSteps;
    const last = Math.max(0, turns - 1);
    let seen: DiscriminatorNumbers | null = null;
    for (let turn = 0; turn < last; turn++) {
      tf.tidy(() => {
        stepDiscriminator(state, drawFakes(state, turn).out, turn);
      });
    }
    const fakes = drawFakes(state, last);
    if (turns > 0) seen = tf.tidy(() => stepDiscriminator(state, fakes.out, last));
    const own = part === 'discriminator' ? null : stepGenerator(state, fakes);
    const none = tf.scalar(NaN);
    return tf.stack([
      seen?.loss ?? none,
      own?.loss ?? none,
      seen?.real ?? none,
      seen?.fake ?? own?.fake ?? none,
    ]) as StepNumbers;
  });
  state.step += 1;
  return numbers;
}

function drawFakes({ ops, config, generator, step }: StepState, turn: number): Pass {
  return forward(ops, generator, latentMatrix(drawLatents(config, step, turn), config.batch));
}

interface DiscriminatorNumbers {
  loss: tf.Scalar;
  real: tf.Scalar;
  fake: tf.Scalar;
  [name: string]: tf.Scalar;
}

function stepDiscriminator(state: StepState, fakes: Matrix, turn: number): DiscriminatorNumbers {
  const { ops, config, images, discriminator, step } = state;
  const { channels } = images;
  const drawn = drawPictures(config, images, step, turn);
  const reals: Matrix = tf.tensor2d(drawn, [drawn.length / channels, channels]);
  const ofReal = tf.tidy(() => learnSide(state, reals, 'real'));
  const ofFake = tf.tidy(() => learnSide(state, fakes, 'fake'));
  const gradients = addGradients(toMap(discriminator, ofReal), toMap(discriminator, ofFake));
  const rate = config.learningRateD;
  applyAdam(ops, discriminator, gradients, { rate, beta1: config.beta1 });
  return { loss: tf.add(ofReal.loss, ofFake.loss), real: ofReal.mean, fake: ofFake.mean };
}

/** A plain object, so that tf.tidy finds the tensors in it. */
interface Learnt {
  gradients: tf.Tensor[];
  loss: tf.Scalar;
  mean: tf.Scalar;
  [name: string]: tf.TensorContainer;
}

/** D's loss and gradients on real or on generated pictures; moves its running statistics. */
function learnSide(state: StepState, pictures: Matrix, side: 'real' | 'fake'): Learnt {
  const { ops, config, discriminator } = state;
  const pass = forward(ops, discriminator, pictures);
  moveStatistics(pass);
  const { value, gradient } = lossOf(config.loss, side, pass.out, config.labelSmoothing);
  let { gradients } = backward(ops, pass, gradient, { weights: true, input: false });
  let loss = value;
  if (side === 'real' && config.r1 > 0) {
    const penalty = penalize(ops, pass, config.r1);
    gradients = addGradients(gradients, penalty.gradients);
    loss = tf.add(loss, penalty.value);
  }
  return { gradients: toList(discriminator, gradients), loss, mean: tf.mean(tf.sigmoid(pass.out)) };
}

/** G's step, back through D, of which nothing changes. */
function stepGenerator(state: StepState, fakes: Pass): { loss: tf.Scalar; fake: tf.Scalar } {
  const { ops, config, generator, discriminator } = state;
  const judged = forward(ops, discriminator, fakes.out);
  const { value, gradient } = lossOf(config.loss, 'generator', judged.out, 0);
  const { dInput } = backward(ops, judged, gradient, { weights: false, input: true });
  if (!dInput) throw new TypeError('no gradient reached the pictures');
  const { gradients } = backward(ops, fakes, dInput, { weights: true, input: false });
  moveStatistics(fakes);
  const rate = config.learningRateG;
  applyAdam(ops, generator, gradients, { rate, beta1: config.beta1 });
  if (state.average) moveAverage(state.average, config.ema);
  return { loss: value, fake: tf.mean(tf.sigmoid(judged.out)) };
}

function moveStatistics({ traces }: Pass): void {
  for (const { layer, normalized, out } of traces) {
    if (layer.running && normalized) updateRunning(layer.running, normalized, out.shape[0]);
  }
}

function moveAverage(average: Average, decay: number): void {
  for (const [weight, old] of average) {
    const moved = tf.tidy(() => tf.add(tf.mul(old, decay), tf.mul(weight.value, 1 - decay)));
    average.set(weight, replace(old, moved));
  }
}

function toList({ weights }: TrainNetwork, gradients: Gradients): tf.Tensor[] {
  return weights.map((weight) => {
    const gradient = gradients.get(weight);
    if (!gradient) throw new TypeError(`weight '${weight.name}' has no gradient`);
    return gradient;
  });
}

function toMap({ weights }: TrainNetwork, { gradients }: Learnt): Gradients {
  const map: Gradients = new Map();
  gradients.forEach((gradient, index) => {
    const weight = weights[index];
    if (weight) map.set(weight, gradient);
  });
  return map;
}
