/**
 * The time machine: G in half precision at steps that are evenly apart, about 40 of them and no more than
 * a byte budget holds. When there are too many, every second one goes.
 */
import type { CallOptions, Engine, FloatImages } from '../../engine/api';
import { createTaskQueue } from '../../engine/queue';
import { AppError } from '../../lib/errors';
import type { NetworkSource } from '../../model/source';
import { snapshotCapacity, snapshotInterval, thinSnapshots } from './schedule';
import type { Work } from './work';

/** Loaded at once: the slider goes back and forth between neighbours. */
const MAX_LOADED = 3;

export interface Snapshots {
  /** Ascending. */
  steps(): number[];
  interval(): number;
  /** Whether G of this step belongs in and is not there yet. */
  due(step: number): boolean;
  next(step: number): number;
  add(step: number, network: NetworkSource): Promise<void>;
  /** Forgets those after a step. */
  cut(step: number): void;
  /** As a safetensors file. Throws AppError `snapshot-unknown`. */
  file(step: number): Blob;
  /** Pictures of `count` latents by the G of a step, loaded for it. Throws AppError `snapshot-unknown`. */
  draw(step: number, z: Float32Array, count: number, options?: CallOptions): Promise<FloatImages>;
  /** Takes all that were loaded off the device; nothing is forgotten. */
  unload(): Promise<void>;
  /** The engine was started anew: its handles mean other networks now. */
  forget(): void;
}

export interface SnapshotsOptions {
  engine: Pick<Engine, 'load' | 'unload' | 'generate'>;
  work: Pick<Work, 'pack' | 'unpack'>;
  targetSteps: number | null;
  /** For all of them together. */
  budgetBytes: number;
  /** Those of a run that goes on. */
  kept?: { interval: number; files: ReadonlyMap<number, Blob> };
}

export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { engine, work, targetSteps, budgetBytes, kept } = options;
  const files = new Map(kept?.files);
  let interval = kept?.interval ?? snapshotInterval(targetSteps);
  /** Handles by step, the one used last at the end. */
  const loaded = new Map<number, number>();
  const queue = createTaskQueue();

  const steps = (): number[] => [...files.keys()].sort((a, b) => a - b);
  function file(step: number): Blob {
    const found = files.get(step);
    if (found) return found;
    throw unknown(step, steps());
  }
  function thin(bytesEach: number): void {
    const capacity = snapshotCapacity(bytesEach, budgetBytes);
    const thinned = thinSnapshots(steps(), interval, capacity);
    interval = thinned.interval;
    for (const step of files.keys()) if (!thinned.steps.includes(step)) files.delete(step);
  }

  async function load(step: number): Promise<number> {
    const handle = loaded.get(step) ?? (await put(step));
    loaded.delete(step);
    loaded.set(step, handle);
    for (const [other, old] of loaded) {
      if (loaded.size <= MAX_LOADED) break;
      loaded.delete(other);
      await unloadQuietly(old);
    }
    return handle;
  }
  async function put(step: number): Promise<number> {
    const bytes = new Uint8Array(await file(step).arrayBuffer());
    return (await engine.load(await work.unpack(bytes))).handle;
  }
  // What went with a device that was lost cannot be unloaded, and need not be.
  const unloadQuietly = (handle: number) => engine.unload(handle).catch(() => undefined);

  return {
    steps,
    interval: () => interval,
    due: (step) => step % interval === 0 && !files.has(step),
    next: (step) => (Math.floor(step / interval) + 1) * interval,
    async add(step, network) {
      const packed = await work.pack(network);
      files.set(step, packed);
      thin(packed.size);
    },
    cut(last) {
      for (const step of files.keys()) if (step > last) files.delete(step);
    },
    file,
    draw: (step, z, count, callOptions = {}) =>
      queue.run(async () => {
        file(step);
        const request = { z, count };
        return engine.generate({ ...request, handle: await load(step) }, callOptions);
      }, callOptions.signal),
    unload: () =>
      queue.run(async () => {
        const handles = [...loaded.values()];
        loaded.clear();
        for (const handle of handles) await unloadQuietly(handle);
      }),
    forget() {
      loaded.clear();
    },
  };
}

function unknown(step: number, steps: readonly number[]): AppError {
  const list = steps.length === 0 ? 'none is kept yet' : `kept are ${steps.join(', ')}`;
  return new AppError({
    code: 'snapshot-unknown',
    message: `The time machine has no G of step ${step}; ${list}.`,
    hint: 'Choose one of these steps, or null for G as it is now.',
  });
}
