import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ForeignNetwork } from '../../model/foreign';
import { openFiles } from './open-files';

// Written by torch, NumPy, joblib and h5py: see e2e/fixtures/foreign_small.py.
const FOLDER = 'e2e/fixtures/foreign';

function input(name: string) {
  return { name, bytes: new Uint8Array(readFileSync(`${FOLDER}/${name}`)) };
}

async function networksOf(...names: string[]): Promise<ForeignNetwork[]> {
  return (await openFiles(names.map(input))).networks;
}

const value = (i: number): number => (i % 61) - 30;

function expectNumbers(network: ForeignNetwork | undefined): void {
  expect(network).toBeDefined();
  for (const { name, shape, data } of network?.arrays ?? []) {
    if (name.endsWith('num_batches_tracked')) continue;
    expect(data.length, name).toBe(shape.reduce((a, b) => a * b, 1));
    expect(
      data.every((number, i) => number === value(i)),
      name,
    ).toBe(true);
  }
}

function namesOf(network: ForeignNetwork | undefined): string[] {
  return (network?.arrays ?? []).map(({ name }) => name);
}

const STATE = [
  'main.0.weight',
  'main.1.weight',
  'main.1.bias',
  'main.1.running_mean',
  'main.1.running_var',
  'main.3.weight',
];

describe('PyTorch', () => {
  it.each(['state.pt', 'state-legacy.pt', 'state.pkl'])('reads %s', async (file) => {
    const [network] = await networksOf(file);
    expect(network?.framework).toBe('torch');
    expect(namesOf(network)).toEqual(STATE);
    expectNumbers(network);
  });

  it.each(['odd.pt', 'odd-legacy.pt'])(
    'reads every type, shared and strided storages in %s',
    async (file) => {
      const [network] = await networksOf(file);
      expect(namesOf(network)).toHaveLength(11);
      expectNumbers(network);
    },
  );

  it('finds the networks of a checkpoint, without optimizer and wrapper', async () => {
    const networks = await networksOf('checkpoint.pt');
    expect(networks.map(({ label }) => label)).toEqual([
      'checkpoint.pt: netD',
      'checkpoint.pt: netG',
    ]);
    expect(namesOf(networks[1])).toEqual(STATE);
    expect(networks[1]?.notes).toEqual(['epoch: 7']);
    networks.forEach(expectNumbers);
  });

  it.each(['module.pt', 'module-legacy.pt'])('walks the whole module in %s', async (file) => {
    const [network] = await networksOf(file);
    expect(namesOf(network)[0]).toBe('0.weight');
    expectNumbers(network);
    expect(network?.topology?.map(({ type }) => type)).toEqual([
      'ConvTranspose2d',
      'BatchNorm2d',
      'LeakyReLU',
      'ConvTranspose2d',
      'Sigmoid',
    ]);
    expect(network?.topology?.[2]).toMatchObject({ activation: 'leakyrelu', slope: 0.25 });
  });

  it('reads the weights of TorchScript without its code', async () => {
    const [network] = await networksOf('script.pt');
    expect(namesOf(network)).toContain('3.weight');
    expectNumbers(network);
  });
});

describe('NumPy and joblib', () => {
  it.each([
    'arrays.npz',
    'packed.npz',
    'arrays-0.pkl',
    'arrays-2.pkl',
    'arrays-4.pkl',
    'arrays-5.pkl',
  ])('reads %s', async (file) => {
    const [network] = await networksOf(file);
    expect(namesOf(network)).toEqual(STATE);
    expectNumbers(network);
  });

  it('reads a joblib list with its numbers inside', async () => {
    const [network] = await networksOf('list.joblib');
    expect(namesOf(network)).toEqual(['0', '1', '2', '3', '4', '5']);
    expectNumbers(network);
  });

  it('reads .npy files together, Fortran order and big endian included, by number', async () => {
    const [one, two] = [input('fortran.npy'), input('big-endian.npy')];
    const set = [
      { ...one, name: 'run/w_10.npy' },
      { ...two, name: 'run/w_9.npy' },
      { name: 'run/README.md', bytes: new Uint8Array(3) },
    ];
    const { networks } = await openFiles(set);
    expect(networks).toHaveLength(1);
    expect(namesOf(networks[0])).toEqual(['w_9', 'w_10']);
    expectNumbers(networks[0]);
  });
});

describe('Keras', () => {
  it.each(['weights.h5', 'model.h5', 'model.keras', 'keras3.weights.h5'])(
    'reads %s',
    async (file) => {
      const [network] = await networksOf(file);
      expect(network?.framework).toBe('keras');
      expectNumbers(network);
      const names = namesOf(network);
      expect(names.slice(0, 2)).toEqual(['dense/kernel', 'dense/bias']);
      expect(names).toHaveLength(10);
      const described = file.startsWith('model');
      expect(network?.topology !== undefined).toBe(described);
      if (described) expect(names.at(-1)).toBe('conv2d/bias');
    },
  );
});

describe('many files at once', () => {
  it('opens all fixtures together, each under its name', async () => {
    const names = readdirSync(FOLDER).filter((name) => !name.endsWith('.npy'));
    const networks = await networksOf(...names);
    expect(networks).toHaveLength(names.length + 1);
  });
});

describe('TF.js', () => {
  const shard = (...values: number[]) => Uint8Array.from(values);
  const model = (weights: unknown[], more: object = {}) =>
    new TextEncoder().encode(
      JSON.stringify({ ...more, weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights }] }),
    );

  it('reads weights over several shards, quantized ones too', async () => {
    const weights = [
      { name: 'dense/kernel', shape: [2], dtype: 'float32' },
      {
        name: 'q8',
        shape: [2],
        dtype: 'float32',
        quantization: { dtype: 'uint8', min: -1, scale: 0.5 },
      },
      {
        name: 'q16',
        shape: [1],
        dtype: 'float32',
        quantization: { dtype: 'uint16', min: 2, scale: 0.25 },
      },
      { name: 'half', shape: [1], dtype: 'float32', quantization: { dtype: 'float16' } },
    ];
    const floats = new Uint8Array(new Float32Array([1.5, -2]).buffer);
    const { networks } = await openFiles([
      { name: 'm/model.json', bytes: model(weights) },
      { name: 'm/a.bin', bytes: floats.slice(0, 6) },
      {
        name: 'm/b.bin',
        bytes: Uint8Array.from([...floats.slice(6), ...shard(0, 4, 2, 1, 0, 0x3c)]),
      },
    ]);
    expect(networks[0]?.arrays.map(({ data }) => [...data])).toEqual([
      [1.5, -2],
      [-1, 1],
      [2 + 258 * 0.25],
      [1],
    ]);
  });

  it('reads the topology of a layers model', async () => {
    const config = {
      layers: [{ class_name: 'Dense', config: { name: 'dense', activation: 'relu' } }],
    };
    const topology = { modelTopology: { model_config: { class_name: 'Sequential', config } } };
    const weights = [{ name: 'dense/kernel', shape: [1, 1], dtype: 'float32' }];
    const { networks } = await openFiles([
      { name: 'model.json', bytes: model(weights, topology) },
      { name: 'a.bin', bytes: new Uint8Array(4) },
      { name: 'b.bin', bytes: new Uint8Array(0) },
    ]);
    expect(networks[0]?.topology?.map(({ kind }) => kind)).toEqual(['dense', 'activation']);
  });
});
