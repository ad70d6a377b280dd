import { describe, expect, it } from 'vitest';
import { AppError } from '../lib/errors';
import { inferShapes } from './shapes';
import {
  checkTrainingConfig,
  PAPER_CONFIG,
  TRAINING_SIZES,
  trainingSpecs,
  type TrainingConfig,
} from './training';

function refusal(change: object): AppError {
  try {
    checkTrainingConfig({ ...PAPER_CONFIG, ...change });
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('was not refused');
}

describe('checkTrainingConfig', () => {
  it("takes the paper's recipe as it is", () => {
    expect(checkTrainingConfig(PAPER_CONFIG)).toEqual(PAPER_CONFIG);
  });

  it.each([
    ['batch', { batch: 7 }],
    ['batch', { batch: 8.5 }],
    ['baseFilters', { baseFilters: 65 }],
    ['latentSize', { latentSize: 15 }],
    ['learningRateG', { learningRateG: NaN }],
    ['learningRateD', { learningRateD: '0.1' }],
    ['beta1', { beta1: 1 }],
    ['loss', { loss: 'wasserstein' }],
    ['labelSmoothing', { labelSmoothing: 0.31 }],
    ['r1', { r1: -1 }],
    ['dSteps', { dSteps: 0 }],
    ['ema', { ema: 0.3 }],
    ['seed', { seed: 2 ** 32 }],
    ['image.size', { image: { size: 48, channels: 3 } }],
    ['image.channels', { image: { size: 32, channels: 4 } }],
    ['momentum', { momentum: 0.9 }],
  ])('names %s when it cannot be used: %o', (field, change) => {
    const { code, message, hint } = refusal(change);
    expect(code).toBe('training-config');
    expect(message).toContain(field);
    expect(hint).not.toBe('');
  });

  it.each([null, 5, [], {}])('refuses %o as a whole', (value) => {
    expect(() => checkTrainingConfig(value)).toThrow(AppError);
  });

  it.each([0, 0.5, 0.9999])('takes a running average of %d', (ema) => {
    expect(checkTrainingConfig({ ...PAPER_CONFIG, ema }).ema).toBe(ema);
  });
});

describe('trainingSpecs', () => {
  it.each(TRAINING_SIZES.flatMap((size) => [1, 3].map((channels) => [size, channels] as const)))(
    'leads from z to %i×%i×… pictures and from those to one logit',
    (size, channels) => {
      const config: TrainingConfig = {
        ...PAPER_CONFIG,
        image: { size, channels: channels as 1 | 3 },
      };
      const { generator, discriminator } = trainingSpecs(config);
      const drawn = inferShapes(generator);
      const seen = inferShapes(discriminator);
      expect(drawn.at(-1)).toEqual({ height: size, width: size, channels });
      expect(seen.at(-1)).toEqual({ height: 1, width: 1, channels: 1 });
      // Every hidden map of G has its mirror image in D.
      expect(drawn.slice(0, -1).reverse()).toEqual(seen.slice(0, -1));
      expect(seen[0]).toMatchObject({ height: size / 2, channels: config.baseFilters });
    },
  );

  it('names and norms layers as the PyTorch tutorial does', () => {
    const { generator, discriminator } = trainingSpecs(PAPER_CONFIG);
    const names = (layers: { id: string; norm: { kind: string; id?: string } }[]) =>
      layers.map(({ id, norm }) => `${id} ${norm.id ?? '-'}`);
    expect(names(generator.layers)).toEqual([
      'main.0 main.1',
      'main.3 main.4',
      'main.6 main.7',
      'main.9 main.10',
      'main.12 -',
    ]);
    expect(names(discriminator.layers)).toEqual([
      'main.0 -',
      'main.2 main.3',
      'main.5 main.6',
      'main.8 main.9',
      'main.11 -',
    ]);
  });
});
