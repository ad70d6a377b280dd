/** Training steps: the engine's against what TensorFlow.js makes of the same networks by itself. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { Backend } from '../src/engine/backends/backend';
import { takeData } from '../src/engine/read';
import { drawLatents, drawPictures } from '../src/engine/train/random';
import { createRun } from '../src/engine/train/run';
import { readState } from '../src/engine/train/show';
import { runStep } from '../src/engine/train/step';
import type { TrainingState } from '../src/engine/training-api';
import { imageSize, type ImageSet } from '../src/model/image-set';
import {
  ADAM_BETA2,
  LEAKY_SLOPE,
  NORM_EPSILON,
  PAPER_CONFIG,
  trainingSpecs,
  type TrainingConfig,
  type TrainingSize,
} from '../src/model/training';
import type { ConvLayer, ConvTransposeLayer } from '../src/model/spec';

export interface TrainingBench {
  size: TrainingSize;
  baseFilters: number;
  batch: number;
}

/** One way to train. */
interface TrainingContender {
  name: string;
  /** One step of both networks, until its losses are in JavaScript's memory: lossD, lossG. */
  step(): Promise<ArrayLike<number>>;
}

export interface TrainingRow {
  contender: string;
  median: number;
  lowest: number;
  /** Largest difference from the engine's losses over all steps. */
  maxError: number;
}

/** WASM has no gradient of a convolution's filters, so stock TensorFlow.js cannot train there. */
const STOCK_TRAINS_ON: readonly string[] = ['webgpu', 'webgl'];

export async function benchTraining(
  backend: Backend,
  { size, baseFilters, batch }: TrainingBench,
  rounds: number,
): Promise<TrainingRow[]> {
  const image = { size, channels: 3 } as const;
  const config: TrainingConfig = { ...PAPER_CONFIG, image, baseFilters, batch };
  const images = ramps(image, 256);
  const run = createRun({ config, images }, await backend.createTrainOps());
  const contenders: TrainingContender[] = [
    { name: 'this engine', step: () => takeData(runStep(run, 'both'), backend) },
  ];
  if (STOCK_TRAINS_ON.includes(backend.name)) {
    contenders.push(createStockTraining(config, images, await readState(run, backend)));
  }
  const times = contenders.map(() => [] as number[]);
  const losses = contenders.map(() => [] as number[]);
  // The first two rounds compile and fill the pools.
  for (let round = -2; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const started = performance.now();
      const [lossD = NaN, lossG = NaN] = Array.from(await contender.step());
      if (round >= 0) times[index]?.push(performance.now() - started);
      losses[index]?.push(lossD, lossG);
    }
  }
  return contenders.map(({ name }, index) => {
    const sorted = (times[index] ?? []).sort((a, b) => a - b);
    const errors = (losses[index] ?? []).map((loss, i) => Math.abs(loss - (losses[0]?.[i] ?? NaN)));
    const median = sorted[sorted.length >> 1] ?? NaN;
    return { contender: name, median, lowest: sorted[0] ?? NaN, maxError: Math.max(...errors) };
  });
}

/** Slanted ramps of colour. */
function ramps(image: { size: number; channels: 1 | 3 }, count: number): ImageSet {
  const one = imageSize(image);
  const data = Uint8Array.from({ length: count * one }, (_, i) => {
    const picture = Math.floor(i / one);
    return ((i % one) * (1 + (picture % 5)) + 31 * picture) % 256;
  });
  return { ...image, count, data };
}

type Variables = Map<string, tf.Variable>;

