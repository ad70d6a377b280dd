import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runReference } from '../model/reference';
import type { ReferenceOptions } from '../model/reference';
import type { NetworkSource, UnitMask } from '../model/source';
import { readNetwork } from './network';
import { openArrays } from './registry';

// The naive reference, and with it the reader, against what PyTorch computed (e2e/fixtures/goldens.py).

const folder = new URL('../../e2e/fixtures/goldens/', import.meta.url);
const models = new URL('../../public/models/', import.meta.url);
const suffix = '.expected.safetensors';
const names = readdirSync(folder)
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length));
const isSmall = (name: string) => existsSync(new URL(`${name}.safetensors`, folder));

function readExpected(name: string) {
  const { arrays, metadata } = openArrays(readFileSync(new URL(name + suffix, folder)), name);
  const numbers = (key: string) => arrays.get(key)?.toFloat32() ?? new Float32Array(0);
  const text = (key: string) => metadata.get(key) ?? '';
  return { numbers, text, units: JSON.parse(text('units')) as UnitMask };
}

/** Weights as the golden knew them; other bytes mean that the golden is stale, not the code wrong. */
function readWeights(name: string, sha256: string): NetworkSource {
  const url = isSmall(name)
    ? new URL(`${name}.safetensors`, folder)
    : new URL(`${name}/generator.safetensors`, models);
  const bytes = readFileSync(url);
  const command = `python3 e2e/fixtures/goldens.py${isSmall(name) ? '' : ` --model public/models/${name}/generator.safetensors`}`;
  const found = createHash('sha256').update(bytes).digest('hex');
  expect(found, `The golden of ${name} is stale: its weights were replaced. Run ${command}`).toBe(
    sha256,
  );
  return readNetwork(bytes, name);
}

function expectNear(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const worst = actual.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(1e-5);
}

describe.each(names)('golden %s', (name) => {
  const { numbers, text, units } = readExpected(name);
  const count = Number(text('count'));
  const layer = text('layer');
  const perSample = numbers('output').length / count;
  // For a bundled model inner and masked are kept for the first sample only.
  const kept = numbers('masked').length / perSample;
  const first = numbers('input').slice(0, (numbers('input').length / count) * kept);
  let source: NetworkSource | undefined;
  const run = (input: Float32Array, samples: number, options: ReferenceOptions = {}) => {
    source ??= readWeights(name, text('sha256'));
    return runReference(source, input, samples, options).data;
  };

  it('draws what PyTorch drew', () => {
    expectNear(run(numbers('input'), count), numbers('output'));
  });

  it('agrees inside, and goes on from there', () => {
    expectNear(run(first, kept, { layer }), numbers('inner'));
    const output = numbers('output').slice(0, perSample * kept);
    expectNear(run(numbers('inner'), kept, { after: layer }), output);
  });

  it('agrees with units dropped and scaled', () => {
    expectNear(run(first, kept, { units }), numbers('masked'));
  });
});

it('covers every kind of layer, norm, order, activation and role', () => {
  const specs = names
    .filter(isSmall)
    .map((name) => readNetwork(readFileSync(new URL(`${name}.safetensors`, folder)), name).spec);
  const layers = specs.flatMap((spec) => spec.layers);
  const kinds = (values: string[]) => [...new Set(values)].sort();
  expect(kinds(specs.map((spec) => spec.role))).toEqual(['discriminator', 'generator', 'judge']);
  expect(kinds(layers.map((one) => one.kind))).toEqual(
    ['conv', 'convTranspose', 'dense', 'flatten', 'reshape', 'upsample'].sort(),
  );
  expect(kinds(layers.map((one) => one.activation.kind))).toEqual(
    ['elu', 'leakyRelu', 'none', 'relu', 'sigmoid', 'tanh'].sort(),
  );
  expect(
    kinds(layers.flatMap(({ norm }) => (norm.kind === 'batch' ? [norm.statistics] : []))),
  ).toEqual(['batch', 'file', 'frozen']);
  const after = layers.filter((one) => one.norm.kind === 'batch').map((one) => one.order);
  expect(kinds(after)).toEqual(['activation-norm', 'norm-activation']);
});
