import type { NetworkSource } from '../model/source';
import type { TrainingTuning } from '../model/training';
import type { CallOptions, FloatImages } from './api';
import type { Backend } from './backends/backend';
import type { Trainer } from './train/trainer';
import type {
  CreatedTraining,
  CreateTrainingRequest,
  TrainingEngine,
  TrainingPicturesRequest,
  TrainingState,
  TrainingStats,
  TrainStepsRequest,
} from './training-api';

/** Runs a task when the device is its own, and again once when the device was lost on the way. */
export type OnDevice = <T>(
  task: (backend: Backend) => Promise<T>,
  signal: AbortSignal | undefined,
) => Promise<T>;

/** Training inside the worker: the calls of training-api.ts, one at a time with all others. */
export interface TrainingHost extends TrainingEngine {
  /** Ends the steps of a run that are under way after the one that runs; those that wait are dropped. */
  halt(handle: number): void;
  /** Drops what lies on a lost device. */
  drop(): void;
}

/** The trainer itself is loaded when it is first asked for: most visitors never train. */
export function createTrainingHost(onDevice: OnDevice): TrainingHost {
  const halts = new Map<number, Set<AbortController>>();
  let loading: Promise<Trainer> | null = null;
  let trainer: Trainer | null = null;
  let lastHandle = 0;

  const load = async (): Promise<Trainer> => {
    loading ??= import('./train/trainer').then(
      ({ createTrainer }) => createTrainer(),
      (error: unknown) => {
        // A part of the page that did not arrive is asked for again.
        loading = null;
        throw error;
      },
    );
    trainer = await loading;
    return trainer;
  };
  const run = async <T>(
    task: (trainer: Trainer, backend: Backend) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    const loaded = await load();
    return onDevice((backend) => task(loaded, backend), signal);
  };
  const haltable = (handle: number): { signal: AbortSignal; forget: () => void } => {
    const controller = new AbortController();
    const ofRun = halts.get(handle) ?? new Set();
    halts.set(handle, ofRun.add(controller));
    const forget = () => {
      ofRun.delete(controller);
      if (ofRun.size === 0) halts.delete(handle);
    };
    return { signal: controller.signal, forget };
  };

  return {
    create(request: CreateTrainingRequest, options: CallOptions = {}): Promise<CreatedTraining> {
      lastHandle += 1;
      const handle = lastHandle;
      return run((t, backend) => t.create(handle, request, backend, options), options.signal);
    },
    async steps(request: TrainStepsRequest): Promise<TrainingStats> {
      const { signal, forget } = haltable(request.handle);
      try {
        return await run((t, backend) => t.steps(request, backend, signal), signal);
      } finally {
        forget();
      }
    },
    halt(handle) {
      halts.get(handle)?.forEach((controller) => controller.abort());
    },
    tune: ({ handle, tuning }: { handle: number; tuning: TrainingTuning }) =>
      run((t) => Promise.resolve(t.tune(handle, tuning))),
    pictures: (
      request: TrainingPicturesRequest,
      { signal }: CallOptions = {},
    ): Promise<FloatImages> => run((t, backend) => t.pictures(request, backend), signal),
    state: ({ handle }): Promise<TrainingState> => run((t, backend) => t.state(handle, backend)),
    network: (request): Promise<NetworkSource> => run((t, backend) => t.network(request, backend)),
    close: ({ handle }) =>
      run((t, backend) => {
        t.close(handle);
        backend.trimPool();
        return Promise.resolve();
      }),
    drop: () => trainer?.drop(),
  };
}
