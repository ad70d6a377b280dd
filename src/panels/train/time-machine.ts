/**
 * The same z through the training: moments are the snapshots of G, and "now". Pictures go straight to whoever
 * shows them; the store holds where the machine stands.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RgbaImages } from '../../engine/api';
import { isAbort } from '../../lib/errors';
import type { Training, TrainingPictures } from '../../session/training/training';
import { drawnPictures } from './paint';

interface MachineState {
  /** Step of the snapshot that is shown; null: what G draws now. */
  at: number | null;
  playing: boolean;
}

export interface TimeMachine {
  store: StoreApi<MachineState>;
  /** Steps of the snapshots, ascending. */
  steps: () => readonly number[];
  /** Shows a snapshot, or what G draws now (null). Stops playing. */
  seek: (step: number | null) => void;
  /** By so many snapshots; beyond the last one stands now. */
  move: (by: number) => void;
  play: () => void;
  pause: () => void;
  /** The pictures of the fixed z at a snapshot: kept once they are drawn. */
  frame: (step: number, signal?: AbortSignal) => Promise<RgbaImages>;
  /** Told what the large grid shows; at once where there is something. `step` is where it comes from. */
  onFrame: (listener: (images: RgbaImages, step: number) => void) => () => void;
  /** Fakes and reals beside it, always as they are now. */
  onNewest: (listener: (pictures: TrainingPictures) => void) => () => void;
  mount: () => () => void;
}

/** Of playing: slow enough to see each, fast enough for a film. */
export const FRAMES_PER_SECOND = 6;

export function createTimeMachine(
  training: Training,
  onError: (error: unknown) => void,
): TimeMachine {
  const store = createStore<MachineState>(() => ({ at: null, playing: false }));
  const frames = new Map<number, Promise<RgbaImages>>();
  const frameListeners = new Set<(images: RgbaImages, step: number) => void>();
  const newestListeners = new Set<(pictures: TrainingPictures) => void>();
  let newest: TrainingPictures | null = null;
  let shown: { images: RgbaImages; step: number } | null = null;
  let ended = new AbortController();

  const steps = () => training.store.getState().snapshots;

  function show(images: RgbaImages, step: number): void {
    shown = { images, step };
    for (const listener of frameListeners) listener(images, step);
  }

  function frame(step: number): Promise<RgbaImages> {
    let drawn = frames.get(step);
    if (!drawn) {
      // Not given a signal: whoever asks next gets the same pictures.
      drawn = training.picturesAt(step, training.fixedLatents()).then(drawnPictures);
      frames.set(step, drawn);
      drawn.catch(() => void frames.delete(step));
    }
    return drawn;
  }

  async function showSnapshot(step: number): Promise<void> {
    try {
      const images = await frame(step);
      if (store.getState().at === step) show(images, step);
    } catch (error) {
      if (!isAbort(error)) onError(error);
      if (store.getState().at === step) void goTo(null);
    }
  }

  function goTo(step: number | null): Promise<void> {
    store.setState({ at: step });
    if (step !== null) return showSnapshot(step);
    if (newest) show(newest.fixed, newest.step);
    return Promise.resolve();
  }

  function neighbor(by: number): number | null {
    const all = steps();
    const { at } = store.getState();
    const index = at === null ? all.length : all.indexOf(at);
    return all[Math.max(0, index + by)] ?? null;
  }

  async function play(): Promise<void> {
    const { signal } = ended;
    const playing = () => store.getState().playing && !signal.aborted;
    if (store.getState().at === null) await goTo(steps()[0] ?? null);
    while (playing() && store.getState().at !== null) {
      await Promise.all([goTo(neighbor(1)), delay(1000 / FRAMES_PER_SECOND)]);
    }
    if (!signal.aborted) store.setState({ playing: false });
  }

  function pause(): void {
    store.setState({ playing: false });
  }

  return {
    store,
    steps,
    pause,
    async frame(step, signal) {
      signal?.throwIfAborted();
      const images = await frame(step);
      signal?.throwIfAborted();
      return images;
    },
    seek(step) {
      pause();
      void goTo(step);
    },
    move(by) {
      pause();
      void goTo(neighbor(by));
    },
    play() {
      if (store.getState().playing || steps().length === 0) return;
      store.setState({ playing: true });
      void play();
    },
    onFrame(listener) {
      frameListeners.add(listener);
      if (shown) listener(shown.images, shown.step);
      return () => frameListeners.delete(listener);
    },
    onNewest(listener) {
      newestListeners.add(listener);
      if (newest) listener(newest);
      return () => newestListeners.delete(listener);
    },
    mount() {
      ended = new AbortController();
      const stopPictures = training.onPictures((pictures) => {
        newest = pictures;
        for (const listener of newestListeners) listener(pictures);
        if (store.getState().at === null) show(pictures.fixed, pictures.step);
      });
      return () => {
        ended.abort();
        pause();
        stopPictures();
      };
    },
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
