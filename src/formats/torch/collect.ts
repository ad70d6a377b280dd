import { damaged, tooLarge, unsupported } from '../../lib/bytes/cursor';
import { countOf, MAX_NUMBERS } from '../bytes/numbers';
import { itemsOf, PyDict, PyObject } from '../pickle/values';
import type { PyValue } from '../pickle/values';
import type { ForeignArray, ForeignNetwork, Framework } from '../../model/foreign';
import { moduleTopology } from './modules';
import { entriesOf, moduleEntries } from './state';

/** A leaf that holds numbers, to be read when its network is complete. */
export interface Leaf {
  shape: readonly number[];
  read: (name: string) => ForeignArray;
}

/** Tells a leaf (tensor, NumPy array) from containers. */
export type AsLeaf = (value: PyValue) => Leaf | null;

interface Group {
  path: string[];
  leaves: Map<string, Leaf>;
  module: PyObject | null;
}

const MAX_DEPTH = 40;
const MAX_VISITS = 1_000_000;
/** Optimizer states look like weights, and are none. */
const NOT_WEIGHTS = /optim|^(state|param_groups|scheduler|scaler|exp_avg|momentum|grads?)$/i;

/**
 * Finds the networks in what was unpickled: state dicts at any depth, whole modules (walked by their
 * state), lists of arrays. Numbers are read here.
 *
 * Throws AppError `no-arrays` where there is none, `too-large`, `damaged`.
 */
export function collectNetworks(
  root: PyValue,
  asLeaf: AsLeaf,
  framework: Framework,
): ForeignNetwork[] {
  const walk: Walk = { asLeaf, groups: [], seen: new Set(), visits: 0, notes: [] };
  visit(walk, root, []);
  const groups = mergeTiny(walk.groups);
  if (groups.length === 0) throw noArrays(root);
  let total = 0;
  for (const { leaves } of groups) {
    for (const [name, leaf] of leaves) total += countOf(leaf.shape, name);
  }
  if (total > MAX_NUMBERS) throw tooLarge(`The file's arrays have ${total} numbers in all.`);
  return groups.map((group) => {
    const topology = group.module ? moduleTopology(group.module) : null;
    return {
      label: group.path.join('.'),
      framework,
      arrays: [...group.leaves].map(([name, leaf]) => leaf.read(name)),
      notes: walk.notes,
      ...(topology ? { topology } : {}),
    };
  });
}

interface Walk {
  asLeaf: AsLeaf;
  groups: Group[];
  seen: Set<PyValue>;
  visits: number;
  notes: string[];
}

function visit(walk: Walk, value: PyValue, path: string[]): void {
  count(walk, path);
  const leaf = walk.asLeaf(value);
  if (leaf) {
    walk.groups.push({ path, leaves: new Map([['weight', leaf]]), module: null });
    return;
  }
  if (!isContainer(value) || walk.seen.has(value)) return;
  walk.seen.add(value);
  if (value instanceof PyObject) {
    visitObject(walk, value, path);
    return;
  }
  visitEntries(walk, entriesOf(value), path);
}

function visitEntries(walk: Walk, entries: [string, PyValue][], path: string[]): void {
  const leaves = new Map<string, Leaf>();
  for (const [key, item] of entries) {
    const leaf = walk.asLeaf(item);
    if (leaf) leaves.set(key, leaf);
    else if (path.length < 2) noteScalar(walk, key, item);
  }
  if (leaves.size > 0) walk.groups.push({ path, leaves, module: null });
  for (const [key, item] of entries) {
    if (!NOT_WEIGHTS.test(key) && !walk.asLeaf(item)) visit(walk, item, [...path, key]);
  }
}

/** A module's tensors under the names that its state_dict() would give; other objects by their state. */
function visitObject(walk: Walk, object: PyObject, path: string[]): void {
  const leaves = new Map<string, Leaf>();
  moduleLeaves(walk, object, '', leaves, 0);
  if (leaves.size > 0) {
    walk.groups.push({ path, leaves, module: object });
    return;
  }
  visitEntries(walk, [...entriesOf(object.state), ...entriesOf(object.dict)], path);
  visitEntries(
    walk,
    object.items.map((item, index) => [String(index), item]),
    path,
  );
}

function moduleLeaves(
  walk: Walk,
  object: PyObject,
  prefix: string,
  leaves: Map<string, Leaf>,
  depth: number,
): void {
  count(walk, new Array<string>(depth).fill('module'));
  const inner: [string, PyObject][] = [];
  for (const [key, value] of moduleEntries(object)) {
    const leaf = walk.asLeaf(value);
    if (leaf) leaves.set(prefix + key, leaf);
    else if (value instanceof PyObject && !walk.seen.has(value)) inner.push([key, value]);
  }
  for (const [key, value] of inner) {
    walk.seen.add(value);
    moduleLeaves(walk, value, `${prefix}${key}.`, leaves, depth + 1);
  }
}

function isContainer(value: PyValue): boolean {
  return value instanceof PyDict || value instanceof PyObject || itemsOf(value) !== null;
}

function count(walk: Walk, path: readonly string[]): void {
  walk.visits += 1;
  if (walk.visits > MAX_VISITS) throw tooLarge('The file has over a million nested things.');
  if (path.length > MAX_DEPTH) {
    throw damaged(`The file nests its contents more than ${MAX_DEPTH} levels deep.`);
  }
}

function noteScalar(walk: Walk, key: string, value: PyValue): void {
  const plain = typeof value === 'number' || typeof value === 'string';
  if (!plain || !/epoch|step|iter|version|arch|model|dataset/i.test(key)) return;
  if (walk.notes.length < 8) walk.notes.push(`${key}: ${String(value).slice(0, 60)}`);
}

/** {'conv1': {'weight': …}, 'conv2': …} is one network written as nested dicts. */
function mergeTiny(groups: Group[]): Group[] {
  const tiny = groups.filter(
    ({ leaves, path }) =>
      path.length > 0 && leaves.size <= 6 && ![...leaves.keys()].some((key) => key.includes('.')),
  );
  if (tiny.length < 3 || tiny.length !== groups.length) return groups;
  const leaves = new Map<string, Leaf>();
  for (const group of tiny) {
    for (const [key, leaf] of group.leaves) leaves.set([...group.path, key].join('.'), leaf);
  }
  return [{ path: [], leaves, module: null }];
}

function noArrays(root: PyValue): Error {
  const what = root instanceof PyObject ? ` It is an object of class ${root.type.path}.` : '';
  return unsupported(
    `No tensors were found in the file.${what}`,
    'Save the weights themselves: torch.save(generator.state_dict(), path).',
  );
}
