import { damaged, tooLarge, truncated, unsupported, utf8Text } from '../../lib/bytes/cursor';
import { bytesPerNumber, countOf, MAX_NUMBERS, readNumbers } from '../bytes/numbers';
import type { NumberType } from '../bytes/numbers';
import { kerasTopology } from '../keras/config';
import type { ForeignArray, ForeignNetwork } from '../../model/foreign';

/** Finds a shard beside model.json; throws where it is missing. */
export type FindShard = (path: string) => Uint8Array;

interface Quantization {
  dtype: string;
  min: number;
  scale: number;
}

interface WeightEntry {
  name: string;
  shape: number[];
  dtype: string;
  quantization: Quantization | null;
}

const TYPES: Record<string, NumberType> = {
  float32: 'f32',
  float16: 'f16',
  int32: 'i32',
  uint8: 'u8',
  uint16: 'u16',
  bool: 'bool',
};

type Json = Record<string, unknown>;

/** True for JSON that lists TF.js weights: model.json, or weights_manifest.json of old converters. */
export function isTfjsModel(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return false;
  const text = new TextDecoder('latin1').decode(bytes);
  return text.includes('"weightsManifest"') || /^\s*\[\s*\{\s*"(paths|weights)"/.test(text);
}

/**
 * Reads a TF.js model: layers models with their topology, graph models by their weights alone. Numbers
 * quantised to 8 or 16 bits (value × scale + min) or to halves are read as they would run.
 * Source: tfjs-core's io/io_utils.ts, `decodeWeights`.
 *
 * Throws AppError `damaged`, `truncated`, `unsupported`, `too-large`, and what `find` throws.
 */
export function readTfjs(bytes: Uint8Array, label: string, find: FindShard): ForeignNetwork {
  const json = parse(bytes);
  const manifest = Array.isArray(json) ? json : asObject(json)?.['weightsManifest'];
  if (!Array.isArray(manifest))
    throw damaged('The TF.js model lists no weights (weightsManifest).');
  const arrays = manifest.flatMap((group, index) => readGroup(group, index, find));
  if (arrays.length === 0) throw damaged("The TF.js model's weightsManifest is empty.");
  const topology = asObject(asObject(json)?.['modelTopology']);
  // A graph model's topology is TensorFlow's graph; only a layers model's is a list of layers.
  const layers = topology && !('node' in topology) ? kerasTopology(topology) : null;
  const notes = Array.isArray(json) ? [] : noteOf(json);
  return { label, framework: 'keras', arrays, notes, ...(layers ? { topology: layers } : {}) };
}

function noteOf(json: unknown): string[] {
  const { format, generatedBy } = asObject(json) ?? {};
  return [format, generatedBy].filter((note): note is string => typeof note === 'string');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Text(bytes, 'model.json')) as unknown;
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw damaged(`model.json is not JSON: ${cause.message}`, cause);
    throw cause;
  }
}

function readGroup(value: unknown, index: number, find: FindShard): ForeignArray[] {
  const group = asObject(value);
  const paths = group?.['paths'];
  const weights = group?.['weights'];
  if (!Array.isArray(paths) || !Array.isArray(weights)) {
    throw damaged(`Group ${index} of the TF.js weightsManifest has no paths or no weights.`);
  }
  const shards = paths.map((path) => {
    if (typeof path !== 'string')
      throw damaged(`Group ${index} of the weightsManifest has a path that is no text.`);
    return find(path);
  });
  const bytes = concatenate(shards);
  let offset = 0;
  let total = 0;
  return weights.map((weight) => {
    const entry = readEntry(weight);
    total += countOf(entry.shape, entry.name);
    if (total > MAX_NUMBERS)
      throw tooLarge(`The TF.js model has more than ${MAX_NUMBERS} numbers.`);
    const { array, used } = decode(entry, bytes, offset);
    offset += used;
    return array;
  });
}

function readEntry(value: unknown): WeightEntry {
  const entry = asObject(value) ?? {};
  const { name, shape, dtype } = entry;
  const numbers = Array.isArray(shape) && shape.every((n) => typeof n === 'number') ? shape : null;
  if (typeof name !== 'string' || typeof dtype !== 'string' || !numbers) {
    throw damaged('An entry of the TF.js weightsManifest has no name, shape or dtype.');
  }
  const quantization = asObject(entry['quantization']);
  if (!quantization) return { name, shape: numbers, dtype, quantization: null };
  const { dtype: stored, min = 0, scale = 1 } = quantization;
  if (typeof stored !== 'string' || !Number.isFinite(min) || !Number.isFinite(scale)) {
    throw damaged(`'${name}' of the TF.js model has a quantization without dtype, min and scale.`);
  }
  const checked = { dtype: stored, min: min as number, scale: scale as number };
  return { name, shape: numbers, dtype, quantization: checked };
}

function decode(
  { name, shape, dtype, quantization }: WeightEntry,
  bytes: Uint8Array,
  offset: number,
): { array: ForeignArray; used: number } {
  const stored = quantization?.dtype ?? dtype;
  const type = Object.hasOwn(TYPES, stored) ? TYPES[stored] : undefined;
  if (!type) {
    throw unsupported(
      `'${name}' of the TF.js model is of the type '${stored}', which is not read here.`,
      'Convert the model again without text or complex weights.',
    );
  }
  const used = countOf(shape, name) * bytesPerNumber(type);
  if (offset + used > bytes.length) {
    throw truncated('the shards', offset, `${used} bytes of '${name}'`, bytes.length);
  }
  const data = readNumbers(bytes.subarray(offset, offset + used), type);
  if (quantization && type !== 'f16') {
    const { scale, min } = quantization;
    for (let i = 0; i < data.length; i += 1) data[i] = (data[i] ?? 0) * scale + min;
  }
  return { array: { name, shape, data }, used };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}
