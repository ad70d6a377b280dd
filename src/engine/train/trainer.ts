/** The engine's part in training inside its worker. Every function runs when the device is its own. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import type { NetworkSource } from '../../model/source';
import { checkTrainingConfig, trainingSpecs, type TrainingTuning } from '../../model/training';
import type { CallOptions, FloatImages } from '../api';
import type { Backend } from '../backends/backend';
import { nextMacrotask } from '../queue';
import { takeData } from '../read';
import { checkSize } from '../runner';
import type {
  CreatedTraining,
  CreateTrainingRequest,
  TrainingPicturesRequest,
  TrainingState,
  TrainingStats,
  TrainStepsRequest,
} from '../training-api';
import { countParameters, type Weight } from './network';
import { createRun, disposeRun } from './run';
import { draw, disposeStatistics, measureStatistics, readNetwork, readState } from './show';
import { runStep, type StepState } from './step';

export interface Trainer {
  create(
    handle: number,
    request: CreateTrainingRequest,
    backend: Backend,
    options: CallOptions,
  ): Promise<CreatedTraining>;
  /** `signal` ends them after the step that runs. */
  steps(request: TrainStepsRequest, backend: Backend, signal: AbortSignal): Promise<TrainingStats>;
  tune(handle: number, tuning: TrainingTuning): void;
  pictures(request: TrainingPicturesRequest, backend: Backend): Promise<FloatImages>;
  state(handle: number, backend: Backend): Promise<TrainingState>;
  network(
    request: { handle: number; role: 'generator' | 'discriminator'; average: boolean },
    backend: Backend,
  ): Promise<NetworkSource>;
  close(handle: number): void;
  /** The device took all runs with it. */
  drop(): void;
}

/** So many pictures are drawn at once. */
const CHUNK = 32;

/** Steps whose numbers have not been read yet: one computes while the next is being prepared. */
const IN_FLIGHT = 2;

export function createTrainer(): Trainer {
  const runs = new Map<number, StepState>();
  const lost = new Set<number>();

  const runOf = (handle: number): StepState => {
    const run = runs.get(handle);
    if (run) return run;
    throw lost.has(handle) ? trainingLost() : unknownRun(handle);
  };

  return {
    async create(handle, request, backend, options) {
      if (backend.canBeLost) await compile(request, backend, options);
      const run = createRun(request, await backend.createTrainOps());
      runs.set(handle, run);
      const { generator, discriminator } = trainingSpecs(run.config);
      const parameters = {
        generator: countParameters(run.generator),
        discriminator: countParameters(run.discriminator),
      };
      return { handle, generator, discriminator, parameters };
    },
    steps: (request, backend, signal) => runSteps(runOf(request.handle), request, backend, signal),
    tune(handle, tuning) {
      const run = runOf(handle);
      run.config = checkTrainingConfig({ ...run.config, ...tuning });
    },
    async pictures({ handle, z, count, average }, backend) {
      const run = runOf(handle);
      checkSize('The latents', z, count, run.config.latentSize);
      const { size, channels } = run.config.image;
      const one = size * size * channels;
      const data = new Float32Array(count * one);
      await withWeights(run, average, async (valueOf, statistics) => {
        for (let from = 0; from < count; from += CHUNK) {
          const to = Math.min(count, from + CHUNK);
          const part = z.subarray(from * run.config.latentSize, to * run.config.latentSize);
          const drawn = tf.tidy(() => draw(run, part, to - from, valueOf, statistics));
          data.set(await takeData(drawn, backend), from * one);
        }
      });
      return { count, height: size, width: size, channels, data };
    },
    state: (handle, backend) => readState(runOf(handle), backend),
    async network({ handle, role, average }, backend) {
      const run = runOf(handle);
      const network = role === 'generator' ? run.generator : run.discriminator;
      return withWeights(run, average && role === 'generator', async (valueOf, statistics) => ({
        spec: network.spec,
        tensors: await readNetwork(network, backend, valueOf, statistics),
      }));
    },
    close(handle) {
      const run = runs.get(handle);
      runs.delete(handle);
      lost.delete(handle);
      if (run) disposeRun(run);
    },
    drop() {
      for (const [handle, run] of runs) {
        lost.add(handle);
        disposeRun(run);
      }
      runs.clear();
    },
  };
}

