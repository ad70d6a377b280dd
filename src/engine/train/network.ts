import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import type { NamedArray } from '../../model/source';
import type { ModelSpec } from '../../model/spec';
import { NORM_MOMENTUM } from '../../model/training';
import { constant1d, constant2d } from '../layers/constant';
import {
  fromMatrix,
  KERNEL,
  toMatrix,
  trainLayers,
  type Geometry,
  type TrainLayer,
} from './geometry';
import type { Matrix, Moments, Normalized, Vector } from './ops';

/** One tensor that the optimizer changes. */
export interface Weight extends Moments {
  /** As in the file, with its torch shape. */
  name: string;
  shape: number[];
  /** Of a kernel, which the device holds as a matrix (geometry.ts). */
  geometry: Geometry | null;
}

/** Batch norm's running statistics, as an exported file would hold them. */
export interface RunningNorm {
  id: string;
  mean: Vector;
  variance: Vector;
}

export interface NetworkLayer extends TrainLayer {
  weight: Weight;
  gain: Weight | null;
  shift: Weight | null;
  running: RunningNorm | null;
}

/** A network in training, its tensors on the device until `dispose`. */
export interface TrainNetwork {
  readonly spec: ModelSpec;
  readonly layers: readonly NetworkLayer[];
  readonly weights: readonly Weight[];
  readonly runnings: readonly RunningNorm[];
  /** How often the optimizer has stepped. */
  updates: number;
}

/** Where a network's numbers come from: a tensor or one of its moments, by name and torch shape. */
export type ReadNumbers = (
  kind: 'tensor' | 'first' | 'second',
  name: string,
  shape: number[],
) => Float32Array;

/** Moves a network with its optimizer to the device. Throws what `read` throws, and leaves nothing there then. */
export function createTrainNetwork(
  spec: ModelSpec,
  read: ReadNumbers,
  updates: number,
): TrainNetwork {
  const weights: Weight[] = [];
  const runnings: RunningNorm[] = [];
  const network = { spec, layers: [] as NetworkLayer[], weights, runnings, updates };
  try {
    for (const layer of trainLayers(spec)) network.layers.push(place(layer));
  } catch (error) {
    disposeNetwork(network);
    throw error;
  }
  return network;

  function place(layer: TrainLayer): NetworkLayer {
    const { id, geometry, norm, filters } = layer;
    const shape = [geometry.narrow, geometry.wide, KERNEL, KERNEL];
    const weight = addWeight(`${id}.weight`, shape, geometry);
    if (!norm) return { ...layer, weight, gain: null, shift: null, running: null };
    const gain = addWeight(`${norm.id}.weight`, [filters], null);
    const shift = addWeight(`${norm.id}.bias`, [filters], null);
    return { ...layer, weight, gain, shift, running: addRunning(norm.id, filters) };
  }

  function addWeight(name: string, shape: number[], geometry: Geometry | null): Weight {
    const value = read('tensor', name, shape);
    const first = read('first', name, shape);
    const second = read('second', name, shape);
    const weight = {
      ...{ name, shape, geometry, value: toDevice(value, geometry) },
      ...{ first: toDevice(first, geometry), second: toDevice(second, geometry) },
    };
    weights.push(weight);
    return weight;
  }

  function addRunning(id: string, channels: number): RunningNorm {
    const mean = read('tensor', `${id}.running_mean`, [channels]);
    const variance = read('tensor', `${id}.running_var`, [channels]);
    const running = { id, mean: constant1d(mean), variance: constant1d(variance) };
    runnings.push(running);
    return running;
  }
}

export function disposeNetwork({
  weights,
  runnings,
}: Pick<TrainNetwork, 'weights' | 'runnings'>): void {
  for (const { value, first, second } of weights) tf.dispose([value, first, second]);
  for (const { mean, variance } of runnings) tf.dispose([mean, variance]);
}

/** A kernel or vector of a file as it lies on the device. */
export function toDevice(data: Float32Array, geometry: Geometry | null): tf.Tensor {
  if (!geometry) return constant1d(data);
  const { narrow } = geometry;
  return constant2d(toMatrix(data, geometry), [data.length / narrow, narrow]);
}

/** The way back from `toDevice`, for numbers that were read. */
export function fromDevice(
  data: Float32Array<ArrayBuffer>,
  { shape, geometry }: Pick<Weight, 'shape' | 'geometry'>,
): NamedArray {
  return { shape, data: geometry ? fromMatrix(data, geometry) : data };
}

/** Puts another tensor in the place of a kept one. */
export function replace<T extends tf.Tensor>(old: T, value: T): T {
  if (old === value) return old;
  old.dispose();
  return tf.keep(value);
}

/** Moves running statistics towards a batch's, torch's way: momentum 0.1, unbiased variance. */
export function updateRunning(running: RunningNorm, batch: Normalized, rows: number): void {
  const { mean, variance } = tf.tidy(() => ({
    mean: towards(running.mean, batch.mean, 1),
    variance: towards(running.variance, batch.variance, rows / (rows - 1)),
  }));
  running.mean = replace(running.mean, mean);
  running.variance = replace(running.variance, variance);
}

function towards(old: Vector, fresh: Vector, factor: number): Vector {
  return tf.add(tf.mul(old, 1 - NORM_MOMENTUM), tf.mul(fresh, NORM_MOMENTUM * factor));
}

/** Numbers of all weights. */
export function countParameters({ weights }: TrainNetwork): number {
  return weights.reduce((sum, { value }) => sum + value.size, 0);
}

/** Rows of a matrix that holds `count` pictures' latents. */
export function latentMatrix(z: Float32Array, count: number): Matrix {
  return tf.tensor2d(z, [count, z.length / count]);
}

/** Looks tensors of a state up by `<prefix><name>`. Throws AppError `training-state`. */
export function stateReader(
  tensors: Readonly<Record<string, NamedArray>>,
): (key: string, shape: number[]) => Float32Array {
  return (key, shape) => {
    const found = Object.hasOwn(tensors, key) ? tensors[key] : undefined;
    const size = shape.reduce((product, n) => product * n, 1);
    const fits =
      found?.shape.length === shape.length && shape.every((n, axis) => n === found.shape[axis]);
    if (found && fits && found.data.length === size) return found.data;
    throw new AppError({
      code: 'training-state',
      message: found
        ? `The training state has '${key}' as [${found.shape.join(', ')}], but these settings need [${shape.join(', ')}].`
        : `The training state has no '${key}', which these settings need.`,
      hint: 'It belongs to a run with other settings, or was cut. Resume it with its own settings, or start a new run.',
    });
  };
}
