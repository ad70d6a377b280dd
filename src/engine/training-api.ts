/**
 * Training as the page asks for it. A run lies on the device under a handle; the caller asks for some
 * steps at a time, so that pictures of other panels get their turn between two calls. Random numbers are
 * counted from (seed, step), so a run that is put back from its state goes on exactly as it would have.
 */
import type { ImageSet } from '../model/image-set';
import type { NamedArray, NetworkSource } from '../model/source';
import type { DiscriminatorSpec, GeneratorSpec } from '../model/spec';
import type { TrainingConfig, TrainingTuning } from '../model/training';
import type { CallOptions, FloatImages } from './api';

/**
 * All that a run needs to go on, beside its pictures. Names of `tensors`: `generator.<name>` and
 * `discriminator.<name>` with PyTorch's names and layouts (running statistics included),
 * `average.<name>` for the running average of G's weights where config.ema is not 0, and
 * `adam.<network>.<name>.exp_avg` and `.exp_avg_sq` for each weight.
 */
export interface TrainingState {
  /** As tuned by now. */
  config: TrainingConfig;
  /** Steps that are done. */
  step: number;
  /** How often each optimizer has stepped (Adam's t). */
  updates: { generator: number; discriminator: number };
  tensors: Record<string, NamedArray>;
}

export interface CreateTrainingRequest {
  config: TrainingConfig;
  /** The pictures to train on, at least one; handed over, so keep a copy where it is still needed. */
  images: ImageSet;
  /** To go on from; fresh weights from config.seed when absent. `config` wins over the state's own. */
  state?: TrainingState;
}

export interface CreatedTraining {
  handle: number;
  generator: GeneratorSpec;
  discriminator: DiscriminatorSpec;
  /** Weights, without running statistics. */
  parameters: { generator: number; discriminator: number };
}

/** Which networks a step changes. */
export type TrainingPart = 'both' | 'discriminator' | 'generator';

export interface TrainStepsRequest {
  handle: number;
  /** At most so many steps … */
  steps: number;
  /** … and no further one begins after so many milliseconds. At least one step is done. */
  maxMs: number;
  part: TrainingPart;
}

/** One number a step in each array; NaN where the part that it belongs to did not step. */
export interface TrainingStats {
  /** Steps done since the run began, after this call. */
  step: number;
  /** Steps that this call did. */
  steps: number;
  /** Milliseconds that they took on the device, reading included. */
  ms: number;
  lossD: Float32Array;
  lossG: Float32Array;
  /** Mean over the batch of D's probability (sigmoid of the logit) that real pictures are real … */
  real: Float32Array;
  /** … and that generated ones are, as D's own step saw them (G's where only G stepped). */
  fake: Float32Array;
  /** False where a loss or a weight was no finite number: the state is spoiled, go back to an earlier one. */
  finite: boolean;
}

export interface TrainingPicturesRequest {
  handle: number;
  /** count × latentSize. */
  z: Float32Array;
  count: number;
  /** By the running average of G (ignored where the run keeps none). */
  average: boolean;
}

/** The engine's part in training. Every call may reject with an AppError; `training-lost` when the device took the run with it. */
export interface TrainingEngine {
  /** Puts a run on the device and compiles what a step needs. Throws AppError `training-config`, `training-images`, `training-state`. */
  create(request: CreateTrainingRequest, options?: CallOptions): Promise<CreatedTraining>;
  /** Never dropped half way: aborting takes effect between two steps, and what was done is told. */
  steps(request: TrainStepsRequest, options?: CallOptions): Promise<TrainingStats>;
  tune(request: { handle: number; tuning: TrainingTuning }): Promise<void>;
  /** NHWC in [−1, 1] by G with the running statistics, as an exported file would draw them. */
  pictures(request: TrainingPicturesRequest, options?: CallOptions): Promise<FloatImages>;
  /** Everything, in full precision. */
  state(request: { handle: number }): Promise<TrainingState>;
  /** G or D as a network that the engine loads and files hold; `average` as for pictures (its running statistics are measured afresh). */
  network(request: {
    handle: number;
    role: 'generator' | 'discriminator';
    average: boolean;
  }): Promise<NetworkSource>;
  close(request: { handle: number }): Promise<void>;
}
