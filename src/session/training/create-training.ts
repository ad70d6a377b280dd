/**
 * The session's handle on training. The store is there at once; what works on it is loaded when it is first
 * used, for most visitors come to look.
 */
import { createStore } from 'zustand/vanilla';
import type { TrainingControl, TrainingOptions } from './control';
import { fixedLatents } from './latents';
import { noRun } from './run-state';
import type { PictureLine } from './run-view';
import type { Training, TrainingRunState } from './training';

export interface TrainingHandle extends Training {
  dispose(): void;
}

export function createTraining(options: TrainingOptions): TrainingHandle {
  const store = createStore<TrainingRunState>(noRun);
  const line: PictureLine = { listeners: new Set(), newest: null };
  let loading: Promise<TrainingControl> | null = null;

  function control(): Promise<TrainingControl> {
    loading ??= import('./control').then(
      ({ createTrainingControl }) => createTrainingControl(options, store, line),
      (error: unknown) => {
        // A part of the page that did not arrive is asked for again.
        loading = null;
        throw error;
      },
    );
    return loading;
  }

  /** Every command of the handle is the same command of what is loaded. */
  function forward<K extends Exclude<keyof TrainingControl, 'look' | 'dispose'>>(
    name: K,
  ): TrainingControl[K] {
    const call = async (...args: unknown[]): Promise<unknown> => {
      const loaded = await control();
      return (loaded[name] as (...all: unknown[]) => unknown)(...args);
    };
    return call as TrainingControl[K];
  }

  return {
    store,
    estimate: forward('estimate'),
    start: forward('start'),
    pause: forward('pause'),
    resume: forward('resume'),
    step: forward('step'),
    stop: forward('stop'),
    tune: forward('tune'),
    kept: forward('kept'),
    restore: forward('restore'),
    discard: forward('discard'),
    picturesAt: forward('picturesAt'),
    openAsModel: forward('openAsModel'),
    exportFiles: forward('exportFiles'),
    exportRun: forward('exportRun'),
    importRun: forward('importRun'),
    onPictures(listener) {
      line.listeners.add(listener);
      if (line.newest) listener(line.newest);
      // Of a run that is paused nothing is drawn by itself.
      else if (store.getState().run) void loading?.then((loaded) => loaded.look());
      return () => line.listeners.delete(listener);
    },
    fixedLatents() {
      const { run } = store.getState();
      return run ? fixedLatents(run.config) : [];
    },
    dispose() {
      void loading?.then((loaded) => loaded.dispose());
    },
  };
}
