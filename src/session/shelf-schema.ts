/** What a shelf item may look like. Items come from files that anyone may have written. */
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import type { ShelfItem } from './shelf';

/** A 256×256 PNG has about 150 kB; base64 adds a third. */
const MAX_THUMBNAIL_CHARACTERS = 400_000;
const MAX_IMPORT_CHARACTERS = 256 * 2 ** 20;
const MAX_IMPORT_ITEMS = 10_000;
const MAX_LATENT_SIZE = 65_536;
export const MAX_LABEL_CHARACTERS = 200;

const finite = v.pipe(v.number(), v.finite());
const latent = v.pipe(v.array(finite), v.minLength(1), v.maxLength(MAX_LATENT_SIZE));
// Only pictures, and only inside the data URL: an imported file must not make the page fetch anything.
const thumbnail = v.pipe(
  v.string(),
  v.maxLength(MAX_THUMBNAIL_CHARACTERS),
  v.regex(
    /^data:image\/(png|webp|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/,
    'expected a PNG, WebP or JPEG as data URL',
  ),
);
const label = v.pipe(v.string(), v.maxLength(MAX_LABEL_CHARACTERS));
const tag = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(50));
const tags = v.pipe(v.array(tag), v.maxLength(50));
const modelHash = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits'),
);

const base = {
  v: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected a plain id')),
  label,
  tags,
  modelHash,
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
};

const units = v.record(
  v.pipe(v.string(), v.maxLength(MAX_LABEL_CHARACTERS)),
  v.record(v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'expected a filter index')), finite),
);

const term = v.object({
  sign: v.picklist([1, -1]),
  name: label,
  z: v.pipe(v.array(latent), v.minLength(1), v.maxLength(100)),
});

const shelfItem: v.GenericSchema<unknown, ShelfItem> = v.variant('kind', [
  v.object({
    ...base,
    kind: v.literal('latent'),
    data: v.object({ z: latent, thumbnail }),
  }),
  v.object({
    ...base,
    kind: v.literal('direction'),
    data: v.object({ z: latent, thumbnail: v.exactOptional(thumbnail) }),
  }),
  v.object({ ...base, kind: v.literal('mask'), data: v.object({ units }) }),
  v.object({
    ...base,
    kind: v.literal('equation'),
    data: v.object({ terms: v.pipe(v.array(term), v.minLength(1), v.maxLength(100)) }),
  }),
]);

/** The item, or in words what is wrong with it. */
export function readShelfItem(data: unknown): ShelfItem | string {
  const result = v.safeParse(shelfItem, data, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  return `${v.getDotPath(issue) ?? 'item'}: ${issue.message}`;
}

/** Every z in an item, whatever its kind. */
export function latentsOf(item: ShelfItem): readonly number[][] {
  if (item.kind === 'mask') return [];
  if (item.kind === 'equation') return item.data.terms.flatMap(({ z }) => z);
  return [item.data.z];
}

export interface ShelfFile {
  items: ShelfItem[];
  /** What was wrong with each item that cannot be used. */
  faults: string[];
}

/**
 * Reads `{v: 1, items}`. Items that are wrong are left out and counted. Throws AppError `shelf-too-large`,
 * `shelf-json`, `shelf-format`, or `shelf-nothing-readable` where there are items and all are wrong.
 */
export function readShelfFile(text: string): ShelfFile {
  if (text.length > MAX_IMPORT_CHARACTERS) {
    throw fault('shelf-too-large', 'The file is larger than 256 MB, which no shelf is.');
  }
  const entries = readEntries(text);
  const items: ShelfItem[] = [];
  const faults: string[] = [];
  for (const entry of entries) {
    const item = readShelfItem(entry);
    if (typeof item === 'string') faults.push(item);
    else items.push(item);
  }
  if (items.length === 0 && faults[0] !== undefined) {
    throw fault(
      'shelf-nothing-readable',
      `None of the file's ${String(faults.length)} items can be read; the first is wrong at ${faults[0]}.`,
    );
  }
  return { items, faults };
}

function readEntries(text: string): unknown[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw fault('shelf-json', `The file is not JSON: ${detail}.`);
  }
  const result = v.safeParse(
    v.object({
      v: v.literal(1),
      items: v.pipe(v.array(v.unknown()), v.maxLength(MAX_IMPORT_ITEMS)),
    }),
    data,
  );
  if (result.success) return result.output.items;
  const [issue] = result.issues;
  throw fault(
    'shelf-format',
    `The file is not a shelf of this page (version 1): ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}.`,
  );
}

function fault(code: string, message: string): AppError {
  return new AppError({
    code,
    message,
    hint: 'The shelf is as it was. Choose a JSON file that was exported from the shelf here.',
  });
}
