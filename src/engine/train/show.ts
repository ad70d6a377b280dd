/** What a run gives out: pictures, weights, everything. */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedArray } from '../../model/source';
import { takeData } from '../read';
import type { Backend } from '../backends/backend';
import type { TrainingState } from '../training-api';
import {
  fromDevice,
  latentMatrix,
  type NetworkLayer,
  type TrainNetwork,
  type Weight,
} from './network';
import type { Matrix, TrainOps, Vector } from './ops';
import { infer, linear } from './pass';
import { drawStatisticsLatents } from './random';
import type { StepState } from './step';

type Device = Pick<Backend, 'lost'>;
type Tensors = Record<string, NamedArray>;

/** Whose weights G draws by. */
export type WeightOf = (weight: Weight) => tf.Tensor;

/** One batch norm's statistics, by layer; kept until disposed. */
export type Statistics = Map<NetworkLayer, { mean: Vector; variance: Vector }>;

/** Pictures of `z` (count × latentSize): N·H·W rows, as a matrix. Call inside tf.tidy. */
export function draw(
  { ops, generator }: StepState,
  z: Float32Array,
  count: number,
  valueOf: WeightOf,
  statistics: Statistics | null,
): Matrix {
  return infer(ops, generator, latentMatrix(z, count), valueOf, (layer) => {
    const found = statistics?.get(layer) ?? layer.running;
    if (!found) throw new TypeError(`layer '${layer.id}' has no statistics`);
    return found;
  });
}

/** Statistics are measured over at least so many latents, in batches of the run's own size. */
const STATISTICS_LATENTS = 256;

/**
 * Statistics that fit G's running average, whose weights no batch was ever drawn with: means over several
 * batches of each batch's mean and unbiased variance, as torch's BatchNorm with momentum None.
 */
export function measureStatistics(state: StepState, valueOf: WeightOf): Statistics {
  const { ops, config, generator } = state;
  const batches = Math.ceil(STATISTICS_LATENTS / config.batch);
  const z = drawStatisticsLatents(config, batches * config.batch);
  const size = config.batch * config.latentSize;
  let sums: Statistics = new Map();
  for (let batch = 0; batch < batches; batch++) {
    const measured = measureBatch(ops, generator, valueOf, {
      z: z.subarray(batch * size, (batch + 1) * size),
      count: config.batch,
      share: 1 / batches,
    });
    sums = addStatistics(sums, measured);
  }
  return sums;
}

function measureBatch(
  ops: TrainOps,
  { layers }: TrainNetwork,
  valueOf: WeightOf,
  { z, count, share }: { z: Float32Array; count: number; share: number },
): Statistics {
  const measured: Statistics = new Map();
  tf.tidy(() => {
    let x = latentMatrix(z, count);
    for (const layer of layers) {
      if (!layer.norm || !layer.gain || !layer.shift) break;
      const u = linear(ops, layer, x, valueOf(layer.weight) as Matrix);
      const gain = valueOf(layer.gain) as Vector;
      const shift = valueOf(layer.shift) as Vector;
      const { out, mean, variance } = ops.normalize(
        u,
        gain,
        shift,
        layer.norm.eps,
        layer.activation,
      );
      const rows = out.shape[0];
      measured.set(layer, {
        mean: tf.keep(tf.mul(mean, share)),
        variance: tf.keep(tf.mul(variance, (share * rows) / (rows - 1))),
      });
      x = out;
    }
  });
  return measured;
}

function addStatistics(sums: Statistics, more: Statistics): Statistics {
  if (sums.size === 0) return more;
  const added: Statistics = new Map();
  for (const [layer, { mean, variance }] of more) {
    const sum = sums.get(layer);
    if (!sum) continue;
    added.set(layer, {
      mean: tf.keep(tf.add(sum.mean, mean)),
      variance: tf.keep(tf.add(sum.variance, variance)),
    });
  }
  disposeStatistics(sums);
  disposeStatistics(more);
  return added;
}

export function disposeStatistics(statistics: Statistics): void {
  for (const { mean, variance } of statistics.values()) tf.dispose([mean, variance]);
}

/** A network's tensors by PyTorch's names; its running statistics are `statistics` where those are given. */
export async function readNetwork(
  network: TrainNetwork,
  device: Device,
  valueOf: WeightOf,
  statistics: Statistics | null,
): Promise<Tensors> {
  const vectors = network.layers.flatMap((layer) => {
    const { running } = layer;
    if (!running) return [];
    const { mean, variance } = statistics?.get(layer) ?? running;
    const shape = [mean.size];
    return [
      { name: `${running.id}.running_mean`, shape, geometry: null, value: mean },
      { name: `${running.id}.running_var`, shape, geometry: null, value: variance },
    ];
  });
  const weights = network.weights.map((weight) => ({ ...weight, value: valueOf(weight) }));
  return readAll([...weights, ...vectors], device);
}

type Readable = Pick<Weight, 'name' | 'shape' | 'geometry'> & { value: tf.Tensor };

async function readAll(items: Readable[], device: Device): Promise<Tensors> {
  const read = items.map(async (item): Promise<[string, NamedArray]> => {
    // A clone shares the numbers, and is taken instead of the original.
    const data = await takeData(tf.clone(item.value), device);
    // What was never on the GPU comes back as the very array that the tensor still holds.
    return [item.name, fromDevice(item.geometry ? data : data.slice(), item)];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Everything that a run needs to go on (training-api.ts). */
export async function readState(state: StepState, device: Device): Promise<TrainingState> {
  const { config, step, generator, discriminator, average } = state;
  const tensors: Tensors = {};
  const add = (prefix: string, suffix: string, read: Tensors): void => {
    for (const [name, array] of Object.entries(read)) tensors[`${prefix}${name}${suffix}`] = array;
  };
  for (const [side, network] of Object.entries({ generator, discriminator })) {
    const own = ({ value }: Weight) => value;
    add(`${side}.`, '', await readNetwork(network, device, own, null));
    const moments = (key: 'first' | 'second') =>
      readAll(
        network.weights.map((weight) => ({ ...weight, value: weight[key] })),
        device,
      );
    add(`adam.${side}.`, '.exp_avg', await moments('first'));
    add(`adam.${side}.`, '.exp_avg_sq', await moments('second'));
  }
  const averages = [...(average ?? [])].map(([weight, value]) => ({ ...weight, value }));
  add('average.', '', await readAll(averages, device));
  const updates = { generator: generator.updates, discriminator: discriminator.updates };
  return { config, step, updates, tensors };
}
