/** A run on the device: its two networks, made fresh or from a state, and what can be asked of it. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import { imageSize, type ImageSet } from '../../model/image-set';
import type { ModelSpec } from '../../model/spec';
import { checkTrainingConfig, trainingSpecs, type TrainingConfig } from '../../model/training';
import type { TrainingState } from '../training-api';
import {
  createTrainNetwork,
  disposeNetwork,
  stateReader,
  toDevice,
  type ReadNumbers,
  type TrainNetwork,
} from './network';
import type { TrainOps } from './ops';
import { drawWeights } from './random';
import type { Average, StepState } from './step';

export interface RunSource {
  config: TrainingConfig;
  images: ImageSet;
  state?: TrainingState | undefined;
}

/** Puts a run on the current backend, `ops` being its own from then on. Throws AppError `training-config`, `training-images`, `training-state`. */
export function createRun(source: RunSource, ops: TrainOps): StepState {
  const made: TrainNetwork[] = [];
  try {
    const config = checkTrainingConfig(source.config);
    checkImages(config, source.images);
    const { state } = source;
    if (state) checkCounters(state);
    const specs = trainingSpecs(config);
    const generator = createSide('generator', specs.generator, config, state);
    made.push(generator);
    const discriminator = createSide('discriminator', specs.discriminator, config, state);
    made.push(discriminator);
    const average = config.ema > 0 ? createAverage(generator, state) : null;
    const { images } = source;
    return { ops, config, images, generator, discriminator, average, step: state?.step ?? 0 };
  } catch (error) {
    made.forEach(disposeNetwork);
    ops.dispose();
    throw error;
  }
}

export function disposeRun({ ops, generator, discriminator, average }: StepState): void {
  ops.dispose();
  disposeNetwork(generator);
  disposeNetwork(discriminator);
  if (average) tf.dispose([...average.values()]);
}

type Side = 'generator' | 'discriminator';

function createSide(
  side: Side,
  spec: ModelSpec,
  config: TrainingConfig,
  state: TrainingState | undefined,
): TrainNetwork {
  if (!state) return createTrainNetwork(spec, initialNumbers(side, config.seed), 0);
  const read = stateReader(state.tensors);
  const keys = {
    tensor: (name: string) => `${side}.${name}`,
    first: (name: string) => `adam.${side}.${name}.exp_avg`,
    second: (name: string) => `adam.${side}.${name}.exp_avg_sq`,
  };
  return createTrainNetwork(
    spec,
    (kind, name, shape) => read(keys[kind](name), shape),
    state.updates[side],
  );
}

/** Kernels N(0, 0.02), gains N(1, 0.02), shifts zero, as the tutorial's weights_init. */
function initialNumbers(side: Side, seed: number): ReadNumbers {
  let drawn = side === 'generator' ? 0 : 100;
  return (kind, name, shape) => {
    const size = shape.reduce((product, n) => product * n, 1);
    if (kind !== 'tensor' || /\.(?:bias|running_mean)$/.test(name)) return new Float32Array(size);
    if (name.endsWith('.running_var')) return new Float32Array(size).fill(1);
    drawn += 1;
    return drawWeights(seed, drawn, size, shape.length === 1 ? 1 : 0);
  };
}

/** From the state where that has one; else from the weights as they are. */
function createAverage(generator: TrainNetwork, state: TrainingState | undefined): Average {
  const read = state && stateReader(state.tensors);
  const kept = generator.weights.map(({ name, shape }) => {
    const key = `average.${name}`;
    return read && Object.hasOwn(state.tensors, key) ? read(key, shape) : null;
  });
  return new Map(
    generator.weights.map((weight, index) => {
      const data = kept[index];
      const copy = data ? toDevice(data, weight.geometry) : tf.keep(tf.clone(weight.value));
      return [weight, copy];
    }),
  );
}

function checkImages({ image }: TrainingConfig, images: ImageSet): void {
  const { size, channels, count, data } = images;
  const expected = `${image.size}×${image.size} with ${image.channels} channel${image.channels === 1 ? '' : 's'}`;
  if (size !== image.size || channels !== image.channels) {
    throw imagesError(
      `The pictures are ${size}×${size} with ${channels} channel${channels === 1 ? '' : 's'}, but the settings say ${expected}.`,
    );
  }
  if (!(count >= 1) || data.length !== count * imageSize(images)) {
    throw imagesError(`${count} pictures of ${expected} do not fit ${data.length} bytes.`);
  }
}

function imagesError(message: string): AppError {
  return new AppError({
    code: 'training-images',
    message,
    hint: 'Prepare the pictures again for the size and colors that the settings name.',
  });
}

function checkCounters({ step, updates }: TrainingState): void {
  const counts = [step, updates.generator, updates.discriminator];
  if (counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return;
  throw new AppError({
    code: 'training-state',
    message: `The training state counts ${step} steps, ${updates.generator} updates of G and ${updates.discriminator} of D.`,
    hint: 'These must be whole numbers from 0 on: the state is damaged. Resume from an earlier one.',
  });
}
