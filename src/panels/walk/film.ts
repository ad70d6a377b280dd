/** Latents as a film: frames that are found in the cache, or drawn a few at a time when they are asked for. */
import type { CallOptions, RgbaImages } from '../../engine/api';
import type { Film, RgbaPixels } from '../../export/frames';
import type { UnitMask } from '../../model/source';
import { latentKey, type FrameCache } from './frame-cache';

export type RenderFrames = (
  z: readonly Float32Array[],
  options: CallOptions,
) => Promise<Pick<RgbaImages, 'width' | 'height' | 'data'>>;

/** One picture to draw, and the key that it is kept under. */
export interface Job {
  key: string;
  z: Float32Array;
}

/** Draws all of them in one request, keeps them in the cache, and returns them in order. */
export async function renderJobs(
  render: RenderFrames,
  cache: FrameCache,
  jobs: readonly Job[],
  signal?: AbortSignal,
): Promise<RgbaPixels[]> {
  const images = await render(
    jobs.map(({ z }) => z),
    signal ? { signal } : {},
  );
  const size = images.width * images.height * 4;
  return jobs.map(({ key }, i) => {
    // A copy: a view would keep the whole chunk in memory until its last frame is dropped.
    const rgba = images.data.slice(i * size, (i + 1) * size);
    cache.set(key, rgba);
    return rgba;
  });
}

/** What turns latents into pictures: a model, with the mask that is active. */
export interface Look {
  /** Model and mask: what besides the latent decides how a frame looks. */
  prefix: string;
  width: number;
  height: number;
  units: UnitMask;
  /** Rejects with an AbortError when its model is no longer the open one. */
  render: RenderFrames;
}

export interface FilmOptions {
  cache: FrameCache;
  look: Look;
  latents: readonly Float32Array[];
  /** Frames to draw in one request. */
  chunk?: number;
}

/** A film of these latents; it stays the same film whatever the panel shows meanwhile. */
export function createFilm(options: FilmOptions): Film {
  const { cache, look, latents, chunk = 8 } = options;
  const { prefix, width, height, render } = look;
  const jobs = latents.map((z) => ({ key: `${prefix}/${latentKey(z)}`, z }));
  // The chunk drawn last, in case the cache is too small to keep it.
  let recent = new Map<string, RgbaPixels>();
  return {
    count: latents.length,
    width,
    height,
    async frame(index, signal) {
      const job = jobs[index];
      if (!job) throw new RangeError(`no frame ${index} in a film of ${jobs.length}`);
      const known = cache.get(job.key) ?? recent.get(job.key);
      if (known) return known;
      const missing = jobs.slice(index, index + chunk).filter(({ key }) => !cache.has(key));
      const drawn = await renderJobs(render, cache, missing, signal);
      recent = new Map(missing.map(({ key }, i) => [key, drawn[i] ?? new Uint8ClampedArray()]));
      return recent.get(job.key) ?? new Uint8ClampedArray();
    },
  };
}
