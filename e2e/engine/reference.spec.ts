import { runReference } from '../../src/model/reference';
import type { LayerSpec } from '../../src/model/spec';
import { BACKENDS, expect, generate, load, maxError, startEngine, test } from './engine-test';
import {
  batchNorm,
  conv,
  convTranspose,
  dense,
  generatorSpec,
  randomFloats,
  sides,
  stem,
  withWeights,
} from './networks';

const tanh = { kind: 'tanh' } as const;

/** Between them: every layer kind, kernels 2 to 7, strides 1 and 2, all paddings, norms and activations. */
const NETWORKS: Record<string, { size: number; layers: LayerSpec[]; fastLayers: number }> = {
  'the tutorial generator, small': {
    size: 10,
    layers: [
      stem('0', 16, { norm: batchNorm('1') }),
      convTranspose('3', 12, { norm: batchNorm('4') }),
      convTranspose('6', 8, { norm: batchNorm('7'), bias: true }),
      convTranspose('9', 3, { activation: tanh, bias: true }),
    ],
    fastLayers: 3,
  },
};

for (const backend of BACKENDS) {
  test.describe(`networks on ${backend}`, () => {
    for (const [name, { size, layers, fastLayers }] of Object.entries(NETWORKS)) {
      test(`${name} is what the reference computes`, async ({ page, harnessUrl }) => {
        const source = withWeights(generatorSpec(size, layers), 1);
        const report = await startEngine(page, harnessUrl, backend);
        expect(report.backend).toBe(backend);
        const { handle, fastLayers: fast } = await load(page, source);
        expect(fast).toBe(fastLayers);
        const count = 3;
        const z = randomFloats(count * size, 2);
        const actual = await generate(page, { handle, z, count });
        const expected = runReference(source, z, count);
        expect(maxError(actual, expected.data)).toBeLessThan(1e-4);
      });
    }
  });
}
void [conv, dense, sides];
