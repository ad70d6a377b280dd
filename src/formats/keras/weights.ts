import type { Hdf5Content } from '../hdf5/hdf5';
import type { ForeignArray, ForeignNetwork, TopologyLayer } from '../../model/foreign';
import { kerasTopology } from './config';

/** Names of what Keras 3 only numbers, by how many there are; norms have scale and centre unless told. */
const KERNEL = ['kernel', 'bias'];
const NORM = ['gamma', 'beta', 'moving_mean', 'moving_variance'];

/** The config of a .keras zip or an .h5 of model.save(), parsed; undefined where it is missing. */
export function kerasNetwork(label: string, content: Hdf5Content, config: unknown): ForeignNetwork {
  const topology = config === undefined ? null : kerasTopology(config);
  const arrays = legacyOrder(content) ??
    numberedLayers(content, topology) ?? [...content.arrays.values()];
  return {
    label,
    framework: 'keras',
    arrays,
    notes: kerasNotes(content),
    ...(topology ? { topology } : {}),
  };
}

/** model_config of an HDF5 file, as JSON text. */
export function configText(content: Hdf5Content): string | undefined {
  const text = content.texts.get('')?.get('model_config');
  return typeof text === 'string' ? text : undefined;
}

function kerasNotes(content: Hdf5Content): string[] {
  const version = content.texts.get('')?.get('keras_version');
  return typeof version === 'string' ? [`Keras ${version}`] : [];
}

/**
 * Keras 1 and 2: `layer_names` and each layer's `weight_names` give the order. A layer's arrays are
 * renamed 'layer/kernel': the rest of their paths repeats names of scopes.
 */
function legacyOrder(content: Hdf5Content): ForeignArray[] | null {
  for (const root of ['model_weights', '']) {
    const layers = joined(content.texts.get(root), 'layer_names');
    if (!layers) continue;
    const base = root ? `${root}/` : '';
    const arrays = layers.flatMap((layer) => {
      const names = joined(content.texts.get(base + layer), 'weight_names') ?? [];
      return names.flatMap((name) => {
        const array = content.arrays.get(`${base}${layer}/${name}`);
        return array ? [{ ...array, name: shortName(layer, name) }] : [];
      });
    });
    if (arrays.length > 0) return arrays;
  }
  return null;
}

/** Long lists are split over attributes name0, name1, …. */
function joined(texts: Map<string, string | string[]> | undefined, key: string): string[] | null {
  const whole = texts?.get(key);
  if (Array.isArray(whole)) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i += 1) {
    const part = texts?.get(`${key}${i}`);
    if (!Array.isArray(part)) break;
    parts.push(...part);
  }
  return parts.length > 0 ? parts : null;
}

/** 'dense_43/kernel:0' → 'dense_43/kernel'; nested models keep their inner layer's name. */
function shortName(layer: string, name: string): string {
  const parts = name.replace(/:\d+$/, '').split('/');
  const last = parts.at(-1) ?? name;
  const owner = parts.length > 1 ? (parts.at(-2) ?? layer) : layer;
  return `${owner}/${last}`;
}

/**
 * Keras 3 (`layers/conv2d/vars/0`) and late Keras 2 (`_layer_checkpoint_dependencies/…`): the index is
 * alphabetic, so the order comes from the config where there is one, else from the names' numbers.
 */
function numberedLayers(
  content: Hdf5Content,
  topology: readonly TopologyLayer[] | null,
): ForeignArray[] | null {
  const layers = new Map<string, ForeignArray[]>();
  for (const array of content.arrays.values()) {
    const match = /^(?:.*\/)?([^/]+)\/vars\/(\d+)$/.exec(array.name);
    if (!match || /optimizer/i.test(array.name)) continue;
    const [, layer = '', index = ''] = match;
    const list = layers.get(layer) ?? [];
    list[Number(index)] = array;
    layers.set(layer, list);
  }
  if (layers.size === 0) return null;
  const order = topology ? configOrder(topology, layers) : naturalOrder([...layers.keys()]);
  return order.flatMap(({ stored, name }) => named(name, layers.get(stored) ?? []));
}

interface Placed {
  /** Name of the group in the file. */
  stored: string;
  /** Name in the config, which the topology uses. */
  name: string;
}

/** The saver names groups by class and counts: the third Conv2D is conv2d_2, whatever its own name. */
function configOrder(
  topology: readonly TopologyLayer[],
  layers: ReadonlyMap<string, unknown>,
): Placed[] {
  const weighted = topology.filter(({ name }) => name !== '');
  const own = weighted.filter(({ name }) => layers.has(name));
  if (own.length === layers.size) return own.map(({ name }) => ({ stored: name, name }));
  const counts = new Map<string, number>();
  return weighted.map(({ name, type }) => {
    const snake = snakeCase(type);
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    return { stored: count === 0 ? snake : `${snake}_${count}`, name };
  });
}

/** Keras' to_snake_case: 'Conv2DTranspose' → 'conv2d_transpose'. */
function snakeCase(type: string): string {
  return type
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Dense layers, then the rest, then norms, each by number: how a generator goes; infer.ts checks it. */
function naturalOrder(names: string[]): Placed[] {
  const rank = (name: string): number => {
    if (/norm/i.test(name)) return 2;
    return /dense/i.test(name) ? 0 : 1;
  };
  const number = (name: string): number => Number(/_(\d+)$/.exec(name)?.[1] ?? -1);
  const sorted = names.toSorted(
    (a, b) => rank(a) - rank(b) || number(a) - number(b) || a.localeCompare(b),
  );
  return sorted.map((name) => ({ stored: name, name }));
}

function named(layer: string, arrays: readonly ForeignArray[]): ForeignArray[] {
  const linear = arrays.some((array) => array.shape.length > 1);
  const words = linear ? KERNEL : NORM;
  return arrays.map((array, index) => ({
    ...array,
    name: `${layer}/${words[index] ?? String(index)}`,
  }));
}
