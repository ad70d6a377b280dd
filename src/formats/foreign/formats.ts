import { AppError } from '../../lib/errors';
import type { ForeignNetwork } from '../../model/foreign';
import { parseModelSpec } from '../../model/schema';
import { isZip, readZip } from '../../lib/bytes/zip';
import type { ZipEntry } from '../../lib/bytes/zip';
import { damaged, startsWith, utf8Text } from '../../lib/bytes/cursor';
import { isHdf5, readHdf5 } from '../hdf5/hdf5';
import { configText, kerasNetwork } from '../keras/weights';
import { isNpy, readNpy } from '../numpy/npy';
import { asPickledArray, NUMPY_ALLOWED, numpyBuilder } from '../numpy/pickled';
import type { FindSibling } from '../numpy/pickled';
import { unpickle } from '../pickle/unpickle';
import type { PyValue } from '../pickle/values';
import { safetensors } from '../safetensors/read';
import { isTfjsModel, readTfjs } from '../tfjs/tfjs';
import { collectNetworks } from '../torch/collect';
import type { Leaf } from '../torch/collect';
import { isLegacyTorch, loadNested, readLegacyTorch } from '../torch/legacy';
import { isTensor, readTensor, torchAllowed } from '../torch/tensors';
import { readZippedTorch, torchPickleEntry } from '../torch/zipped';
import { inNumberOrder } from './format';
import type { NetworkFormat, OpenContext } from './format';

const MAX_DEPTH = 3;

const torchLegacy: NetworkFormat = {
  id: 'torch-legacy',
  title: 'PyTorch (.pt, .pth)',
  match: (head) => isLegacyTorch(head),
  open: (bytes) => collectNetworks(readLegacyTorch(bytes), asTensorLeaf, 'torch'),
};

/** Zips of torch, NumPy and Keras, and plain ones with several files. */
const zip: NetworkFormat = {
  id: 'zip',
  title: 'zip (.npz, .keras, or several files)',
  match: (head) => isZip(head),
  open: openZip,
};

const hdf5: NetworkFormat = {
  id: 'hdf5',
  title: 'Keras (.h5, .hdf5)',
  match: (head) => isHdf5(head),
  async open(bytes) {
    const content = await readHdf5(bytes);
    if (content.arrays.size === 0) throw noArrays('The HDF5 file has no arrays of numbers.');
    const text = configText(content);
    return [kerasNetwork('', content, text === undefined ? undefined : parseConfig(text))];
  },
};

const npy: NetworkFormat = {
  id: 'npy',
  title: 'NumPy (.npy)',
  match: (head) => isNpy(head),
  open: (bytes, { fileName }) => [
    { label: '', framework: 'unknown', arrays: [readNpy(bytes, fileName)], notes: [] },
  ],
};

