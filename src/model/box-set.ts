import * as v from 'valibot';
import type { Box } from '../core/boxes';
import { parseJson, validate } from './schema';

/** Boxes drawn by hand on samples of a seed (prior and truncation as the model's own; contracts.md). */
export interface BoxSet {
  v: 1;
  /** sha256 of the generator that drew the samples. */
  modelHash: string;
  seed: number;
  /** What the boxes hold, for people: 'windows', 'glasses'. */
  concept?: string;
  /** The filters of each layer, by its id, that the set's maker measured to be best dropped. */
  point?: Record<string, number[]>;
  boxes: Box[];
}

/** Most samples that boxes are drawn on; the paper looked at 150. */
export const BOX_SAMPLES = 150;
const MAX_BOXES = 5000;

const pixel = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4096));
const box: v.GenericSchema<unknown, Box> = v.pipe(
  v.object({
    sample: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(BOX_SAMPLES - 1)),
    x0: pixel,
    y0: pixel,
    x1: pixel,
    y1: pixel,
  }),
  v.check(({ x0, y0, x1, y1 }) => x1 > x0 && y1 > y0, 'x1 and y1 must lie beyond x0 and y0'),
);

const boxSet: v.GenericSchema<unknown, BoxSet> = v.object({
  v: v.literal(1),
  modelHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  concept: v.exactOptional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(60))),
  point: v.exactOptional(
    v.record(
      v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
      v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
    ),
  ),
  boxes: v.pipe(v.array(box), v.maxLength(MAX_BOXES)),
});

/**
 * Reads a box set. Whether `modelHash` is the open generator's is for the caller to compare. Throws
 * AppError `boxes-json` or `boxes-invalid`, with the first field that is wrong.
 */
export function parseBoxSet(json: string, what = 'The box set'): BoxSet {
  const hint = 'The boxes on the screen stay as they were. Choose a file that was saved here.';
  const data = parseJson(json, 'boxes-json', what, hint);
  return validate(boxSet, data, { code: 'boxes-invalid', what, hint });
}

/** The file's text, one box a line. */
export function formatBoxSet({ modelHash, seed, concept, point, boxes }: BoxSet): string {
  const rows = boxes.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
  const name = concept === undefined ? '' : ` "concept": ${JSON.stringify(concept)},\n`;
  const best = point === undefined ? '' : ` "point": ${JSON.stringify(point)},\n`;
  return `{\n "v": 1,\n "modelHash": "${modelHash}",\n "seed": ${seed},\n${name}${best} "boxes": [\n${rows}\n ]\n}\n`;
}
