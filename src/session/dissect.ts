/**
 * Which filters draw what boxes hold: the paper's recipe (section 6.3.1) on any layer of the open model.
 * Everything here is measured on the network without a mask, so that it does not depend on what is
 * switched off at the moment.
 */
import { boxesBySample, choosePlaces, gatherFeatures, holdOut, type Box } from '../core/boxes';
import type { LogisticOptions } from '../core/logistic-regression';
import type { CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import { runFit, type FitAnswer } from './fitting';
import type { CurrentModel, Session } from './session';

export interface DissectOptions extends CallOptions, Pick<LogisticOptions, 'c' | 'balanced'> {
  /** Of the random places and of what is held out; 1 when absent. */
  seed?: number;
  /** Share of the pictures with boxes that is held out, whole, for accuracy and AUC; 0.25 when absent. */
  heldOut?: number;
}

export interface Dissection extends FitAnswer {
  layer: string;
  /** Places inside boxes, and random ones outside. */
  positives: number;
  negatives: number;
  /** Pictures with boxes, and how many of them were held out. */
  pictures: number;
  heldOutPictures: number;
}

/** Pictures whose activations are in memory at the same time. */
const CHUNK = 10;

/**
 * Fits 'inside a box' on the filters' values at places of one layer. `boxes[i].sample` is an index into
 * `latents`. Throws AppError `boxes-none` without boxes, `boxes-sample` for one on no latent,
 * `boxes-everywhere` where the boxes leave no place outside, `layer-unknown`.
 */
export async function fitBoxes(
  session: Session,
  latents: readonly Float32Array[],
  boxes: readonly Box[],
  layer: string,
  { signal, onProgress, seed = 1, heldOut = 0.25, ...options }: DissectOptions = {},
): Promise<Dissection> {
  const model = currentModel(session);
  const map = layerOf(model, layer);
  checkBoxes(boxes, latents.length);
  const places = choosePlaces(boxes, model.spec.output, map, seed);
  const negatives = places.filter(({ label }) => label === 0).length;
  if (negatives === 0) throw noPlaceOutside(layer);
  const samples = [...boxesBySample(boxes).keys()];
  const cells = map.width * map.height;
  const features = new Float32Array(places.length * map.channels);
  let filled = 0;
  for (let start = 0; start < samples.length; start += CHUNK) {
    const chunk = samples.slice(start, start + CHUNK);
    const z = chunk.flatMap((sample) => latents[sample] ?? []);
    const { data } = await session.generator.activations(z, layer, {
      units: {},
      ...(signal && { signal }),
    });
    checkStillOpen(session, model);
    const wanted = places.flatMap(({ sample, cell }) => {
      const row = chunk.indexOf(sample);
      return row >= 0 ? { row, cell } : [];
    });
    // Places are in the order of their samples, so the chunks follow each other.
    features.set(gatherFeatures(data, { cells, filters: map.channels }, wanted), filled);
    filled += wanted.length * map.channels;
    const fraction = Math.min(1, (start + CHUNK) / samples.length);
    onProgress?.({ fraction: 0.7 * fraction, label: `Looking at ${layer}` });
  }
  onProgress?.({ fraction: 0.75, label: `Fitting ${map.channels} weights` });
  const held = holdOut(samples, heldOut, seed);
  const answer = await runFit(
    {
      features,
      labels: Uint8Array.from(places, ({ label }) => label),
      held: Uint8Array.from(places, ({ sample }) => (held.has(sample) ? 1 : 0)),
      // As scikit-learn's: thousands of places leave more than 1e-6 of rounding in the gradient.
      options: { tolerance: 1e-4, ...options },
    },
    { signal },
  );
  return {
    ...answer,
    layer,
    positives: places.length - negatives,
    negatives,
    pictures: samples.length,
    heldOutPictures: held.size,
  };
}

/** Throws AppError `no-model`. */
export function currentModel({ models }: Session): CurrentModel {
  const { current } = models.store.getState();
  if (current) return current;
  throw new AppError({
    code: 'no-model',
    message: 'No model is open yet.',
    hint: 'Wait until the model is loaded, or open one.',
  });
}

/** Throws an AbortError where another model was opened meanwhile: its numbers would be mixed in. */
export function checkStillOpen(session: Session, { handle }: CurrentModel): void {
  if (session.models.store.getState().current?.handle === handle) return;
  throw new DOMException('Another model was opened meanwhile.', 'AbortError');
}

/** Throws AppError `layer-unknown`. */
export function layerOf(
  { layers, title }: CurrentModel,
  id: string,
): CurrentModel['layers'][number] {
  const layer = layers.find((one) => one.id === id);
  if (layer) return layer;
  throw new AppError({
    code: 'layer-unknown',
    message: `${title} has no layer '${id}'; it has ${layers.map((one) => one.id).join(', ')}.`,
    hint: 'Layers are named as in the model’s file. Choose one of these.',
  });
}

/** Throws AppError `boxes-none`, `boxes-sample`. */
export function checkBoxes(boxes: readonly Box[], count: number): void {
  if (boxes.length === 0) {
    throw new AppError({
      code: 'boxes-none',
      message: 'There are no boxes to learn from.',
      hint: 'Draw boxes around what the network should forget, or load a set that ships.',
    });
  }
  const stray = boxes.find(
    ({ sample }) => !Number.isInteger(sample) || sample < 0 || sample >= count,
  );
  if (!stray) return;
  throw new AppError({
    code: 'boxes-sample',
    message: `A box lies on sample ${String(stray.sample)}, but there are ${String(count)} samples.`,
    hint: 'Give the samples that the boxes were drawn on, in their order.',
  });
}

function noPlaceOutside(layer: string): AppError {
  return new AppError({
    code: 'boxes-everywhere',
    message: `The boxes cover every place of the maps of '${layer}', so there is nothing to tell them from.`,
    hint: 'Draw smaller boxes, or choose a layer with finer maps.',
  });
}
