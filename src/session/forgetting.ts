/** What a mask makes the network forget, counted by the model's judge and measured in pixels. */
import {
  addChange,
  boxesBySample,
  meanChange,
  noChange,
  randomFilters,
  type Box,
} from '../core/boxes';
import { wilsonInterval, type Share } from '../core/statistics';
import type { CallOptions } from '../engine/api';
import type { UnitMask } from '../model/source';
import { currentModel } from './dissect';
import { judgeImages, type Judgement } from './judge';
import { countUnits } from './mask';
import type { Session } from './session';

/** What a judge can say of one thing, as a probability. */
export type Concept = Exclude<keyof Judgement, 'yawDegrees'>;

const CHUNK = 20;

/** The judge's probability of the concept for each latent, drawn with these units alone. */
export async function judgeConcept(
  session: Session,
  latents: readonly Float32Array[],
  units: UnitMask,
  concept: Concept,
  { signal, onProgress }: CallOptions = {},
): Promise<Float32Array> {
  const result = new Float32Array(latents.length);
  for (let start = 0; start < latents.length; start += CHUNK) {
    signal?.throwIfAborted();
    const chunk = latents.slice(start, start + CHUNK);
    const images = await session.generator.generate(chunk, { units, ...(signal && { signal }) });
    const judged = await judgeImages(session, images);
    judged.forEach((one, index) => (result[start + index] = one[concept] ?? 0));
    const fraction = Math.min(1, (start + CHUNK) / latents.length);
    onProgress?.({ fraction, label: `${Math.min(start + CHUNK, latents.length)} scenes judged` });
  }
  return result;
}

/** Who is sure of it at the start: the scenes that forgetting is counted on. */
export const SURE = 0.9;
const LIKELY = 0.5;

export interface ForgetCount {
  scenes: number;
  /** Scenes that the judge says show it (P > 0.5), with the interval of their share. */
  showing: number;
  share: Share;
  /** Of the scenes that it was sure of before (P > 0.9): those that now have P < 0.5. */
  sure: number;
  gone: number;
  goneShare: Share;
}

/** Counts what is left of a concept, scene by scene against the same scenes before. */
export function countForgotten(before: Float32Array, after: Float32Array): ForgetCount {
  const showing = after.filter((p) => p > LIKELY).length;
  const sureScenes = Array.from(before.keys()).filter((scene) => before[scene]! > SURE);
  const gone = sureScenes.filter((scene) => after[scene]! < LIKELY).length;
  return {
    scenes: after.length,
    showing,
    share: wilsonInterval(showing, after.length),
    sure: sureScenes.length,
    gone,
    goneShare: wilsonInterval(gone, sureScenes.length),
  };
}

/** What filters are chosen by, of each layer by its id: regression weights, or measured effects. */
export type Scores = Readonly<Record<string, ArrayLike<number>>>;

/** Filters of each layer, by its id. */
export type Chosen = Readonly<Record<string, readonly number[]>>;

/** Filters of a layer, the highest score first. */
export function filtersByScore(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, filter) => filter).sort((a, b) => scores[b]! - scores[a]!);
}

/** Every filter whose score is above the threshold: with regression weights and 0, the paper's. */
export function chooseAbove(scores: Scores, threshold: number): Chosen {
  return mapValues(scores, (own) => filtersByScore(own).filter((f) => own[f]! > threshold));
}

/** The highest share of each layer's filters, to the nearest whole number. */
export function chooseOfEach(scores: Scores, share: number): Chosen {
  return mapValues(scores, (own) => filtersByScore(own).slice(0, Math.round(share * own.length)));
}

/**
 * The highest share of all layers' filters together, whichever they are of: for scores in one unit. Silent
 * filters all score 0, so ties are broken by layer and number.
 */
export function chooseOfAll(scores: Scores, share: number): Chosen {
  const all = Object.entries(scores).flatMap(([layer, own]) =>
    Array.from(own, (score, filter) => ({ layer, filter, score })),
  );
  const highest = all.sort((a, b) => b.score - a.score).slice(0, Math.round(share * all.length));
  return mapValues(scores, (_, layer) =>
    highest.filter((one) => one.layer === layer).map(({ filter }) => filter),
  );
}

