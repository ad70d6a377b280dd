/** The engine on each backend against what PyTorch computed (e2e/fixtures/goldens.py). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readNetwork } from '../../src/formats/network';
import { openArrays } from '../../src/formats/registry';
import type { Page } from '@playwright/test';
import type { Role } from '../../src/model/spec';
import type { UnitMask } from '../../src/model/source';
import { expect, forward, generate, maxError, SETUPS, test, withNetwork } from './engine-test';

const GOLDENS = 'e2e/fixtures/goldens';
const SUFFIX = '.expected.safetensors';
const names = readdirSync(GOLDENS)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length));

function pathOf(name: string): { path: string; bundled: boolean } {
  const small = `${GOLDENS}/${name}.safetensors`;
  const bundled = !existsSync(small);
  return { path: bundled ? `public/models/${name}/generator.safetensors` : small, bundled };
}

function readExpected(name: string) {
  const { arrays, metadata } = openArrays(readFileSync(`${GOLDENS}/${name}${SUFFIX}`), name);
  const numbers = (key: string) => arrays.get(key)?.toFloat32() ?? new Float32Array(0);
  const text = (key: string) => metadata.get(key) ?? '';
  return {
    input: numbers('input'),
    output: numbers('output'),
    inner: numbers('inner'),
    masked: numbers('masked'),
    count: Number(text('count')),
    layer: text('layer'),
    units: JSON.parse(text('units')) as UnitMask,
  };
}

/** [−1, 1] numbers; weights that were stored in half precision were rounded before both computed. */
const TOLERANCE = 1e-3;

for (const setup of SETUPS) {
  test.describe(`goldens on ${setup.name}`, () => {
    for (const name of names) {
      const { path, bundled } = pathOf(name);
      test(`${name} is what PyTorch drew`, async ({ warmPage }) => {
        test.skip(!existsSync(path), `${path} is not here`);
        test.skip(
          bundled && setup.backend !== 'wasm',
          'the bundled models are too large for a software GPU in a test',
        );
        const source = readNetwork(readFileSync(path), name);
        const page = await warmPage(setup);
        await withNetwork(page, source, ({ handle }) =>
          checkGolden(page, handle, source.spec.role, readExpected(name)),
        );
      });
    }
  });
}

interface Wanted {
  layer: string;
  after: string;
  units: UnitMask;
}

async function checkGolden(
  page: Page,
  handle: number,
  role: Role,
  golden: ReturnType<typeof readExpected>,
): Promise<void> {
  const { count, layer } = golden;
  // Of a bundled model inner and masked are kept for some samples only.
  const kept = golden.masked.length / (golden.output.length / count);
  const first = golden.input.slice(0, (golden.input.length / count) * kept);
  const run = (input: Float32Array, samples: number, more: Partial<Wanted> = {}) =>
    role === 'generator' && more.after === undefined
      ? generate(page, { handle, z: input, count: samples, ...more })
      : forward(page, { handle, data: input, count: samples, ...more });
  expect(maxError(await run(golden.input, count), golden.output)).toBeLessThan(TOLERANCE);
  const inner = await run(first, kept, { layer });
  expect(maxError(inner, golden.inner)).toBeLessThan(TOLERANCE * 5);
  const rest = await run(golden.inner, kept, { after: layer });
  const output = golden.output.slice(0, golden.masked.length);
  expect(maxError(rest, output)).toBeLessThan(TOLERANCE);
  const masked = await run(first, kept, { units: golden.units });
  expect(maxError(masked, golden.masked)).toBeLessThan(TOLERANCE);
}
