import * as v from 'valibot';
import { AppError } from '../lib/errors';
import type { ModelSpec } from './spec';

/** A spec is a few kilobytes; more than this is another thing under its name. */
const MAX_SPEC_CHARACTERS = 1 << 20;

const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const pixels = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));
const pair = (max: number) => v.tuple([count(max), count(max)]);
const finite = v.pipe(v.number(), v.finite());
// Ids are keys of plain objects (unit masks, tensors): '__proto__' must never become one.
const id = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(200),
  v.check((name) => name !== '__proto__', "an id must not be '__proto__'"),
);

const range = v.pipe(
  v.tuple([finite, finite]),
  v.check(([low, high]) => low < high, 'the range must be [low, high] with low < high'),
);

/** Schema of an ImageSpec. */
export const image = v.strictObject({
  height: count(4096),
  width: count(4096),
  channels: v.picklist([1, 3, 4]),
  range,
});

/** Schema of a LatentSpec. */
export const latent = v.strictObject({
  size: count(65536),
  prior: v.picklist(['normal', 'uniform', 'sphere']),
});

const norm = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({
    kind: v.literal('batch'),
    id,
    eps: v.pipe(finite, v.minValue(0), v.maxValue(1)),
    statistics: v.picklist(['file', 'batch', 'frozen']),
  }),
]);

const activation = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('relu') }),
  v.strictObject({
    kind: v.literal('leakyRelu'),
    slope: v.pipe(finite, v.minValue(0), v.maxValue(1)),
  }),
  v.strictObject({ kind: v.literal('elu') }),
  v.strictObject({ kind: v.literal('tanh') }),
  v.strictObject({ kind: v.literal('sigmoid') }),
]);

const base = {
  id,
  norm,
  order: v.picklist(['norm-activation', 'activation-norm']),
  activation,
};

const padding = v.strictObject({
  top: pixels(64),
  right: pixels(64),
  bottom: pixels(64),
  left: pixels(64),
});

const kernelled = { filters: count(65536), kernel: pair(64), stride: pair(64), padding };
const memoryOrder = v.picklist(['nchw', 'nhwc']);

const layer = v.variant('kind', [
  v.strictObject({
    ...base,
    kind: v.literal('dense'),
    filters: count(1 << 20),
    bias: v.boolean(),
  }),
  v.strictObject({ ...base, ...kernelled, kind: v.literal('conv'), bias: v.boolean() }),
  v.strictObject({
    ...base,
    ...kernelled,
    kind: v.literal('convTranspose'),
    outputPadding: v.strictObject({ bottom: pixels(64), right: pixels(64) }),
    bias: v.boolean(),
  }),
  v.strictObject({
    ...base,
    kind: v.literal('upsample'),
    factor: pair(64),
    mode: v.picklist(['nearest', 'bilinear']),
  }),
  v.strictObject({
    ...base,
    kind: v.literal('reshape'),
    height: count(4096),
    width: count(4096),
    channels: count(65536),
    memoryOrder,
  }),
  v.strictObject({ ...base, kind: v.literal('flatten'), memoryOrder }),
]);

const layers = v.pipe(v.array(layer), v.nonEmpty(), v.maxLength(256));

const judgeOutput = v.variant('kind', [
  v.strictObject({
    name: v.picklist(['woman', 'smile', 'glasses', 'beard', 'window']),
    kind: v.literal('probability'),
  }),
  v.strictObject({ name: v.literal('yawDegrees'), kind: v.literal('degrees'), scale: finite }),
]);

const modelSpec: v.GenericSchema<unknown, ModelSpec> = v.variant('role', [
  v.strictObject({
    v: v.literal(1),
    role: v.literal('generator'),
    latent,
    output: image,
    layers,
  }),
  v.strictObject({ v: v.literal(1), role: v.literal('discriminator'), input: image, layers }),
  v.strictObject({
    v: v.literal(1),
    role: v.literal('judge'),
    input: image,
    outputs: v.pipe(
      v.array(judgeOutput),
      v.nonEmpty(),
      v.check(
        (list) => new Set(list.map((output) => output.name)).size === list.length,
        'each output may be listed once',
      ),
    ),
    layers,
  }),
]);

/**
 * Reads the JSON text of a ModelSpec (safetensors' `__metadata__.spec`). Strict: unknown fields are
 * refused, since ignoring one could run another network than the file means. Shapes are not checked
 * here: see `inferShapes`.
 *
 * Throws AppError `spec-json`, or `spec-invalid` with the path of the first field that is wrong.
 */
export function parseModelSpec(json: string): ModelSpec {
  const hint =
    'Without a right description the network cannot be built. Export the file again, or choose another one.';
  if (json.length > MAX_SPEC_CHARACTERS) {
    throw new AppError({
      code: 'spec-invalid',
      message: `The network's description is ${json.length} characters long; at most ${MAX_SPEC_CHARACTERS} are read.`,
      hint,
    });
  }
  const data = parseJson(json, 'spec-json', "The network's description", hint);
  return validate(modelSpec, data, {
    code: 'spec-invalid',
    what: "The network's description",
    hint,
  });
}

/** JSON.parse with a readable AppError of the given code. */
export function parseJson(json: string, code: string, what: string, hint: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new AppError({ code, message: `${what} is not JSON: ${detail}`, hint }, { cause });
  }
}

/** Validates data by a schema; the AppError names the first wrong field by its path. */
export function validate<T>(
  schema: v.GenericSchema<unknown, T>,
  data: unknown,
  error: { code: string; what: string; hint: string },
): T {
  const result = v.safeParse(schema, data, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'the whole';
  throw new AppError({
    code: error.code,
    message: `${error.what} is wrong at ${path}: ${issue.message}`,
    hint: error.hint,
  });
}
