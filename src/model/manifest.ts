import * as v from 'valibot';
import type { ImageSpec, LatentSpec, Role } from './spec';
import { image, latent, parseJson, validate } from './schema';

/** A file of a bundled model or set of pictures, as the index promises it. */
export interface ModelFile {
  /** Relative to the folder of index.json. */
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** One bundled model in public/models/index.json: what is needed before anything else of it is fetched. */
export interface ManifestEntry {
  /** Slug, the model's id in links. */
  id: string;
  title: string;
  files: { generator: ModelFile } & Partial<Record<Role, ModelFile>>;
  /** Path of its card.json, relative to the folder of index.json. */
  card: string;
  /** Path of its exemplars.json; null for a model without. */
  exemplars: string | null;
  /** Path of its boxes.json (box-set.ts), for a model that boxes were drawn for. */
  boxes?: string;
  latent: LatentSpec;
  image: ImageSpec;
}

export interface Manifest {
  v: 1;
  models: ManifestEntry[];
}

/** One measured number of a card, e.g. {name: 'Fréchet distance', value: 12.3, note: '10,000 samples'}. */
export interface CardMetric {
  name: string;
  /** A text where a number alone would mislead ('97.1 ± 0.4 %'). */
  value: number | string;
  unit?: string;
  /** How it was measured, or what it is to be held against. */
  note?: string;
}

/** What a model is, for people: card.json. */
export interface Card {
  v: 1;
  /** One sentence. */
  summary: string;
  /** A paragraph. */
  about: string;
  data: { name: string; description: string; images: number; licence: string };
  /** Of the weights. */
  licence: string;
  /** What the data's licence asks to be shown; null where it asks for nothing. */
  attribution: string | null;
  recipe: string;
  /** Optimizer steps of the generator. */
  steps: number;
  hardware: string;
  /** In the order in which they are shown. */
  metrics: CardMetric[];
  weaknesses: string[];
}

/** Latents whose pictures show one thing, e.g. 'smiling-woman'. */
interface Concept {
  label: string;
  attributes: Record<string, number | string | boolean>;
  /** Each of latent.size numbers. */
  z: number[][];
}

export interface Exemplars {
  v: 1;
  /** sha256 of the generator file that the latents belong to. */
  modelHash: string;
  concepts: Record<string, Concept>;
}

export const slug = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by -'),
);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits'));
const path = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-][A-Za-z0-9._/-]*$/, 'expected a relative path of plain characters'),
  v.check((text) => !text.split('/').includes('..'), 'a path must stay inside its folder'),
);
export const file = v.strictObject({
  path,
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256,
});
const finite = v.pipe(v.number(), v.finite());
export const text = v.pipe(v.string(), v.nonEmpty());

const manifest: v.GenericSchema<unknown, Manifest> = v.strictObject({
  v: v.literal(1),
  models: v.pipe(
    v.array(
      v.strictObject({
        id: slug,
        title: text,
        files: v.strictObject({
          generator: file,
          discriminator: v.exactOptional(file),
          judge: v.exactOptional(file),
        }),
        card: path,
        exemplars: v.nullable(path),
        boxes: v.exactOptional(path),
        latent,
        image,
      }),
    ),
    v.check(
      (models) => new Set(models.map((model) => model.id)).size === models.length,
      'two models have the same id',
    ),
  ),
});

const card: v.GenericSchema<unknown, Card> = v.strictObject({
  v: v.literal(1),
  summary: text,
  about: text,
  data: v.strictObject({
    name: text,
    description: text,
    images: v.pipe(v.number(), v.integer(), v.minValue(1)),
    licence: text,
  }),
  licence: text,
  attribution: v.nullable(text),
  recipe: text,
  steps: v.pipe(v.number(), v.integer(), v.minValue(0)),
  hardware: text,
  metrics: v.array(
    v.strictObject({
      name: text,
      value: v.union([finite, text]),
      unit: v.exactOptional(text),
      note: v.exactOptional(text),
    }),
  ),
  weaknesses: v.array(text),
});

const exemplars: v.GenericSchema<unknown, Exemplars> = v.strictObject({
  v: v.literal(1),
  modelHash: sha256,
  concepts: v.record(
    slug,
    v.strictObject({
      label: text,
      attributes: v.record(v.string(), v.union([finite, v.string(), v.boolean()])),
      z: v.array(v.array(finite)),
    }),
  ),
});

/**
 * Reads public/models/index.json. Throws AppError `manifest-json`, or `manifest-invalid` with the path of
 * the first field that is wrong.
 */
export function parseManifest(json: string): Manifest {
  const what = 'The list of bundled models (index.json)';
  const hint =
    'The bundled models cannot be listed; weights of your own can still be opened. Reload the page; if it stays so, its files are incomplete.';
  const data = parseJson(json, 'manifest-json', what, hint);
  return validate(manifest, data, { code: 'manifest-invalid', what, hint });
}

/** Reads a model's card.json. Throws AppError `card-json` or `card-invalid`. */
export function parseCard(json: string): Card {
  const what = "The model's card (card.json)";
  const hint = 'The model itself works; only what is told about it is missing.';
  const data = parseJson(json, 'card-json', what, hint);
  return validate(card, data, { code: 'card-invalid', what, hint });
}

/**
 * Reads a model's exemplars.json; every z must have `latentSize` numbers. Whether `modelHash` is the
 * loaded generator's is for the caller to compare. Throws AppError `exemplars-json` or `exemplars-invalid`.
 */
export function parseExemplars(json: string, latentSize: number): Exemplars {
  const what = "The model's examples (exemplars.json)";
  const hint = 'The model itself works; its library of examples is left out.';
  const sized = v.pipe(
    exemplars,
    v.check(
      ({ concepts }) =>
        Object.values(concepts).every(({ z }) => z.every((one) => one.length === latentSize)),
      `every z must have ${latentSize} numbers`,
    ),
  );
  const data = parseJson(json, 'exemplars-json', what, hint);
  return validate(sized, data, { code: 'exemplars-invalid', what, hint });
}
