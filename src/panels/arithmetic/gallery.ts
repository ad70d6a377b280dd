/**
 * The panel's pictures: every place on the screen (a group's exemplars, the nine results …) says which
 * latents it shows; the gallery draws what it does not know yet, one batch at a time, and then lets the
 * judge look at it. Latest wins: a place that asks anew forgets what it had asked for, and keeps showing
 * its last pictures until the next ones are there.
 */
import type { RgbaImages } from '../../engine/api';
import type { RgbaPixels } from '../../export/frames';
import { isAbort } from '../../lib/errors';
import type { Reading } from './reading';

export interface Picture {
  rgba: RgbaPixels;
  width: number;
  height: number;
  /** Null until the judge has looked, and where there is none. */
  reading: Reading | null;
}

/** What one place shows. */
export interface Shown {
  /** In the order asked for; null where nothing was drawn yet. */
  pictures: readonly (Picture | null)[];
  /** These are the pictures that were asked for last, all of them. */
  current: boolean;
  /** And the judge has seen them, or there is none. */
  judged: boolean;
}

export interface GalleryOptions {
  draw: (z: readonly Float32Array[], signal: AbortSignal) => Promise<RgbaImages>;
  /** Null where the model has no judge. */
  judge: (images: RgbaImages, signal: AbortSignal) => Promise<Reading[] | null>;
  onError: (error: unknown) => void;
  /** Pictures remembered. */
  capacity?: number;
}

export interface Gallery {
  /** Earlier names come first when there is more to draw than one batch. */
  show(place: string, z: readonly Float32Array[]): void;
  hide(place: string): void;
  /** The same object until something changes: fit for useSyncExternalStore. */
  shown(place: string): Shown;
  /** A picture that is known already. */
  peek(z: Float32Array): Picture | undefined;
  subscribe: (listener: () => void) => () => void;
  /** Another model: nothing that was drawn is true any more. Also after an error, to try again. */
  forget(): void;
  dispose(): void;
}

const BATCH = 24;
const NOTHING: Shown = { pictures: [], current: true, judged: true };

interface Place {
  z: readonly Float32Array[];
  keys: readonly string[];
  shown: Shown;
}

export function createGallery(options: GalleryOptions): Gallery {
  const { draw, judge, onError, capacity = 600 } = options;
  const known = new Map<string, Picture>();
  const places = new Map<string, Place>();
  const listeners = new Set<() => void>();
  let controller = new AbortController();
  let running = false;
  let broken = false;
  /** Null until the first answer. */
  let hasJudge = true;

  function refresh(place: Place): boolean {
    const found = place.keys.map((key) => known.get(key) ?? null);
    const current = found.every((picture) => picture !== null);
    const old = place.shown;
    const sameLength = old.pictures.length === found.length;
    const pictures = found.map(
      (picture, at) => picture ?? (sameLength ? (old.pictures[at] ?? null) : null),
    );
    const judged = current && (!hasJudge || found.every((picture) => picture?.reading != null));
    const same =
      sameLength &&
      old.current === current &&
      old.judged === judged &&
      pictures.every((picture, at) => picture === old.pictures[at]);
    if (!same) place.shown = { pictures, current, judged };
    return !same;
  }

  function refreshAll(): void {
    let changed = false;
    for (const place of places.values()) changed = refresh(place) || changed;
    if (changed) for (const listener of listeners) listener();
  }

  /** Keys in use by some place stay, however many they are. */
  function evict(): void {
    if (known.size <= capacity) return;
    const used = new Set([...places.values()].flatMap((place) => place.keys));
    for (const key of known.keys()) {
      if (known.size <= capacity) return;
      if (!used.has(key)) known.delete(key);
    }
  }

  function nextToDraw(): Map<string, Float32Array> {
    const jobs = new Map<string, Float32Array>();
    for (const { keys, z } of places.values()) {
      for (const [at, key] of keys.entries()) {
        const latent = z[at];
        if (latent && !known.has(key)) jobs.set(key, latent);
        if (jobs.size === BATCH) return jobs;
      }
      // A place at a time, so that its pictures come together and what comes first comes soonest.
      if (jobs.size > 0) return jobs;
    }
    return jobs;
  }

  function nextToJudge(): [string, Picture][] {
    if (!hasJudge) return [];
    const jobs = new Map<string, Picture>();
    for (const { keys } of places.values()) {
      for (const key of keys) {
        const picture = known.get(key);
        if (picture && !picture.reading) jobs.set(key, picture);
        if (jobs.size === BATCH) return [...jobs];
      }
    }
    return [...jobs];
  }

  async function drawSome(jobs: Map<string, Float32Array>, signal: AbortSignal): Promise<void> {
    const images = await draw([...jobs.values()], signal);
    signal.throwIfAborted();
    const { width, height } = images;
    const bytes = width * height * 4;
    [...jobs.keys()].forEach((key, at) => {
      const rgba = images.data.slice(at * bytes, (at + 1) * bytes);
      known.set(key, { rgba, width, height, reading: null });
    });
    evict();
  }

  async function judgeSome(jobs: [string, Picture][], signal: AbortSignal): Promise<void> {
    const readings = await judge(joinPictures(jobs.map(([, picture]) => picture)), signal);
    signal.throwIfAborted();
    hasJudge = readings !== null;
    jobs.forEach(([key, picture], at) => {
      const reading = readings?.[at];
      if (reading && known.has(key)) known.set(key, { ...picture, reading });
    });
  }

  async function work(): Promise<void> {
    if (running || broken) return;
    running = true;
    const { signal } = controller;
    try {
      while (!signal.aborted) {
        const toDraw = nextToDraw();
        if (toDraw.size > 0) {
          await drawSome(toDraw, signal);
        } else {
          const toJudge = nextToJudge();
          if (toJudge.length === 0) break;
          await judgeSome(toJudge, signal);
        }
        refreshAll();
      }
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) {
        broken = true;
        onError(error);
      }
    } finally {
      running = false;
    }
    if (signal.aborted && !controller.signal.aborted) void work();
  }

  return {
    show(name, z) {
      const place = places.get(name) ?? { z, keys: [], shown: NOTHING };
      place.z = z;
      place.keys = z.map(latentKey);
      places.set(name, place);
      if (refresh(place)) for (const listener of listeners) listener();
      void work();
    },
    hide(name) {
      places.delete(name);
    },
    shown: (name) => places.get(name)?.shown ?? NOTHING,
    peek: (z) => known.get(latentKey(z)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    forget() {
      controller.abort();
      controller = new AbortController();
      known.clear();
      hasJudge = true;
      broken = false;
      refreshAll();
      if (!running) void work();
    },
    dispose() {
      controller.abort();
      places.clear();
      known.clear();
      listeners.clear();
    },
  };
}

/** Two latents of one key are the same numbers, but for a collision in 2⁶⁴. */
export function latentKey(z: Float32Array): string {
  const words = new Uint32Array(z.buffer, z.byteOffset, z.length);
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b + word, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${String(z.length)}`;
}

function joinPictures(pictures: readonly Picture[]): RgbaImages {
  const { width = 0, height = 0 } = pictures[0] ?? {};
  const data = new Uint8ClampedArray(pictures.length * width * height * 4);
  pictures.forEach(({ rgba }, at) => data.set(rgba, at * width * height * 4));
  return { count: pictures.length, width, height, data, latencyMs: 0 };
}