const tfjs: NetworkFormat = {
  id: 'tfjs',
  title: 'TF.js (model.json with its shards)',
  match: (head) => isTfjsModel(head) || /^\s*[[{]/.test(utf8Head(head)),
  open(bytes, { find }) {
    if (!isTfjsModel(bytes)) throw notTfjs();
    return [readTfjs(bytes, '', find)];
  },
};

const safetensorsNetwork: NetworkFormat = {
  id: 'safetensors',
  title: safetensors.title,
  match: (head, name) => safetensors.match(head, name),
  open(bytes) {
    const file = safetensors.open(bytes);
    const arrays = [...file.arrays].map(([name, array]) => ({
      name,
      shape: array.shape,
      data: array.toFloat32(),
    }));
    if (arrays.length === 0) throw noArrays('The safetensors file has no tensors.');
    const json = file.metadata.get('spec');
    const spec = json === undefined ? {} : { spec: parseModelSpec(json) };
    return [{ label: '', framework: 'torch', arrays, notes: [], ...spec }];
  },
};

/** Pickles of arrays: pickle.dump(state_dict), joblib with its numbers inside or in .npy files beside. */
const pickled: NetworkFormat = {
  id: 'pickle',
  title: 'pickled arrays (.pkl, .jl, .joblib)',
  match: (head, name) =>
    (head[0] === 0x80 && (head[1] ?? 9) <= 5) || /\.(pkl|pickle|jl|joblib|p)$/i.test(name),
  open: (bytes, { find }) => openPickle(bytes, find),
};

/** Every format, in the order in which they are tried: the surest signatures first. */
export const networkFormats: readonly NetworkFormat[] = [
  torchLegacy,
  zip,
  hdf5,
  npy,
  safetensorsNetwork,
  tfjs,
  pickled,
];

async function openZip(bytes: Uint8Array, context: OpenContext): Promise<ForeignNetwork[]> {
  const entries = readZip(bytes);
  const torch = torchPickleEntry(entries);
  if (torch) return collectNetworks(readZippedTorch(entries, torch), asTensorLeaf, 'torch');
  const weights = entries.find(({ name }) => /^model\.weights\.h5$/.test(name));
  if (weights) return [await openKerasZip(entries, weights)];
  if (entries.length > 0 && entries.every(({ name }) => name.endsWith('.npy'))) {
    return [openNpz(entries)];
  }
  if (entries.length === 0) throw noArrays('The zip is empty.');
  if (context.depth >= MAX_DEPTH) {
    throw damaged(`The zip has zips inside each other more than ${MAX_DEPTH} levels deep.`);
  }
  return context.openInner(entries.map((entry) => ({ name: entry.name, bytes: entry.read() })));
}

function openNpz(entries: readonly ZipEntry[]): ForeignNetwork {
  const arrays = entries.map((entry) => {
    const name = entry.name.replace(/\.npy$/, '');
    return readNpy(entry.read(), name);
  });
  return { label: '', framework: 'unknown', arrays: inNumberOrder(arrays), notes: [] };
}

async function openKerasZip(
  entries: readonly ZipEntry[],
  weights: ZipEntry,
): Promise<ForeignNetwork> {
  const content = await readHdf5(weights.read());
  if (content.arrays.size === 0) throw noArrays('The .keras file has no weights.');
  const config = entries.find(({ name }) => name === 'config.json');
  const text = config ? utf8Text(config.read(), 'config.json') : undefined;
  return kerasNetwork('', content, text === undefined ? undefined : parseConfig(text));
}

function openPickle(bytes: Uint8Array, find: FindSibling): ForeignNetwork[] {
  let torch = false;
  const asLeaf = (value: PyValue): Leaf | null => {
    const tensor = asTensorLeaf(value);
    if (tensor) torch = true;
    return tensor ?? asPickledArray(value);
  };
  const { value } = unpickle(bytes, {
    allowed: new Map([...NUMPY_ALLOWED, ...torchAllowed((inner) => loadNested(inner, 0))]),
    onBuild: numpyBuilder(find),
  });
  const networks = collectNetworks(value, asLeaf, 'unknown');
  return torch ? networks.map((network) => ({ ...network, framework: 'torch' })) : networks;
}

function asTensorLeaf(value: PyValue): Leaf | null {
  if (!isTensor(value)) return null;
  const { data } = value;
  return { shape: data.shape, read: (name) => readTensor(name, data) };
}

function parseConfig(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw damaged("The model's config in the file is not JSON.", cause);
  }
}

function noArrays(message: string): AppError {
  return new AppError({
    code: 'no-arrays',
    message,
    hint: 'Save the generator again with its weights, for instance generator.save_weights(path) or torch.save(generator.state_dict(), path).',
  });
}

function notTfjs(): AppError {
  return new AppError({
    code: 'json-without-weights',
    message: 'This JSON file lists no TF.js weights (weightsManifest).',
    hint: 'Of a TF.js model, open model.json together with its .bin shards. Other JSON files hold no weights.',
  });
}

function utf8Head(head: Uint8Array): string {
  return startsWith(head, '{') || startsWith(head, '[')
    ? String.fromCharCode(head[0] ?? 0)
    : new TextDecoder('latin1').decode(head.subarray(0, 16));
}