/** Does a step of a run that is thrown away: shaders are compiled when they are first used. */
async function compile(
  request: CreateTrainingRequest,
  backend: Backend,
  { signal, onProgress }: CallOptions,
): Promise<void> {
  signal?.throwIfAborted();
  onProgress?.({ fraction: 0, label: 'compiling a training step' });
  const trial = createRun(request, await backend.createTrainOps());
  try {
    await takeData(runStep(trial, 'both'), backend);
  } finally {
    disposeRun(trial);
  }
  onProgress?.({ fraction: 1, label: 'compiled' });
}

async function withWeights<T>(
  run: StepState,
  average: boolean,
  work: (
    valueOf: (weight: Weight) => tf.Tensor,
    statistics: ReturnType<typeof measureStatistics> | null,
  ) => Promise<T>,
): Promise<T> {
  const averages = average ? run.average : null;
  if (!averages) return work(({ value }) => value, null);
  const valueOf = (weight: Weight) => averages.get(weight) ?? weight.value;
  const statistics = measureStatistics(run, valueOf);
  try {
    return await work(valueOf, statistics);
  } finally {
    disposeStatistics(statistics);
  }
}

/** lossD, lossG, real, fake */
type Numbers = Float32Array;

async function runSteps(
  run: StepState,
  { steps, maxMs, part }: TrainStepsRequest,
  backend: Backend,
  signal: AbortSignal,
): Promise<TrainingStats> {
  const started = performance.now();
  const read: Numbers[] = [];
  const flying: Promise<Numbers>[] = [];
  let finite = true;
  const land = async (): Promise<void> => {
    const numbers = await flying.shift();
    if (!numbers) return;
    read.push(numbers);
    finite &&= isSound(numbers, part);
  };
  try {
    for (let done = 0; done < Math.max(1, steps) && finite; done++) {
      if (done > 0) {
        await nextMacrotask();
        if (signal.aborted || performance.now() - started >= maxMs) break;
      }
      flying.push(takeData(runStep(run, part), backend));
      if (flying.length >= IN_FLIGHT) await land();
    }
    while (flying.length > 0) await land();
  } finally {
    // What is still under way when one of them fails must not fail unheard.
    await Promise.allSettled(flying);
  }
  if (finite) finite = await weightsAreFinite(run, backend);
  const column = (index: number) => Float32Array.from(read, (numbers) => numbers[index] ?? NaN);
  return {
    ...{ step: run.step, steps: read.length, ms: performance.now() - started, finite },
    ...{ lossD: column(0), lossG: column(1), real: column(2), fake: column(3) },
  };
}

/** Whether the numbers of the parts that stepped are finite. */
function isSound([lossD = NaN, lossG = NaN]: Numbers, part: TrainStepsRequest['part']): boolean {
  const discriminator = part === 'generator' || Number.isFinite(lossD);
  const generator = part === 'discriminator' || Number.isFinite(lossG);
  return discriminator && generator;
}

async function weightsAreFinite(run: StepState, backend: Backend): Promise<boolean> {
  const sum = tf.tidy(() => {
    const all = [...run.generator.weights, ...run.discriminator.weights];
    return tf.sum(tf.stack(all.map(({ value }) => tf.sum(tf.abs(value)))));
  });
  const [total = NaN] = await takeData(sum, backend);
  return Number.isFinite(total);
}

function trainingLost(): AppError {
  return new AppError({
    code: 'training-lost',
    message: 'The graphics device was lost, and the training run that lay on it with it.',
    hint: 'Resume from the last checkpoint: at most the last half minute is lost.',
  });
}

function unknownRun(handle: number): AppError {
  return new AppError({
    code: 'training-unknown',
    message: `No training run with handle ${handle} is on the device.`,
    hint: 'It was closed meanwhile. Resume it from its last checkpoint, or start a new one.',
  });
}
