import type { ForeignArray, Framework } from './foreign';
import { resolveReparametrisations } from './infer-reparam';
import type { KernelLayout } from './layouts';

/** A dense or convolutional layer's arrays, as the file has them. */
export interface LinearPart {
  type: 'linear';
  name: string;
  weight: ForeignArray;
  bias: ForeignArray | null;
}

/** A batch norm's arrays; what the file leaves out is null (scale = 1, shift = 0, statistics of the batch). */
export interface NormPart {
  type: 'norm';
  name: string;
  channels: number;
  scale: ForeignArray | null;
  shift: ForeignArray | null;
  mean: ForeignArray | null;
  variance: ForeignArray | null;
}

export type Part = LinearPart | NormPart;

type Slot = 'weight' | 'bias' | 'scale' | 'shift' | 'mean' | 'variance';

/** What people call the arrays of a layer; longest first, since 'moving_mean' ends with 'mean'. */
const SUFFIXES: readonly (readonly [RegExp, Slot])[] = [
  [/(running|moving)_?mean|pop_mean|^mean$/i, 'mean'],
  [/(running|moving)_?var(iance)?|pop_var|^var(iance)?$|inv_std/i, 'variance'],
  [/gamma|^scale$/i, 'scale'],
  [/beta|^offset$/i, 'shift'],
  [/weights?|kernel|matrix|filters?|^w$|^W$/i, 'weight'],
  [/bias(es)?|^b$/i, 'bias'],
];

const LAST_PART =
  /^(.*?)(?:[./]|__|_)?((?:running|moving|pop)_?(?:mean|var(?:iance)?)|gamma|beta|scale|offset|weights?|kernel|matrix|filters?|bias(?:es)?|mean|var(?:iance)?|inv_std|[wWbB])(?::\d+)?$/i;

/** Counters, optimizer states and the like: no part of what a network computes. */
const IGNORED =
  /num_batches_tracked|global_step|(^|[./_])(adam|rmsprop|optimizer|momentum|beta[12]_power|learning_rate|iterations?)([./_\d]|$)|loss_weights|seed_generator|_metadata/i;

/**
 * Groups a file's arrays by layer: by their names where these say what each is, else by place (a matrix
 * or kernel begins a layer, the vectors behind it are its bias and norm). In the file's order.
 */
export function partsOf(arrays: readonly ForeignArray[]): Part[] {
  const useful = resolveReparametrisations(arrays).filter(
    ({ name, shape }) => shape.length > 0 && !IGNORED.test(name) && shape.every((n) => n > 0),
  );
  const named = useful.every(({ name }) => LAST_PART.test(name));
  const stems = new Set(useful.map(({ name }) => split(name).stem));
  // 'arr_0', '03', 'param7' say nothing; neither does one stem for all.
  return named && stems.size > 1 ? byName(useful) : byPlace(useful);
}

function split(name: string): { stem: string; slot: Slot | null } {
  const match = LAST_PART.exec(name);
  if (!match) return { stem: name, slot: null };
  const [, stem = '', word = ''] = match;
  return { stem, slot: SUFFIXES.find(([pattern]) => pattern.test(word))?.[1] ?? null };
}

function byName(arrays: readonly ForeignArray[]): Part[] {
  const groups = new Map<string, Map<Slot, ForeignArray>>();
  for (const array of arrays) {
    const { stem, slot } = split(array.name);
    const group = groups.get(stem) ?? new Map<Slot, ForeignArray>();
    if (slot && !group.has(slot)) group.set(slot, array);
    groups.set(stem, group);
  }
  return [...groups].flatMap(([stem, group]) => partsOfGroup(stem || 'layer', group));
}

function partsOfGroup(name: string, group: ReadonlyMap<Slot, ForeignArray>): Part[] {
  const take = (slot: Slot): ForeignArray | null => group.get(slot) ?? null;
  const weight = take('weight');
  const linear = weight && weight.shape.length > 1;
  const parts: Part[] = linear ? [{ type: 'linear', name, weight, bias: take('bias') }] : [];
  const scale = take('scale') ?? (linear ? null : weight);
  const shift = take('shift') ?? (linear ? null : take('bias'));
  const norm = normPart(linear ? `${name}.norm` : name, [
    scale,
    shift,
    take('mean'),
    take('variance'),
  ]);
  return norm ? [...parts, norm] : parts;
}

function normPart(name: string, arrays: readonly (ForeignArray | null)[]): NormPart | null {
  const [scale = null, shift = null, mean = null, variance = null] = arrays;
  const first = [scale, shift, mean, variance].find((array) => array !== null);
  if (!first || first.shape.length !== 1) return null;
  return { type: 'norm', name, channels: first.data.length, scale, shift, mean, variance };
}

function byPlace(arrays: readonly ForeignArray[]): Part[] {
  const parts: Part[] = [];
  let vectors: ForeignArray[] = [];
  let owner: LinearPart | null = null;
  let count = 0;
  const close = (): void => {
    if (owner && vectors.length % 2 === 1) owner.bias = vectors.shift() ?? null;
    const norm = normPart(owner ? `${owner.name}.norm` : 'norm', vectors);
    if (norm) parts.push(norm);
    vectors = [];
  };
  for (const array of arrays) {
    if (array.shape.length === 1) {
      vectors.push(array);
      continue;
    }
    close();
    count += 1;
    owner = { type: 'linear', name: placeName(array.name, count), weight: array, bias: null };
    parts.push(owner);
  }
  close();
  return parts;
}

/** Names that are bare numbers make poor labels. */
function placeName(name: string, count: number): string {
  return /[a-z]{3}/i.test(name) && !/^arr_\d+$/.test(name)
    ? name.replace(/[./]?weights?$/, '')
    : `layer${count}`;
}

/**
 * Where the kernels have height and width. Only bare arrays leave it open: kernels are small and channels
 * many, so the axes that stay small in every layer are the kernel's.
 */
export function kernelLayoutOf(parts: readonly Part[], framework: Framework): KernelLayout {
  if (framework !== 'unknown') return framework === 'keras' ? 'spatial-first' : 'spatial-last';
  const kernels = parts.flatMap((part) =>
    part.type === 'linear' && part.weight.shape.length === 4 ? [part.weight.shape] : [],
  );
  const size = (axes: readonly [number, number]): number =>
    Math.max(1, ...kernels.map((shape) => Math.max(shape[axes[0]] ?? 1, shape[axes[1]] ?? 1)));
  return size([0, 1]) < size([2, 3]) ? 'spatial-first' : 'spatial-last';
}
