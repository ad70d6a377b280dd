import * as v from 'valibot';
import { file, slug, text, type ModelFile } from './manifest';
import { parseJson, validate } from './schema';

/** A bundled set of pictures in public/datasets/index.json. */
export interface BundledSet {
  id: string;
  title: string;
  /** Pictures in all files. */
  count: number;
  /** Height and width of a picture in pixels. */
  size: number;
  channels: 1 | 3;
  /** Sheets of tiles, each full; paths are relative to the folder of index.json. */
  files: ModelFile[];
  /** Side of a tile in pixels. */
  tile: number;
  licence: string;
  /** What the pictures are and where they come from. */
  about: string;
}

export interface DatasetIndex {
  v: 1;
  sets: BundledSet[];
}

const whole = (low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));

const index: v.GenericSchema<unknown, DatasetIndex> = v.strictObject({
  v: v.literal(1),
  sets: v.pipe(
    v.array(
      v.strictObject({
        id: slug,
        title: text,
        count: whole(4, 50_000),
        size: whole(8, 256),
        channels: v.picklist([1, 3]),
        files: v.pipe(v.array(file), v.nonEmpty()),
        tile: whole(8, 256),
        licence: text,
        about: text,
      }),
    ),
    v.check(
      (sets) => new Set(sets.map((set) => set.id)).size === sets.length,
      'two sets have the same id',
    ),
  ),
});

/**
 * Reads public/datasets/index.json. Throws AppError `datasets-json`, or `datasets-invalid` with the path of
 * the first field that is wrong.
 */
export function parseDatasetIndex(json: string): DatasetIndex {
  const what = 'The list of bundled pictures (datasets/index.json)';
  const hint =
    'The bundled sets cannot be listed; digits and pictures of your own can still be trained on. Reload the page; if it stays so, its files are incomplete.';
  const data = parseJson(json, 'datasets-json', what, hint);
  return validate(index, data, { code: 'datasets-invalid', what, hint });
}
