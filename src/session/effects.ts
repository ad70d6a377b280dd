/** How much each filter of a layer matters: what the picture loses without it, anywhere or at boxes. */
import {
  addChange,
  boxesBySample,
  meanChange,
  noChange,
  selectivity,
  type Box,
} from '../core/boxes';
import { sampleLatents, STREAM } from '../core/latent';
import type { Activations, CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import { checkBoxes, checkStillOpen, currentModel, layerOf } from './dissect';
import type { CurrentModel, Session } from './session';

export interface EffectOptions extends CallOptions {
  /** How many samples the mean is taken over; 64 when absent. */
  samples?: number;
  /** 1 when absent. */
  seed?: number;
}

export interface Effects {
  layer: string;
  samples: number;
  /** Mean absolute change of the picture without each filter, in levels of 0 to 255. */
  values: Float32Array;
}

/** Measured layers, by model and question: the same question is answered at once. */
const known = new Map<string, Effects>();

/** What was measured already, at most `samples` many; null when nothing was. */
export function knownEffects(model: CurrentModel, layer: string): Effects | null {
  for (const samples of [64, 8]) {
    const found = known.get(keyOf(model, layer, samples, 1));
    if (found) return found;
  }
  return null;
}

/**
 * Mean absolute change of the picture when one filter alone is dropped, for every filter of a layer, over
 * samples of the model's own prior. The layer is computed once; each filter costs what comes after it.
 * Throws AppError `effect-last-layer` for the layer that is the picture itself, `layer-unknown`.
 */
export async function measureEffects(
  session: Session,
  layer: string,
  { samples = 64, seed = 1, ...options }: EffectOptions = {},
): Promise<Effects> {
  const model = currentModel(session);
  const key = keyOf(model, layer, samples, seed);
  const found = known.get(key);
  if (found) return found;
  const { size, prior } = model.spec.latent;
  const z = sampleLatents(samples, { seed, prior, size, stream: STREAM.reference });
  const values = new Float32Array(layerOf(model, layer).channels);
  const levels = levelsOf(model);
  await withoutEach(session, layer, z, options, (filter, before, after) => {
    values[filter] = levels * meanDifference(before, after);
  });
  const effects: Effects = { layer, samples, values };
  known.set(key, effects);
  return effects;
}

/** Pictures with boxes that effects are measured on at most; of more, as many evenly spread. */
const BOXED_PICTURES = 64;

export interface BoxEffects {
  layer: string;
  /** How many pictures with boxes were measured. */
  pictures: number;
  /** Mean absolute change of a pixel without each filter, in levels of 0 to 255, inside the boxes and outside. */
  inside: Float32Array;
  outside: Float32Array;
  /** What filters are chosen by: `selectivity` of the two. */
  scores: Float32Array;
}

/**
 * What each filter of a layer does to pictures with boxes when it alone is dropped, inside the boxes and
 * outside: the average causal effect of Bau et al., 'GAN Dissection' (2019), with pixels for its
 * segmentation. `boxes[i].sample` is an index into `latents`. Throws AppError `boxes-none`,
 * `boxes-sample`, `effect-last-layer`, `layer-unknown`.
 */
export async function measureBoxEffects(
  session: Session,
  latents: readonly Float32Array[],
  boxes: readonly Box[],
  layer: string,
  options: CallOptions = {},
): Promise<BoxEffects> {
  const model = currentModel(session);
  checkBoxes(boxes, latents.length);
  const { output } = model.spec;
  const groups = spread([...boxesBySample(boxes)], BOXED_PICTURES);
  const z = groups.map(([sample]) => latents[sample]!);
  const { channels } = layerOf(model, layer);
  const inside = new Float32Array(channels);
  const outside = new Float32Array(channels);
  const size = output.width * output.height * output.channels;
  const levels = levelsOf(model);
  await withoutEach(session, layer, z, options, (filter, before, after) => {
    const sums = noChange();
    groups.forEach(([, own], index) => {
      const part = (data: Float32Array) => data.subarray(index * size, (index + 1) * size);
      addChange(sums, part(before), part(after), own, output);
    });
    const change = meanChange(sums, levels);
    inside[filter] = change.inside;
    outside[filter] = change.outside;
  });
  return { layer, pictures: z.length, inside, outside, scores: selectivity(inside, outside) };
}

/**
 * The pictures of `z` with all filters and without each filter of a layer, one after the other; not for
 * filters that are silent on all of them. The layer is computed once; each filter costs what comes after it.
 */
async function withoutEach(
  session: Session,
  layer: string,
  z: readonly Float32Array[],
  { signal, onProgress }: CallOptions,
  visit: (filter: number, before: Float32Array, after: Float32Array) => void,
): Promise<void> {
  const model = currentModel(session);
  layerOf(model, layer);
  if (layer === model.layers.at(-1)?.id) throw lastLayer(layer);
  const options = { ...(signal && { signal }) };
  const maps = await session.generator.activations(z, layer, { ...options, units: {} });
  const run = (data: Float32Array) =>
    session.engine.forward({ handle: model.handle, data, count: z.length, after: layer }, options);
  const before = await run(maps.data);
  for (let filter = 0; filter < maps.filters; filter++) {
    signal?.throwIfAborted();
    checkStillOpen(session, model);
    onProgress?.({
      fraction: filter / maps.filters,
      label: `Filter ${filter + 1} of ${maps.filters}, ${z.length} samples`,
    });
    const without = dropFilter(maps, filter);
    // A filter that is silent on all samples changes nothing, and many are.
    if (!without) continue;
    visit(filter, before.data, (await run(without)).data);
  }
}

/** Levels of 0 to 255 in one unit of the network's output. */
function levelsOf({ spec }: CurrentModel): number {
  const [low, high] = spec.output.range;
  return 255 / (high - low);
}

/** `count` of the items, evenly spread, or all of them where there are no more. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

function keyOf({ modelHash }: CurrentModel, layer: string, samples: number, seed: number): string {
  return [modelHash, layer, samples, seed].join('/');
}

/** A copy of the maps with one filter at zero; null where it is zero already. */
function dropFilter({ data, filters }: Activations, filter: number): Float32Array | null {
  let silent = true;
  for (let at = filter; silent && at < data.length; at += filters) silent = data[at] === 0;
  if (silent) return null;
  const copy = data.slice();
  for (let at = filter; at < copy.length; at += filters) copy[at] = 0;
  return copy;
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

function lastLayer(layer: string): AppError {
  return new AppError({
    code: 'effect-last-layer',
    message: `'${layer}' is the picture itself: its filters are its colors.`,
    hint: 'Choose an earlier layer.',
  });
}
