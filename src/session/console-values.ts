/** Between what scripts write and read and what the session works with. */
import type { FloatImages } from '../engine/api';
import { AppError } from '../lib/errors';
import { formatShape } from '../model/shapes';
import type { PixelRange } from '../model/spec';
import type { ConsoleImage, ConsoleModel, LatentLike, SampleOptions } from './console-types';
import { changeRange } from './judge';
import type { CurrentModel } from './session';

/** Pictures in scripts have this range, whatever the model's own is. */
const CONSOLE_RANGE: PixelRange = [-1, 1];

const MAX_SAMPLES_AT_ONCE = 100_000;
const MAX_FRAMES_A_SEGMENT = 10_000;

/** A model as scripts see it. */
export function describeModel({ id, title, spec, layers }: CurrentModel): ConsoleModel {
  const { height, width, channels } = spec.output;
  return {
    id,
    title,
    zSize: spec.latent.size,
    height,
    width,
    channels,
    layers: layers.map((layer) => ({
      name: layer.id,
      height: layer.height,
      width: layer.width,
      filters: layer.channels,
    })),
  };
}

/** Lists become Float32Arrays. */
export function toLatent(z: LatentLike): Float32Array {
  return z instanceof Float32Array ? z : Float32Array.from(z);
}

/** Throws AppError `walk-keyframes` where there are none or their lengths differ. */
export function checkKeyframes(keyframes: readonly LatentLike[]): Float32Array[] {
  const latents = keyframes.map(toLatent);
  if (latents.length > 0 && latents.every(({ length }) => length === latents[0]?.length)) {
    return latents;
  }
  throw new AppError({
    code: 'walk-keyframes',
    message:
      latents.length === 0
        ? 'A walk needs at least one keyframe.'
        : `The keyframes of a walk must have the same length; these have ${latents.map(({ length }) => length).join(', ')} numbers.`,
    hint: 'Take keyframes of one model, for instance latentarium.sample(3).',
  });
}

/** One object a picture, in [−1, 1]. `range` is the batch's own. */
export function splitImages(images: FloatImages, range: PixelRange): ConsoleImage[] {
  const { count, height, width, channels } = images;
  const data = changeRange(images.data, range, CONSOLE_RANGE);
  const size = height * width * channels;
  return Array.from({ length: count }, (_, index) => ({
    height,
    width,
    channels,
    data: data.slice(index * size, (index + 1) * size),
  }));
}

/** The opposite of `splitImages`. Throws AppError `images-differ` where sizes differ. */
export function joinImages(images: readonly ConsoleImage[], range: PixelRange): FloatImages {
  const [first] = images;
  const { height, width, channels } = first ?? { height: 0, width: 0, channels: 0 };
  const size = height * width * channels;
  const data = new Float32Array(images.length * size);
  images.forEach((image, index) => {
    if (
      image.data.length !== size ||
      formatShape(image) !== formatShape({ height, width, channels })
    ) {
      throw new AppError({
        code: 'images-differ',
        message: `Picture ${String(index)} has ${formatShape(image)} and ${String(image.data.length)} numbers; the first has ${formatShape({ height, width, channels })}.`,
        hint: 'Give pictures of one size, as generate() returns them.',
      });
    }
    data.set(image.data, index * size);
  });
  return {
    count: images.length,
    height,
    width,
    channels,
    data: changeRange(data, CONSOLE_RANGE, range),
  };
}

/** Throws AppError `sample-count` or `sample-seed` for what is no whole number in range. */
export function checkSample(n: number, { seed = 0 }: SampleOptions): void {
  checkWhole('sample-count', n, [0, MAX_SAMPLES_AT_ONCE], 'The number of samples');
  checkWhole('sample-seed', seed, [0, 2 ** 32 - 1], 'A seed');
}

/** Throws AppError `walk-frames`. */
export function checkFrames(frames: number): void {
  checkWhole('walk-frames', frames, [1, MAX_FRAMES_A_SEGMENT], 'The number of frames');
}

function checkWhole(
  code: string,
  value: number,
  [min, max]: readonly [number, number],
  what: string,
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new AppError({
    code,
    message: `${what} must be a whole number from ${String(min)} to ${String(max)}, not ${String(value)}.`,
    hint: 'See docs/console.md for an example.',
  });
}
