/**
 * Draws the frames of a walk ahead of the playhead, in chunks, into the cache. One request is under way at
 * a time; a new scene aborts it. Knows neither canvases nor time.
 */
import type { RgbaPixels } from '../../export/frames';
import { isAbort } from '../../lib/errors';
import { latentKey, type FrameCache } from './frame-cache';
import { renderJobs, type Job, type Look } from './film';
import { chunkSize, nextFrames } from './schedule';

/** One way through latent space; frame i shows the picture of `latent(i)`. */
export interface Track {
  latent: (index: number) => Float32Array;
}

/** What there is to draw: one track, or two that run side by side. */
export interface Scene extends Look {
  /** Frames of each track; Infinity for an endless walk. */
  count: number;
  loop: boolean;
  tracks: readonly Track[];
}

export interface FrameDrawerOptions {
  cache: FrameCache;
  /** After each chunk. */
  onDrawn: () => void;
  onError: (error: unknown) => void;
  now?: () => number;
}

export interface FrameDrawer {
  /** Draws this one from now on; null: nothing. What was under way is aborted. */
  setScene: (scene: Scene | null) => void;
  /** Draws around this frame from now on. */
  lookAt: (index: number) => void;
  /** Every track has this frame. */
  isDrawn: (index: number) => boolean;
  peek: (track: number, index: number) => RgbaPixels | undefined;
  /** Goes on after an error. */
  retry: () => void;
  /** Measured, with everything that it takes to get the pixels; null before the first chunk. */
  readonly msPerFrame: number | null;
}

/** An endless walk is drawn this far ahead: enough for a hiccup, without heating a laptop for nothing. */
const ENDLESS_AHEAD = 240;
const ENDLESS_BEHIND = 120;

/** Keys of a scene's frames, computed once each. */
function createKeys(scene: Scene): (track: number, index: number) => string {
  const known = scene.tracks.map(() => new Map<number, string>());
  return (track, index) => {
    const keys = known[track];
    const path = scene.tracks[track];
    if (!keys || !path) throw new RangeError(`no track ${track}`);
    let key = keys.get(index);
    if (key === undefined) {
      key = `${scene.prefix}/${latentKey(path.latent(index))}`;
      keys.set(index, key);
    }
    return key;
  };
}

/** How far to draw around the playhead, so that no frame that is wanted pushes another one out. */
function drawWindow(scene: Scene, cache: FrameCache) {
  const frameBytes = scene.width * scene.height * 4 * scene.tracks.length;
  const capacity = cache.capacity(frameBytes);
  if (!Number.isFinite(scene.count)) {
    return {
      ahead: Math.min(ENDLESS_AHEAD, Math.floor(capacity / 2)),
      behind: Math.min(ENDLESS_BEHIND, Math.floor(capacity / 4)),
    };
  }
  if (scene.count <= capacity) return { ahead: scene.count, behind: scene.count };
  return { ahead: Math.floor(capacity * 0.7), behind: Math.floor(capacity * 0.25) };
}

export function createFrameDrawer(options: FrameDrawerOptions): FrameDrawer {
  const { cache, onDrawn, onError, now = () => performance.now() } = options;
  let scene: Scene | null = null;
  let keyOf: (track: number, index: number) => string = () => '';
  let playhead = 0;
  let running = false;
  let broken = false;
  let msPerFrame: number | null = null;
  let controller = new AbortController();

  const isDrawn = (index: number) =>
    scene !== null && scene.tracks.every((_, track) => cache.has(keyOf(track, index)));

  const jobsFor = (current: Scene, indices: readonly number[]): Job[] => {
    const jobs = new Map<string, Job>();
    for (const index of indices) {
      current.tracks.forEach((path, track) => {
        const key = keyOf(track, index);
        if (!cache.has(key)) jobs.set(key, { key, z: path.latent(index) });
      });
    }
    return [...jobs.values()];
  };

  const run = async (
    { render }: Look,
    jobs: readonly Job[],
    signal: AbortSignal,
  ): Promise<void> => {
    const start = now();
    await renderJobs(render, cache, jobs, signal);
    const took = (now() - start) / Math.max(1, jobs.length);
    msPerFrame = msPerFrame === null ? took : 0.7 * msPerFrame + 0.3 * took;
  };

  const pump = async (): Promise<void> => {
    if (running || broken || !scene) return;
    running = true;
    const current = scene;
    const { signal } = controller;
    try {
      while (scene === current) {
        const perFrame = msPerFrame === null ? null : msPerFrame * current.tracks.length;
        const { count, loop } = current;
        const area = { playhead, count, loop, isDrawn, ...drawWindow(current, cache) };
        const indices = nextFrames(area, chunkSize(perFrame));
        if (indices.length === 0) break;
        await run(current, jobsFor(current, indices), signal);
        if (scene === current) onDrawn();
      }
    } catch (error) {
      if (scene === current && !isAbort(error)) {
        broken = true;
        onError(error);
      }
    } finally {
      running = false;
    }
    if (scene !== current) void pump();
  };

  return {
    isDrawn,
    peek: (track, index) => (scene ? cache.get(keyOf(track, index)) : undefined),
    get msPerFrame() {
      return msPerFrame;
    },
    setScene(next) {
      controller.abort();
      controller = new AbortController();
      scene = next;
      if (next) keyOf = createKeys(next);
      broken = false;
      void pump();
    },
    lookAt(index) {
      playhead = index;
      void pump();
    },
    retry() {
      broken = false;
      void pump();
    },
  };
}
