/** For unit tests: a run without a device. Its numbers mean nothing, but depend on all that a run keeps. */
import type { TrainingEngine, TrainingState } from '../../engine/training-api';
import { AppError } from '../../lib/errors';
import { uniform } from '../../lib/rng';
import type { ImageSet } from '../../model/image-set';
import type { NamedArray } from '../../model/source';
import type { ConvLayer, ConvTransposeLayer } from '../../model/spec';
import { PAPER_CONFIG, trainingSpecs, type TrainingConfig } from '../../model/training';
import type { TrainingData } from './training';

export const TINY_CONFIG: TrainingConfig = {
  ...PAPER_CONFIG,
  image: { size: 16, channels: 1 },
  latentSize: 16,
  baseFilters: 8,
  batch: 8,
};

/** Noise, the same for the same count. */
export function noisySet(count: number, size: 16 | 32 = 16, channels: 1 | 3 = 1): ImageSet {
  const data = new Uint8Array(count * size * size * channels);
  for (let i = 0; i < data.length; i++) data[i] = Math.floor(256 * uniform(5, 9, i));
  return { count, size, channels, data };
}

export function noisyData(count = 100): TrainingData {
  return { title: 'Noise', images: noisySet(count), source: { kind: 'own' } };
}

export interface FakeTraining extends TrainingEngine {
  /** Handles of what is on the device. */
  open(): number[];
  /** All losses by step, as they were told. */
  told: { step: number; lossD: number }[];
  /** The step after which the numbers are spoiled; null for none. */
  spoilAfter: number | null;
  /** What the next call of `steps` rejects with. */
  failure: Error | null;
}

interface FakeRun {
  state: TrainingState;
  images: ImageSet;
}

/** Counts what a real one computes: weights grow with each step by what seed, step, pictures and settings say. */
export function createFakeTraining(): FakeTraining {
  const runs = new Map<number, FakeRun>();
  let last = 0;
  const of = (handle: number): FakeRun => {
    const run = runs.get(handle);
    if (run) return run;
    throw new AppError({ code: 'training-lost', message: `No run ${handle}.`, hint: '' });
  };
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

  const fake: FakeTraining = {
    told: [],
    spoilAfter: null,
    failure: null,
    open: () => [...runs.keys()],
    async create({ config, images, state }) {
      await turn();
      last += 1;
      const begun = state ? structuredClone(state) : freshState(config);
      runs.set(last, { state: { ...begun, config }, images });
      const specs = trainingSpecs(config);
      return { handle: last, ...specs, parameters: { generator: 11, discriminator: 7 } };
    },
    async steps({ handle, steps, part }) {
      await turn();
      const { failure } = fake;
      fake.failure = null;
      if (failure) throw failure;
      const run = of(handle);
      const lossD = new Float32Array(steps);
      for (let i = 0; i < steps; i++) {
        lossD[i] = advance(run, part);
        fake.told.push({ step: run.state.step, lossD: lossD[i]! });
      }
      const { step } = run.state;
      const finite = fake.spoilAfter === null || step <= fake.spoilAfter;
      const half = new Float32Array(steps).fill(0.5);
      const lossG = lossD.map((x) => 2 * x);
      const stats = { step, steps, ms: 2 * steps, lossD, lossG, real: half, fake: half };
      return { ...stats, finite };
    },
    async tune({ handle, tuning }) {
      await turn();
      const { state } = of(handle);
      state.config = { ...state.config, ...tuning };
    },
    async pictures({ handle, z, count }) {
      await turn();
      const { config, tensors } = of(handle).state;
      const { size, channels } = config.image;
      const one = size * size * channels;
      const gain = tensors['generator.main.0.weight']!.data[0]!;
      const data = Float32Array.from({ length: count * one }, (_, i) =>
        Math.tanh(gain + z[Math.floor(i / one) * config.latentSize + (i % config.latentSize)]!),
      );
      return { count, height: size, width: size, channels, data };
    },
    async state({ handle }) {
      await turn();
      return structuredClone(of(handle).state);
    },
    async network({ handle, role }) {
      await turn();
      const { config, tensors } = structuredClone(of(handle).state);
      const spec = trainingSpecs(config)[role];
      const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${role}.`));
      return {
        spec,
        tensors: Object.fromEntries(
          own.map(([name, tensor]) => [name.slice(role.length + 1), tensor]),
        ),
      };
    },
    async close({ handle }) {
      await turn();
      of(handle);
      runs.delete(handle);
    },
  };
  return fake;
}

function advance({ state, images }: FakeRun, part: string): number {
  const { seed, learningRateD } = state.config;
  state.step += 1;
  if (part !== 'generator') state.updates.discriminator += 1;
  if (part !== 'discriminator') state.updates.generator += 1;
  const at = Math.floor(uniform(seed, 1, state.step) * images.data.length);
  const push = learningRateD * images.data[at]!;
  for (const { data } of Object.values(state.tensors)) data[0]! += push;
  return state.tensors['discriminator.main.0.weight']!.data[0]!;
}

function freshState(config: TrainingConfig): TrainingState {
  const { generator, discriminator } = trainingSpecs(config);
  const tensors: Record<string, NamedArray> = {};
  const roles = [
    ['generator', config.latentSize, generator.layers],
    ['discriminator', config.image.channels, discriminator.layers],
  ] as const;
  for (const [role, inputs, layers] of roles) {
    let from: number = inputs;
    for (const layer of layers as (ConvLayer | ConvTransposeLayer)[]) {
      const { id, filters, kind, norm } = layer;
      const shape = kind === 'conv' ? [filters, from, 4, 4] : [from, filters, 4, 4];
      tensors[`${role}.${id}.weight`] = filled(shape, 0.01);
      if (norm.kind === 'batch') {
        tensors[`${role}.${norm.id}.weight`] = filled([filters], 1);
        tensors[`${role}.${norm.id}.bias`] = filled([filters], 0);
        tensors[`${role}.${norm.id}.running_mean`] = filled([filters], 0);
        tensors[`${role}.${norm.id}.running_var`] = filled([filters], 1);
      }
      from = filters;
    }
  }
  tensors['adam.generator.main.0.weight.exp_avg'] = filled([config.latentSize, 16, 4, 4], 0);
  return { config, step: 0, updates: { generator: 0, discriminator: 0 }, tensors };
}

function filled(shape: number[], value: number): NamedArray {
  return { shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(value) };
}
