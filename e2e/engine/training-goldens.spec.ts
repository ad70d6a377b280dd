/** Training on each backend against PyTorch's modules and optimizer (e2e/fixtures/training.py). */
import { readdirSync, readFileSync } from 'node:fs';
import { openArrays } from '../../src/formats/registry';
import { drawStatisticsLatents } from '../../src/engine/train/random';
import type { TrainingPart } from '../../src/engine/training-api';
import type { TrainingConfig } from '../../src/model/training';
import { expect, maxError, SETUPS, test } from './engine-test';
import { averagePictures, tensorsOf, train, trainingState, withTraining } from './training-test';

// A software GPU compiles some fifty programs first, longer where the machine is busy.
test.describe.configure({ timeout: 240_000 });

const GOLDENS = 'e2e/fixtures/goldens';
const names = readdirSync(GOLDENS).filter((name) => name.startsWith('training-'));

/** Largest differences that single precision explains; a weight has moved by up to 6e-3. */
const TOLERANCE = { losses: 1e-5, weights: 2e-6, moments: 2e-5 };

function readGolden(name: string) {
  const { arrays, metadata } = openArrays(readFileSync(`${GOLDENS}/${name}`), name);
  const parse = <T>(key: string) => JSON.parse(metadata.get(key) ?? 'null') as T;
  const { image, ...rest } = parse<TrainingConfig>('config');
  return {
    arrays,
    config: { image, ...rest },
    parts: parse<TrainingPart[]>('parts'),
    updates: parse<{ generator: number; discriminator: number }>('updates'),
    images: { ...image, data: [...(arrays.get('images')?.toFloat32() ?? [])] },
  };
}

/** |a − b| relative to the largest number, for moments, whose sizes differ. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  return maxError(actual, expected) / largest;
}

for (const setup of SETUPS) {
  test.describe(`training on ${setup.name}`, () => {
    for (const name of names) {
      test(`${name} is what PyTorch did`, async ({ warmPage }) => {
        const { arrays, config, parts, updates, images } = readGolden(name);
        const page = await warmPage(setup);
        const count = images.data.length / (images.size * images.size * images.channels);
        await withTraining(page, { config, images: { ...images, count } }, async ({ handle }) => {
          const losses: number[] = [];
          for (const part of parts) losses.push(...(await train(page, handle, 1, part)));
          const state = await trainingState(page, handle);
          expect(state.updates).toEqual(updates);
          expect(state.step).toBe(parts.length);
          const expected = arrays.get('losses')?.toFloat32() ?? new Float32Array(0);
          const stepped = (numbers: ArrayLike<number>) =>
            Float32Array.from(numbers, (value) => (Number.isNaN(value) ? -1 : value));
          expect(maxError(stepped(losses), stepped(expected))).toBeLessThan(TOLERANCE.losses);
          const worst = { weights: 0, moments: 0 };
          const tensors = tensorsOf(state);
          for (const [key, array] of arrays) {
            if (['images', 'losses', 'average-pictures'].includes(key)) continue;
            const actual = tensors[key]?.data ?? new Float32Array(0);
            const wanted = array.toFloat32();
            if (key.startsWith('adam.')) {
              worst.moments = Math.max(worst.moments, relativeError(actual, wanted));
            } else worst.weights = Math.max(worst.weights, maxError(actual, wanted));
          }
          expect(worst.weights).toBeLessThan(TOLERANCE.weights);
          expect(worst.moments).toBeLessThan(TOLERANCE.moments);
          const average = arrays.get('average-pictures')?.toFloat32();
          if (average) {
            const z = drawStatisticsLatents(config, 2);
            const drawn = await averagePictures(page, handle, z, 2);
            expect(maxError(drawn, average)).toBeLessThan(TOLERANCE.losses);
          }
          expect(Object.keys(tensors).sort()).toEqual(
            [...arrays.keys()].filter((key) => key.includes('.')).sort(),
          );
        });
      });
    }
  });
}
