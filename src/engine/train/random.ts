/**
 * The random numbers of a run, each counted from (seed, stream, position), so that a run that is put back
 * draws what it would have drawn. See lib/rng.ts.
 */
import { fillNormal, uniform } from '../../lib/rng';
import { imageSize, type ImageSet } from '../../model/image-set';
import { INITIAL_SD, type TrainingConfig } from '../../model/training';

const STREAM = {
  latents: 101,
  pictures: 102,
  mirror: 103,
  statistics: 104,
  weights: 1000,
} as const;

/** z of one step's batch, batch × latentSize; `turn` counts D's steps within the step. */
export function drawLatents(config: TrainingConfig, step: number, turn: number): Float32Array {
  const size = config.batch * config.latentSize;
  return fillNormal(new Float32Array(size), config.seed, STREAM.latents, step * size, turn);
}

/** z that running statistics are measured with, count × latentSize: the same ones for every step. */
export function drawStatisticsLatents(config: TrainingConfig, count: number): Float32Array {
  const size = count * config.latentSize;
  return fillNormal(new Float32Array(size), config.seed, STREAM.statistics);
}

/** Real pictures of one step's batch, drawn with replacement: N×H×W×C in [−1, 1]. */
export function drawPictures(
  config: TrainingConfig,
  images: ImageSet,
  step: number,
  turn: number,
): Float32Array {
  const { batch, seed, mirror } = config;
  const one = imageSize(images);
  const pictures = new Float32Array(batch * one);
  for (let i = 0; i < batch; i++) {
    const index = step * batch + i;
    const chosen = Math.floor(uniform(seed, STREAM.pictures, index, turn) * images.count);
    const flip = mirror && uniform(seed, STREAM.mirror, index, turn) < 0.5;
    copyPicture(images, chosen, flip, pictures.subarray(i * one, (i + 1) * one));
  }
  return pictures;
}

function copyPicture(
  { data, size, channels }: ImageSet,
  index: number,
  flip: boolean,
  target: Float32Array,
): void {
  const start = index * target.length;
  if (!flip) {
    for (let i = 0; i < target.length; i++) target[i] = (data[start + i] ?? 0) / 127.5 - 1;
    return;
  }
  let at = 0;
  for (let y = 0; y < size; y++) {
    for (let x = size - 1; x >= 0; x--) {
      const from = start + (y * size + x) * channels;
      for (let c = 0; c < channels; c++) target[at++] = (data[from + c] ?? 0) / 127.5 - 1;
    }
  }
}

/** Initial numbers of weight tensor number `index` of a run, in torch's order: N(mean, 0.02²). */
export function drawWeights(
  seed: number,
  index: number,
  length: number,
  mean: number,
): Float32Array {
  const drawn = fillNormal(new Float32Array(length), seed, STREAM.weights + index);
  return drawn.map((value) => mean + INITIAL_SD * value);
}
