/** What the specs of training share: tiny runs in the harness page. */
import type { Page } from '@playwright/test';
import type { CreatedTraining, TrainingPart } from '../../src/engine/training-api';
import type { NamedArray } from '../../src/model/source';
import { PAPER_CONFIG, type TrainingConfig } from '../../src/model/training';
import { decodeFloats, encodeFloats } from '../harness/codec';
import type { EncodedState, EncodedTraining } from '../harness/engine';

/** Small enough for software GPUs, with every kind of layer. */
export const TINY_CONFIG: TrainingConfig = {
  ...PAPER_CONFIG,
  ...{ image: { size: 16, channels: 3 }, latentSize: 16, baseFilters: 8, batch: 8, ema: 0.9 },
};

/** Pictures of noise over a ramp. */
export function tinyImages({ image }: TrainingConfig, count = 12): EncodedTraining['images'] {
  const { size, channels } = image;
  const data = Array.from(
    { length: count * size * size * channels },
    (_, i) => ((i * 7919) % 128) + (Math.floor(i / channels) % size) * (128 / size),
  );
  return { count, size, channels, data };
}

/** Runs `work` with a run that lies on the device for it alone. */
export async function withTraining<T>(
  page: Page,
  request: EncodedTraining,
  work: (created: CreatedTraining) => Promise<T>,
): Promise<T> {
  const created = await page.evaluate((wanted) => window.harness.createTraining(wanted), request);
  try {
    return await work(created);
  } finally {
    const { handle } = created;
    await page.evaluate((run) => window.harness.engine.training.close({ handle: run }), handle);
  }
}

/** lossD, lossG, real, fake of each step, one after the other. */
export async function train(
  page: Page,
  handle: number,
  steps: number,
  part: TrainingPart = 'both',
): Promise<Float32Array> {
  const done = await page.evaluate(
    (wanted) => window.harness.train(wanted.handle, wanted.steps, wanted.part),
    { handle, steps, part },
  );
  return decodeFloats(done.numbers);
}

export function trainingState(page: Page, handle: number): Promise<EncodedState> {
  return page.evaluate((run) => window.harness.trainingState(run), handle);
}

/** Pictures of z by G's running average. */
export async function averagePictures(
  page: Page,
  handle: number,
  z: Float32Array,
  count: number,
): Promise<Float32Array> {
  return decodeFloats(
    await page.evaluate((request) => window.harness.averagePictures(request), {
      ...{ handle, count },
      z: encodeFloats(z),
    }),
  );
}

export function tensorsOf({ tensors }: EncodedState): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: decodeFloats(data) },
    ]),
  );
}
