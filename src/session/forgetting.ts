/** What a mask makes the network forget, counted by the model's judge and measured in pixels. */
import { boxesBySample, changeByPlace, randomFilters, type Box } from '../core/boxes';
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

/** Filters of a layer, the largest regression weight first. */
export function filtersByWeight(weights: ArrayLike<number>): number[] {
  return Array.from(weights, (_, filter) => filter).sort((a, b) => weights[b]! - weights[a]!);
}

export type Choice = 'weights' | 'random' | 'negative';

/**
 * As a mask: `count` filters of a layer dropped, by the regression's weights from the top, at random, or
 * by the weights from the bottom.
 */
export function dropFilters(
  weights: ArrayLike<number>,
  count: number,
  choice: Choice,
  seed: number,
): Record<number, number> {
  const order = filtersByWeight(weights);
  const filters =
    choice === 'weights'
      ? order.slice(0, count)
      : choice === 'negative'
        ? order.slice(order.length - count)
        : randomFilters(weights.length, count, seed);
  return Object.fromEntries(filters.sort((a, b) => a - b).map((filter) => [filter, 0]));
}

/** Weights of each layer that was fitted, by layer id. */
export type LayerWeights = Readonly<Record<string, ArrayLike<number>>>;

/** The same share of each layer's filters dropped, to the nearest whole number. */
export function dropShare(
  layers: LayerWeights,
  share: number,
  choice: Choice,
  seed: number,
): UnitMask {
  return Object.fromEntries(
    Object.entries(layers).map(([layer, weights]) => {
      const count = Math.round(share * weights.length);
      return [layer, dropFilters(weights, count, choice, seed)];
    }),
  );
}

export interface CurvePoint {
  /** Share of each layer's filters. */
  share: number;
  /** In all layers. */
  filters: number;
  /** Scenes left that show it, of those that the judge was sure of before. */
  left: Share;
}

export interface CurveOptions extends CallOptions {
  choice: Choice;
  seed: number;
  /** Random choices are drawn so many times, with seeds that follow `seed`; 1 when absent. */
  draws?: number;
  /** Shares of filters, ascending. */
  shares: readonly number[];
}

/**
 * What is left of a concept against how many filters are dropped. `latents` are scenes that the judge is
 * sure of; a scene counts as left until P < 0.5.
 */
export async function forgettingCurve(
  session: Session,
  latents: readonly Float32Array[],
  concept: Concept,
  layers: LayerWeights,
  { choice, seed, draws = 1, shares, signal, onProgress }: CurveOptions,
): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const [index, share] of shares.entries()) {
    let left = 0;
    let filters = 0;
    for (let draw = 0; draw < draws; draw++) {
      const units = dropShare(layers, share, choice, seed + draw);
      filters = countUnits(units);
      const p = await judgeConcept(session, latents, units, concept, { ...(signal && { signal }) });
      left += p.filter((value) => value >= LIKELY).length;
    }
    points.push({ share, filters, left: wilsonInterval(left, draws * latents.length) });
    onProgress?.({ fraction: (index + 1) / shares.length, label: `${filters} filters dropped` });
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
  const sums = { inside: 0, outside: 0, insidePixels: 0, outsidePixels: 0 };
  const size = width * height * channels;
  for (let start = 0; start < groups.length; start += CHUNK) {
    const chunk = groups.slice(start, start + CHUNK);
    const z = chunk.map((one) => one.z);
    const options = { ...(signal && { signal }) };
    const before = await session.generator.generate(z, { units: {}, ...options });
    const after = await session.generator.generate(z, { units, ...options });
    chunk.forEach(({ own }, index) => {
      const part = (data: Float32Array) => data.subarray(index * size, (index + 1) * size);
      const change = changeByPlace(part(before.data), part(after.data), own, { width, height });
      sums.inside += change.inside * change.insidePixels;
      sums.outside += change.outside * change.outsidePixels;
      sums.insidePixels += change.insidePixels;
      sums.outsidePixels += change.outsidePixels;
    });
  }
  const levels = 255 / (range[1] - range[0]);
  return {
    inside: (levels * sums.inside) / (sums.insidePixels || 1),
    outside: (levels * sums.outside) / (sums.outsidePixels || 1),
    pictures: groups.length,
  };
}
