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
