/** How much each filter of a layer matters: what the picture loses without it. */
import { sampleLatents, STREAM } from '../core/latent';
import type { Activations, CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import { currentModel, layerOf } from './dissect';
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
  { samples = 64, seed = 1, signal, onProgress }: EffectOptions = {},
): Promise<Effects> {
  const model = currentModel(session);
  layerOf(model, layer);
  if (layer === model.layers.at(-1)?.id) throw lastLayer(layer);
  const key = keyOf(model, layer, samples, seed);
  const found = known.get(key);
  if (found) return found;
  const { size, prior } = model.spec.latent;
  const z = sampleLatents(samples, { seed, prior, size, stream: STREAM.reference });
  const options = { ...(signal && { signal }) };
  const maps = await session.generator.activations(z, layer, { ...options, units: {} });
  const run = (data: Float32Array) =>
    session.engine.forward({ handle: model.handle, data, count: samples, after: layer }, options);
  const before = await run(maps.data);
  const values = new Float32Array(maps.filters);
  const [low, high] = model.spec.output.range;
  for (let filter = 0; filter < maps.filters; filter++) {
    signal?.throwIfAborted();
    if (currentModel(session).handle !== model.handle) throw overtaken();
    onProgress?.({
      fraction: filter / maps.filters,
      label: `Filter ${filter + 1} of ${maps.filters}, ${samples} samples`,
    });
    const without = dropFilter(maps, filter);
    // A filter that is silent on all samples changes nothing, and many are.
    if (!without) continue;
    const after = await run(without);
    values[filter] = (255 / (high - low)) * meanDifference(before.data, after.data);
  }
  const effects: Effects = { layer, samples, values };
  known.set(key, effects);
  return effects;
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

function overtaken(): DOMException {
  return new DOMException('Another model was opened meanwhile.', 'AbortError');
}
