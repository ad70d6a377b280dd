/**
 * What a run shows: the grid of fixed z, the newest fakes, real ones beside them. Drawn about twice a
 * second and only where somebody looks, so that training keeps most of the device.
 */
import { floatsToRgba } from '../../core/pixels';
import type { FloatImages, RgbaImages } from '../../engine/api';
import { imageSize, type ImageSet } from '../../model/image-set';
import type { TrainingConfig } from '../../model/training';
import { FIXED_COUNT, fixedLatents, newestLatents, packed } from './latents';
import { readPictures, type RunPictures } from './run-pictures';
import type { TrainingPictures } from './training';

const SHOWN = 8;
const AT_MOST_EVERY_MS = 500;
/** Of the time, at most. */
const SHARE = 0.15;

/** Who looks at the pictures, and the newest ones. */
export interface PictureLine {
  listeners: Set<(pictures: TrainingPictures) => void>;
  newest: TrainingPictures | null;
}

export interface RunView {
  /** Whether pictures should be drawn now. */
  due(now: number): boolean;
  /** Draws and shows. `draw` takes packed latents. */
  show(step: number, draw: (z: Float32Array, count: number) => Promise<FloatImages>): Promise<void>;
}

export function createRunView(
  line: PictureLine,
  config: TrainingConfig,
  pictures: RunPictures,
): RunView {
  let next = 0;
  const fixed = fixedLatents(config);

  return {
    due: (now) => line.listeners.size > 0 && now >= next && !isHidden(),
    async show(step, draw) {
      const started = performance.now();
      const z = [...fixed, ...newestLatents(config, step, SHOWN)];
      const drawn = await draw(packed(z), z.length);
      const latencyMs = performance.now() - started;
      const all = rgbaOf(drawn, latencyMs);
      const shown: TrainingPictures = {
        step,
        fixed: part(all, 0, FIXED_COUNT),
        fakes: part(all, FIXED_COUNT, z.length),
        reals: await realPictures(pictures, step),
      };
      line.newest = shown;
      for (const listener of line.listeners) listener(shown);
      next = performance.now() + Math.max(AT_MOST_EVERY_MS, latencyMs / SHARE) - latencyMs;
    },
  };
}

function isHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}

/** Others at each step, until all were shown. */
async function realPictures(pictures: RunPictures, step: number): Promise<RgbaImages> {
  const count = pictures.count - pictures.heldOut;
  const pages = Math.max(1, Math.floor(count / SHOWN));
  const from = (step % pages) * SHOWN;
  const set = await readPictures(pictures, from, Math.min(count, from + SHOWN));
  return bytesAsRgba(set);
}

function bytesAsRgba(set: ImageSet): RgbaImages {
  const { count, size, channels, data } = set;
  const rgba = new Uint8ClampedArray(count * size * size * 4).fill(255);
  const pixels = (count * imageSize(set)) / channels;
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)]!;
  }
  return { count, height: size, width: size, data: rgba, latencyMs: 0 };
}

function rgbaOf(images: FloatImages, latencyMs: number): RgbaImages {
  const { count, height, width } = images;
  return { count, height, width, data: floatsToRgba(images, [-1, 1]), latencyMs };
}

function part(images: RgbaImages, from: number, to: number): RgbaImages {
  const one = images.height * images.width * 4;
  return { ...images, count: to - from, data: images.data.slice(from * one, to * one) };
}
