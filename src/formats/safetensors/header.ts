import { AppError } from '../../lib/errors';

/** 'F32' and so on → bytes a number. What else the format knows (8-bit floats, complex) no DCGAN uses. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type Dtype = keyof typeof DTYPE_BYTES;

/** Where a tensor lies; `begin` and `end` count from the end of the header. */
export interface TensorEntry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

export interface Header {
  tensors: TensorEntry[];
  metadata: Map<string, string>;
}

const MAX_DEPTH = 8;
const MAX_TENSORS = 100_000;

const DAMAGED =
  'The file is damaged or was not written by a safetensors library. Download or export it again.';

/** An AppError of code `safetensors-…`. */
export function problem(code: string, message: string, hint = DAMAGED): AppError {
  return new AppError({ code: `safetensors-${code}`, message, hint });
}

/**
 * Reads the header's JSON text: names, number types, shapes and byte ranges, each checked in itself (not
 * against each other or the file). Throws AppErrors `safetensors-…`.
 */
export function parseHeader(text: string): Header {
  scanHeader(text);
  const json = parseObject(text);
  const metadata = parseMetadata(json['__metadata__']);
  const names = Object.keys(json).filter((name) => name !== '__metadata__');
  if (names.length > MAX_TENSORS) {
    throw problem(
      'tensor-count',
      `The file lists ${names.length} tensors; ${MAX_TENSORS} are read.`,
    );
  }
  return { tensors: names.map((name) => parseEntry(name, json[name])), metadata };
}

/**
 * JSON.parse neither limits nesting nor tells of a name that stands twice (the last one wins in silence),
 * so both are looked for before it.
 */
function scanHeader(text: string): void {
  const keys: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{' || character === '[') keys.push(new Set());
    else if (character === '}' || character === ']') keys.pop();
    else if (character === '"') {
      const end = literalEnd(text, i);
      if (text[skipSpace(text, end)] === ':') noteKey(text.slice(i, end), keys.at(-1));
      i = end - 1;
    }
    if (keys.length > MAX_DEPTH) {
      throw problem(
        'header-depth',
        `The file's header is nested more than ${MAX_DEPTH} levels deep.`,
      );
    }
  }
}

/** The place after the closing quote of the string that opens at `start`; the text's end without one. */
function literalEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let i = start;
  while (text[i] === ' ' || text[i] === '\t' || text[i] === '\n' || text[i] === '\r') i += 1;
  return i;
}

function noteKey(literal: string, keys: Set<string> | undefined): void {
  let key = literal;
  try {
    key = JSON.parse(literal) as string;
  } catch {
    // A bad escape: JSON.parse of the whole header is about to say so.
  }
  if (keys?.has(key)) {
    throw problem('duplicate-name', `The name '${clip(key)}' stands twice in the file's header.`);
  }
  keys?.add(key);
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw problem('header-json', `The file's header is not JSON: ${clip(detail, 200)}`);
  }
  if (!isObject(json)) throw problem('header-json', "The file's header is not a JSON object.");
  return json;
}

function parseMetadata(value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isObject(value)) throw problem('metadata', "The file's __metadata__ is not an object.");
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text === 'string') return [key, text];
    throw problem('metadata', `The file's __metadata__ has '${clip(key)}', which is not a text.`);
  });
  return new Map(entries);
}

function parseEntry(name: string, value: unknown): TensorEntry {
  if (!isObject(value)) {
    throw problem('entry', `The header's entry of tensor '${clip(name)}' is not an object.`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  const [begin, end, ...more] = isCounts(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || more.length > 0 || begin > end) {
    throw problem(
      'offsets',
      `Tensor '${clip(name)}' has the byte range ${describe(offsets)}; expected: [begin, end].`,
    );
  }
  if (!isCounts(shape) || shape.length > 16) {
    throw problem(
      'shape',
      `Tensor '${clip(name)}' has the shape ${describe(shape)}; expected: up to 16 whole numbers.`,
    );
  }
  return { name, dtype: parseDtype(name, dtype), shape, begin, end };
}

function parseDtype(name: string, dtype: unknown): Dtype {
  if (typeof dtype === 'string' && Object.hasOwn(DTYPE_BYTES, dtype)) return dtype as Dtype;
  throw problem(
    'dtype',
    `Tensor '${clip(name)}' has the number type ${describe(dtype)}; read are ${Object.keys(DTYPE_BYTES).join(', ')}.`,
    'Convert the weights to 32- or 16-bit floats and save them again.',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of whole numbers, each ≥ 0 and exact in a double. */
function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}

function describe(value: unknown): string {
  return value === undefined ? 'missing' : clip(JSON.stringify(value), 60);
}

/** Names come from the file: keep an absurd one from filling the screen. */
export function clip(text: string, length = 80): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