/** conv2d, conv2dTranspose, batch norm from moments, tf.variableGrads and tf.train.adam. */
function createStockTraining(
  config: TrainingConfig,
  images: ImageSet,
  { tensors }: TrainingState,
): TrainingContender {
  const specs = trainingSpecs(config);
  const variables: Record<'generator' | 'discriminator', Variables> = {
    generator: new Map(),
    discriminator: new Map(),
  };
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const [, side, key] = /^(generator|discriminator)\.(.*\.(?:weight|bias))$/.exec(name) ?? [];
    if (!side || !key) continue;
    const tensor = tf.tidy(() => {
      const torch = tf.tensor(data, [...shape]);
      return shape.length === 4 ? tf.transpose(torch, [2, 3, 1, 0]) : torch;
    });
    variables[side as keyof typeof variables].set(key, tf.variable(tensor));
  }
  const generate = (z: tf.Tensor4D): tf.Tensor4D =>
    (specs.generator.layers as ConvTransposeLayer[]).reduce((x, layer, index) => {
      const side = 4 * 2 ** index;
      const shape: [number, number, number, number] = [config.batch, side, side, layer.filters];
      const filter = variables.generator.get(`${layer.id}.weight`) as unknown as tf.Tensor4D;
      const pad = index === 0 ? 'valid' : 'same';
      const y = tf.conv2dTranspose(x, filter, shape, layer.stride[0], pad);
      return activate(normalize(y, layer, variables.generator), layer);
    }, z);
  const judge = (pictures: tf.Tensor4D): tf.Tensor4D =>
    (specs.discriminator.layers as ConvLayer[]).reduce((x, layer) => {
      // Torch's (out, in, h, w) as (h, w, in, out).
      const filter = variables.discriminator.get(`${layer.id}.weight`) as unknown as tf.Tensor4D;
      const y = tf.conv2d(x, filter, layer.stride[0], layer.stride[0] === 1 ? 'valid' : 'same');
      return activate(normalize(y, layer, variables.discriminator), layer);
    }, pictures);
  const adamD = tf.train.adam(config.learningRateD, config.beta1, ADAM_BETA2, 1e-8);
  const adamG = tf.train.adam(config.learningRateG, config.beta1, ADAM_BETA2, 1e-8);
  let step = 0;
  return {
    name: 'stock TensorFlow.js',
    async step() {
      const losses = tf.tidy(() => {
        const { batch, latentSize, image } = config;
        const z = tf.tensor4d(drawLatents(config, step, 0), [batch, 1, 1, latentSize]);
        const drawn = drawPictures(config, images, step, 0);
        const reals = tf.tensor4d(drawn, [batch, image.size, image.size, image.channels]);
        const fakes = generate(z);
        const lossD = descend(adamD, variables.discriminator, () =>
          tf.add(tf.mean(tf.softplus(tf.neg(judge(reals)))), tf.mean(tf.softplus(judge(fakes)))),
        );
        const lossG = descend(adamG, variables.generator, () =>
          tf.mean(tf.softplus(tf.neg(judge(generate(z))))),
        );
        return tf.stack([lossD, lossG]);
      });
      step += 1;
      const numbers = await losses.data<'float32'>();
      losses.dispose();
      return numbers;
    },
  };
}

function descend(
  optimizer: tf.AdamOptimizer,
  variables: Variables,
  loss: () => tf.Scalar,
): tf.Scalar {
  const { value, grads } = tf.variableGrads(loss, [...variables.values()]);
  optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
  return value;
}

function normalize(
  x: tf.Tensor4D,
  { norm }: ConvLayer | ConvTransposeLayer,
  variables: Variables,
): tf.Tensor4D {
  if (norm.kind === 'none') return x;
  const gain = variables.get(`${norm.id}.weight`);
  const shift = variables.get(`${norm.id}.bias`);
  if (!gain || !shift) throw new Error(`batch norm '${norm.id}' has no weights`);
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const scale = tf.rsqrt(tf.add(variance, NORM_EPSILON));
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), scale), gain), shift);
}

function activate(x: tf.Tensor4D, { activation }: ConvLayer | ConvTransposeLayer): tf.Tensor4D {
  if (activation.kind === 'relu') return tf.relu(x);
  if (activation.kind === 'leakyRelu') return tf.leakyRelu(x, LEAKY_SLOPE);
  return activation.kind === 'tanh' ? tf.tanh(x) : x;
}
