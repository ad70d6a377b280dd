/**
 * A training run as the page and the console see it: one run at a time, driven step by step on the
 * engine, measured, kept, and handed on to the other panels. State is plain and serialisable; pictures go
 * from `onPictures` straight to canvases.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { CallOptions, FloatImages, Progress, RgbaImages } from '../../engine/api';
import type { TrainingPart } from '../../engine/training-api';
import type { ErrorReport } from '../../lib/errors';
import type { ImageSet } from '../../model/image-set';
import type { TrainingConfig, TrainingTuning } from '../../model/training';
import type { CurrentModel } from '../session';

/** Pictures that are ready to train on. */
export interface TrainingData {
  title: string;
  images: ImageSet;
  /** Of the set in the datasets store, a bundled set or the digits, so that a resumed run finds its pictures again. */
  source: DatasetRef;
}

/** How a set is found again after a reload. Runs keep their pictures with their checkpoint where it is 'own'. */
export type DatasetRef =
  | { kind: 'bundled'; id: string; seed: number }
  | { kind: 'digits'; count: number; seed: number }
  | { kind: 'kept'; id: string }
  | { kind: 'own' };

export type RunStatus =
  /** No run. */
  | 'none'
  /** Being put on the device (progress says how far). */
  | 'preparing'
  | 'running'
  | 'paused'
  /** All wished-for steps are done; more can be asked for. */
  | 'finished'
  /** Device, worker or browser took it away; `resume` goes on from the last checkpoint. */
  | 'interrupted';

/** Columns of one length, thinned evenly to 2,000 rows or fewer; NaN where a part did not step. */
export interface RunHistory {
  step: number[];
  lossD: number[];
  lossG: number[];
  /** D(x) and D(G(z)), 0 to 1. */
  real: number[];
  fake: number[];
}

/** A change in flight, drawn into the charts. */
export interface RunMark {
  step: number;
  /** 'learning rate of D 0.0002 → 0.0001'. */
  label: string;
}

/** Something that a teacher would point at, in words, with what to try. */
export interface RunAlarm {
  kind: 'collapse' | 'discriminator-wins' | 'generator-wins' | 'not-finite';
  step: number;
  message: string;
  hint: string;
  /** It no longer holds. */
  over: boolean;
}

/** How good the fakes are, measured against held-out pictures every so often. */
export interface RunMeasure {
  step: number;
  /** Sliced Wasserstein distance of fakes to held-out pictures, in levels of 0 to 255 (core/distribution.ts). */
  slicedWasserstein: number;
  /** Mean pairwise RMS distance between fakes, in levels of 0 to 255 … */
  diversity: number;
}

export interface RunInfo {
  id: string;
  title: string;
  config: TrainingConfig;
  data: { title: string; count: number; heldOut: number; source: DatasetRef };
  /** Mean pairwise RMS distance between held-out pictures: what `diversity` is held against. */
  dataDiversity: number;
  /** Milliseconds since 1970. */
  startedAt: number;
  parameters: { generator: number; discriminator: number };
}

export interface TrainingRunState {
  status: RunStatus;
  run: RunInfo | null;
  progress: Progress | null;
  step: number;
  /** Where the run stops by itself; null: never. */
  targetSteps: number | null;
  /** Over the last seconds of training; null before the first. */
  msPerStep: number | null;
  imagesPerSecond: number | null;
  /** Until targetSteps at this pace. */
  secondsLeft: number | null;
  history: RunHistory;
  marks: RunMark[];
  alarms: RunAlarm[];
  measures: RunMeasure[];
  /** Steps at which G was kept for the time machine, ascending; about 40 at most. */
  snapshots: number[];
  /** The newest checkpoint in IndexedDB; `at` in milliseconds since 1970. */
  saved: { step: number; at: number } | null;
  /** Why checkpoints cannot be kept (full disk, another tab), with what to do. */
  saveTrouble: ErrorReport | null;
  /** Why the run was interrupted or could not start. */
  error: ErrorReport | null;
}

/** The same z at every step, and what G just drew beside real pictures. */
export interface TrainingPictures {
  step: number;
  /** 16 pictures of fixed z. */
  fixed: RgbaImages;
  /** The newest 8 fakes … */
  fakes: RgbaImages;
  /** … and 8 real ones. */
  reals: RgbaImages;
}

/** Measured on this device by running a few steps. */
export interface TrainingEstimate {
  msPerStep: number;
  /** On the device, at the highest. */
  bytes: number;
  parameters: { generator: number; discriminator: number };
}

/** A run that IndexedDB holds. */
export interface KeptRun {
  info: RunInfo;
  step: number;
  /** Of its newest checkpoint, milliseconds since 1970. */
  savedAt: number;
  bytes: number;
  /** Another tab is training it now. */
  elsewhere: boolean;
}

export interface StartRequest {
  config: TrainingConfig;
  data: TrainingData;
  title?: string;
  /** null: until stopped. */
  steps: number | null;
}

export interface TrainingFile {
  name: string;
  blob: Blob;
}

export interface Training {
  store: StoreApi<TrainingRunState>;
  /** Runs a few steps of `config` and gives the device back. */
  estimate(
    config: TrainingConfig,
    data: TrainingData,
    options?: CallOptions,
  ): Promise<TrainingEstimate>;
  /** Ends the run that is there (its checkpoint stays) and begins another. Resolves when the first step is about to run. */
  start(request: StartRequest, options?: CallOptions): Promise<void>;
  /** Resolves when the step that runs is done and a checkpoint is written. */
  pause(): Promise<void>;
  /** Goes on, after a pause or an interruption; `steps`: so many more before it stops by itself. */
  resume(options?: { steps?: number | null }): Promise<void>;
  /** `n` steps of both networks or one of them, then paused. */
  step(n?: number, part?: TrainingPart): Promise<void>;
  /** Writes a last checkpoint, takes the run off the device and shows none. */
  stop(): Promise<void>;
  /** Changes in flight, marked in the charts. Throws AppError `training-config`. */
  tune(tuning: TrainingTuning): Promise<void>;
  /** Newest first. */
  kept(): Promise<KeptRun[]>;
  /** Puts a kept run back, paused at its newest checkpoint. */
  restore(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  /** Called about twice a second while training, and after every step on request; gives the newest at once where there are any. */
  onPictures(listener: (pictures: TrainingPictures) => void): () => void;
  /** Latents of the fixed grid (16), the same at every step. */
  fixedLatents(): Float32Array[];
  /** Pictures of any latents by the G of a snapshot (the live one when null). */
  picturesAt(
    step: number | null,
    z: readonly Float32Array[],
    options?: CallOptions,
  ): Promise<FloatImages>;
  /** The live G, or that of a snapshot, becomes an immutable model of its own, open in all panels. */
  openAsModel(step?: number | null): Promise<CurrentModel>;
  /** generator.safetensors, discriminator.safetensors and optimizer.safetensors, PyTorch's names and layouts. */
  exportFiles(): Promise<TrainingFile[]>;
  /** The whole run as one zip: checkpoint, snapshots, history, and its pictures where they are the visitor's own. */
  exportRun(): Promise<TrainingFile>;
  /** What exportRun gave, from here or another machine; paused afterwards. Throws AppError `run-file-…`. */
  importRun(file: Blob): Promise<void>;
}
