import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inferNetwork } from '../../model/infer';
import { runReference } from '../../model/reference';
import { openFiles } from './open-files';

// Other people's weights are not part of this repository; see e2e/fixtures/foreign.py.
const CHECKPOINTS = process.env['LATENTARIUM_CHECKPOINTS'] ?? '../shared/checkpoints';
const missing = !existsSync(CHECKPOINTS);

function filesOf(folder: string, pattern: RegExp) {
  const names = readdirSync(join(CHECKPOINTS, folder)).filter((name) => pattern.test(name));
  return names.map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(CHECKPOINTS, folder, name))),
  }));
}

async function expectedOf(folder: string) {
  const bytes = new Uint8Array(readFileSync(`e2e/fixtures/goldens/foreign-${folder}.npz`));
  const { networks } = await openFiles([{ name: 'expected.npz', bytes }]);
  const arrays = new Map(networks[0]?.arrays.map((array) => [array.name, array]));
  const [z, images] = [arrays.get('z'), arrays.get('images')];
  if (!z || !images) throw new Error('the goldens have no z or no images');
  return { z, images };
}

async function maxError(
  folder: string,
  pattern: RegExp,
  overrides: Record<string, string> = {},
): Promise<number> {
  const { networks } = await openFiles(filesOf(folder, pattern));
  const generator = networks[0];
  if (!generator) throw new Error('no network was found');
  const { source } = inferNetwork(generator, overrides);
  const { z, images } = await expectedOf(folder);
  const output = runReference(source, z.data, z.shape[0] ?? 0);
  let error = 0;
  images.data.forEach((value, index) => {
    error = Math.max(error, Math.abs(value - (output.data[index] ?? NaN)));
  });
  return error;
}

describe.skipIf(missing)(`checkpoints of other people (${CHECKPOINTS})`, () => {
  it("draws the paper authors' SVHN weights as they open: flipped, batch statistics", async () => {
    expect(await maxError('newmu_svhn', /gen_params/)).toBeLessThan(2e-3);
  }, 60_000);

  it('draws a legacy PyTorch generator once its odd activations are set', async () => {
    const leaky = { activation: 'leakyRelu:0.2' };
    const overrides = {
      'layers.generator_deconv.0.0.activation': 'none',
      ...Object.fromEntries(
        [1, 2, 3].map((i) => [`layers.generator_deconv.${i}.0.activation`, leaky.activation]),
      ),
    };
    expect(await maxError('fletcher_celeba32', /generator/, overrides)).toBeLessThan(2e-3);
  }, 60_000);

  it('draws a whole Keras model as it opens', async () => {
    expect(await maxError('darthdaenerys_anime64', /generator/)).toBeLessThan(2e-3);
  }, 60_000);
});
