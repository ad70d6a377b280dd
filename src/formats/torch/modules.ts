import { integersOf, PyObject } from '../pickle/values';
import type { PyValue } from '../pickle/values';
import type { TopologyLayer } from '../../model/foreign';
import { moduleEntries, stateOf } from './state';

const MAX_MODULES = 2_000;

/**
 * The leaf modules of a pickled torch network, in the order in which they were registered; null where a
 * class of its own may run them otherwise (its forward function is code, which is not in the file).
 */
export function moduleTopology(root: PyObject): TopologyLayer[] | null {
  const layers: TopologyLayer[] = [];
  const plain = addModule(root, '', layers, 0);
  const activations = layers.filter(({ kind }) => kind === 'activation').length;
  return plain && activations > 0 && layers.every(({ kind }) => kind !== 'unknown') ? layers : null;
}

/** False where the order is not certain. */
function addModule(
  object: PyObject,
  name: string,
  layers: TopologyLayer[],
  depth: number,
): boolean {
  if (layers.length > MAX_MODULES || depth > 20) return false;
  const type = object.type.name;
  const children = moduleEntries(object).filter(
    (entry): entry is [string, PyObject] => entry[1] instanceof PyObject,
  );
  const leaf = leafModule(object, name);
  if (leaf) {
    layers.push(leaf);
    return true;
  }
  const ordered = type === 'Sequential' || children.length <= 1 || children.every(isSequential);
  return (
    children.every(([key, child]) =>
      addModule(child, name ? `${name}.${key}` : key, layers, depth + 1),
    ) && ordered
  );
}

function isSequential([, child]: [string, PyObject]): boolean {
  return child.type.name === 'Sequential';
}

function leafModule(object: PyObject, name: string): TopologyLayer | null {
  if (!object.type.module.startsWith('torch.nn')) return null;
  const type = object.type.name;
  const state = stateOf(object);
  const base = { name, type };
  const pair = (key: string): readonly [number, number] | null => pairOf(state.get(key));
  const number = (key: string, fallback: number): number => {
    const value = state.get(key);
    return typeof value === 'number' ? value : fallback;
  };
  switch (type) {
    case 'Sequential':
      return null;
    case 'Linear':
      return { ...base, kind: 'dense' };
    case 'Conv2d':
    case 'ConvTranspose2d': {
      const [stride, padding] = [pair('stride'), pair('padding')];
      const words = state.get('padding');
      const plain = number('groups', 1) === 1 && (pair('dilation') ?? [1, 1]).every((d) => d === 1);
      if (!plain || !stride) return { ...base, kind: 'unknown' };
      return {
        ...base,
        kind: type === 'Conv2d' ? 'conv' : 'convTranspose',
        stride,
        padding: padding ?? (words === 'same' ? 'same' : 'valid'),
        outputPadding: pair('output_padding') ?? [0, 0],
      };
    }
    case 'BatchNorm1d':
    case 'BatchNorm2d':
    case 'SyncBatchNorm':
      return { ...base, kind: 'norm', eps: number('eps', 1e-5) };
    case 'Upsample':
    case 'UpsamplingNearest2d':
    case 'UpsamplingBilinear2d': {
      const factor = scaleOf(state.get('scale_factor'));
      const stored = state.get('mode') ?? 'nearest';
      const mode = stored === 'bilinear' ? 'bilinear' : 'nearest';
      const known = stored === mode;
      // Our bilinear is torch's with align_corners = false.
      const corners = mode === 'bilinear' && state.get('align_corners') === true;
      return factor && known && !corners
        ? { ...base, kind: 'upsample', factor, mode }
        : { ...base, kind: 'unknown' };
    }
    case 'Unflatten': {
      const shape = integersOf(state.get('unflattened_size'));
      return shape ? { ...base, kind: 'reshape', shape } : { ...base, kind: 'unknown' };
    }
    case 'Flatten':
      return { ...base, kind: 'flatten' };
    case 'Dropout':
    case 'Dropout2d':
    case 'Identity':
      return { ...base, kind: 'skip' };
    case 'LeakyReLU':
      return {
        ...base,
        kind: 'activation',
        activation: 'leakyrelu',
        slope: number('negative_slope', 0.01),
      };
    case 'ReLU':
    case 'ELU':
    case 'Tanh':
    case 'Sigmoid':
      return { ...base, kind: 'activation', activation: type.toLowerCase() };
    default:
      return type.endsWith('Loss') ? { ...base, kind: 'skip' } : { ...base, kind: 'unknown' };
  }
}

function pairOf(value: PyValue | undefined): readonly [number, number] | null {
  if (typeof value === 'number') return [value, value];
  const [height, width] = integersOf(value) ?? [];
  return height === undefined ? null : [height, width ?? height];
}

function scaleOf(value: PyValue | undefined): readonly [number, number] | null {
  const pair = pairOf(value);
  return pair?.every((factor) => Number.isInteger(factor) && factor >= 1) ? pair : null;
}
