/**
 * A walk as a file: the keyframes number by number, so that it can be read without this page, and the
 * settings that make it the same film again. The same JSON lies inside exported PNGs and videos.
 */
import * as v from 'valibot';
import type { Easing } from '../core/interpolate';
import type { PathMode } from '../core/path';
import { AppError } from '../lib/errors';

const MAX_FILE_CHARACTERS = 32 * 2 ** 20;
const MAX_KEYFRAMES = 64;
const MODES = ['lerp', 'slerp'] as const satisfies readonly PathMode[];
const EASINGS = [
  'linear',
  'ease-in',
  'ease-out',
  'ease-in-out',
] as const satisfies readonly Easing[];

const finite = v.pipe(v.number(), v.finite());
const count = (low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));
const label = v.pipe(v.string(), v.maxLength(200));

/** Filters that were off or scaled: {layer: {filter: scale}}. */
const units = v.record(
  v.pipe(v.string(), v.maxLength(200)),
  v.record(v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'expected a filter index')), finite),
);

const keyframe = v.object({
  z: v.pipe(v.array(finite), v.minLength(1), v.maxLength(65_536)),
  label: v.optional(label, ''),
  /** As a link writes it (s7.3), where the latent is a sample of a seed. For people; z is what counts. */
  ref: v.exactOptional(v.pipe(v.string(), v.maxLength(60))),
});

const walkFile = v.object({
  v: v.literal(1),
  kind: v.literal('latentarium-walk'),
  model: v.object({
    id: label,
    title: label,
    /** sha256 of the generator file: the numbers mean these pictures with these weights only. */
    modelHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')),
  }),
  units: v.exactOptional(units),
  keyframes: v.pipe(v.array(keyframe), v.minLength(1), v.maxLength(MAX_KEYFRAMES)),
  settings: v.object({
    interpolation: v.picklist(MODES),
    closed: v.boolean(),
    easing: v.picklist(EASINGS),
    framesPerSegment: count(1, 1000),
    framesPerSecond: v.pipe(finite, v.minValue(1), v.maxValue(240)),
    /** Frame that was on the screen. */
    position: v.optional(count(0, 1_000_000), 0),
    /** Present where the film is an endless random walk; the keyframes are then those that wait beside it. */
    endlessSeed: v.exactOptional(count(0, 2 ** 32 - 1)),
  }),
});

export type WalkFile = v.InferOutput<typeof walkFile>;
export type WalkKeyframe = WalkFile['keyframes'][number];

/** A 32-bit float as the shortest decimals that read back as the same float. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

export function keyframeToJson(z: Float32Array, label: string, ref?: string): WalkKeyframe {
  return { z: Array.from(z, shortest), label, ...(ref !== undefined && { ref }) };
}

/** The file's text. One keyframe a line: people open such files. */
export function formatWalk(walk: Omit<WalkFile, 'v' | 'kind'>): string {
  const { model, keyframes, settings, units } = walk;
  const rows = keyframes.map((key) => `    ${JSON.stringify(key)}`).join(',\n');
  return `{
  "v": 1,
  "kind": "latentarium-walk",
  "model": ${JSON.stringify(model)},
  "settings": ${JSON.stringify(settings)},${units ? `\n  "units": ${JSON.stringify(units)},` : ''}
  "keyframes": [
${rows}
  ]
}
`;
}

/** Reads what `formatWalk` wrote. Throws AppError 'walk-file' that names what is wrong. */
export function parseWalk(text: string, fileName: string): WalkFile {
  if (text.length > MAX_FILE_CHARACTERS) throw badFile(fileName, 'it is larger than 32 MB');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw badFile(fileName, error instanceof Error ? error.message : 'it is not JSON');
  }
  const result = v.safeParse(walkFile, data, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw badFile(fileName, `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`);
  }
  const { keyframes } = result.output;
  const size = keyframes[0]?.z.length;
  const odd = keyframes.findIndex(({ z }) => z.length !== size);
  if (odd >= 0) {
    const length = keyframes[odd]?.z.length ?? 0;
    throw badFile(fileName, `keyframe ${odd + 1} has ${length} numbers, the first has ${size}`);
  }
  return result.output;
}

function badFile(fileName: string, reason: string): AppError {
  return new AppError({
    code: 'walk-file',
    message: `${fileName} is no walk that this page can read: ${reason}.`,
    hint: 'Your present walk is unchanged. Choose a .json that “Keyframes” wrote, or a PNG of a strip or frame.',
  });
}