/** As many filters of the same layers at random; `sizes` has the number of filters of each layer. */
export function chooseAtRandom(
  like: Chosen,
  sizes: Readonly<Record<string, number>>,
  seed: number,
): Chosen {
  return mapValues(like, ({ length }, layer) => randomFilters(sizes[layer] ?? 0, length, seed));
}

/** As many filters of the same layers with the lowest scores. */
export function chooseLowest(like: Chosen, scores: Scores): Chosen {
  return mapValues(like, ({ length }, layer) =>
    filtersByScore(scores[layer] ?? [])
      .reverse()
      .slice(0, length),
  );
}

/** The mask that drops them. */
export function dropUnits(chosen: Chosen): UnitMask {
  return mapValues(chosen, (filters) =>
    Object.fromEntries([...filters].sort((a, b) => a - b).map((filter) => [filter, 0])),
  );
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

export interface CurvePoint {
  /** Filters dropped, as a share of all of the layers in question. */
  share: number;
  filters: number;
  /** Scenes left that show it, of those that the judge was sure of before. */
  left: Share;
  /** What it does to pictures with boxes; null where that was not asked for. */
  change: PixelChange | null;
}

export interface CurveOptions extends CallOptions {
  /** Pictures with boxes, for the change of pixels at each point. */
  boxed?: { latents: readonly Float32Array[]; boxes: readonly Box[] };
}

/**
 * What is left of a concept against how many filters are dropped. `latents` are scenes that the judge is
 * sure of; a scene counts as left until P < 0.5. Each share comes with its masks: one, or several draws at
 * random, over which is averaged.
 */
export async function forgettingCurve(
  session: Session,
  latents: readonly Float32Array[],
  concept: Concept,
  steps: readonly { share: number; masks: readonly UnitMask[] }[],
  { boxed, signal, onProgress }: CurveOptions = {},
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  const options = { ...(signal && { signal }) };
  for (const [index, { share, masks }] of steps.entries()) {
    let left = 0;
    for (const units of masks) {
      const p = await judgeConcept(session, latents, units, concept, options);
      left += p.filter((value) => value >= LIKELY).length;
    }
    const filters = countUnits(masks[0] ?? {});
    const change =
      boxed && masks[0]
        ? await changeAtBoxes(session, boxed.latents, boxed.boxes, masks[0], options)
        : null;
    const all = masks.length * latents.length;
    points.push({ share, filters, left: wilsonInterval(left, all), change });
    onProgress?.({ fraction: (index + 1) / steps.length, label: `${filters} filters dropped` });
  }
  return points;
}

export interface PixelChange {
  /** Mean absolute change inside and outside the boxes, in levels of 0 to 255. */
  inside: number;
  outside: number;
  pictures: number;
}

/** How much a mask changes the pictures that carry boxes, inside the boxes and outside. */
export async function changeAtBoxes(
  session: Session,
  latents: readonly Float32Array[],
  boxes: readonly Box[],
  units: UnitMask,
  { signal }: CallOptions = {},
): Promise<PixelChange> {
  const { spec } = currentModel(session);
  const { width, height, channels, range } = spec.output;
  const groups = [...boxesBySample(boxes)].flatMap(([sample, own]) => {
    const z = latents[sample];
    return z ? { z, own } : [];
  });
  const sums = noChange();
  const size = width * height * channels;
  for (let start = 0; start < groups.length; start += CHUNK) {
    const chunk = groups.slice(start, start + CHUNK);
    const z = chunk.map((one) => one.z);
    const options = { ...(signal && { signal }) };
    const before = await session.generator.generate(z, { units: {}, ...options });
    const after = await session.generator.generate(z, { units, ...options });
    chunk.forEach(({ own }, index) => {
      const part = (data: Float32Array) => data.subarray(index * size, (index + 1) * size);
      addChange(sums, part(before.data), part(after.data), own, spec.output);
    });
  }
  return { ...meanChange(sums, 255 / (range[1] - range[0])), pictures: groups.length };
}
