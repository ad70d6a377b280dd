/**
 * The active mask: which filters of the open model are switched off or scaled. It stands in the link and
 * nowhere else, so that Explore, Walk and Arithmetic draw with it, Back undoes it, and a shared link shows
 * it. `session.generator` applies it wherever a call names no units of its own.
 */
import { AppError } from '../lib/errors';
import type { UnitMask } from '../model/source';
import { MAX_SCALE, NO_MASK, maskParam, tidyUnits, type MaskState } from './mask-link';
import { modelParam } from './params';
import type { CurrentModel, Session } from './session';
import type { UrlState } from './url';

/** How many filters a mask changes. */
export function countUnits(units: UnitMask): number {
  return Object.values(units).reduce((sum, scales) => sum + Object.keys(scales).length, 0);
}

/** Whether two masks change the same filters in the same way. */
export function sameUnits(a: UnitMask, b: UnitMask): boolean {
  const text = (units: UnitMask) =>
    JSON.stringify(Object.entries(tidyUnits(units)).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

/** The mask of the link, as far as it fits the model: what another model's mask names is left out. */
export function maskOf(url: UrlState, model: CurrentModel): MaskState {
  const id = url.get(modelParam);
  // After Back the address may be a step ahead of the model that is still open.
  if (id !== '' && id !== model.id) return NO_MASK;
  const { units, on } = url.get(maskParam);
  const fitting = Object.entries(units).map(([layer, scales]) => {
    const filters = model.layers.find((one) => one.id === layer)?.channels ?? 0;
    return [
      layer,
      Object.fromEntries(Object.entries(scales).filter(([key]) => Number(key) < filters)),
    ] as const;
  });
  return { units: tidyUnits(Object.fromEntries(fitting)), on };
}

/** What pictures of the model are drawn with when a call says nothing else; undefined for nothing. */
export function activeUnits(url: UrlState, model: CurrentModel): UnitMask | undefined {
  const { units, on } = maskOf(url, model);
  return on && Object.keys(units).length > 0 ? units : undefined;
}

/**
 * Makes a mask the active one. Throws AppError `no-model`, `mask-layer`, `mask-filter` or `mask-scale`
 * where it does not fit the open model.
 */
export function setMask(session: Session, units: UnitMask, options: { push?: boolean } = {}): void {
  const { current } = session.models.store.getState();
  if (!current) {
    throw new AppError({
      code: 'no-model',
      message: 'No model is open yet.',
      hint: 'Wait until the model is loaded, or open one.',
    });
  }
  checkUnits(units, current);
  session.url.set(maskParam, { units: tidyUnits(units), on: true }, options);
}

/** No mask any more. */
export function clearMask({ url }: Session, options: { push?: boolean } = {}): void {
  url.set(maskParam, NO_MASK, options);
}

/** Applies the kept mask, or only keeps it. */
export function switchMask({ url }: Session, on: boolean): void {
  url.set(maskParam, { ...url.get(maskParam), on });
}

function checkUnits(units: UnitMask, { layers, title }: CurrentModel): void {
  for (const [id, scales] of Object.entries(units)) {
    const layer = layers.find((one) => one.id === id);
    if (!layer) {
      const known = layers.map((one) => one.id).join(', ');
      throw fault('mask-layer', `${title} has no layer '${id}'; its layers are ${known}.`);
    }
    for (const [key, scale] of Object.entries(scales)) {
      const filter = Number(key);
      if (!Number.isInteger(filter) || filter < 0 || filter >= layer.channels) {
        const last = String(layer.channels - 1);
        throw fault(
          'mask-filter',
          `Layer '${id}' has no filter ${key}; its filters are 0 to ${last}.`,
        );
      }
      if (!(scale >= 0 && scale <= MAX_SCALE)) {
        throw fault(
          'mask-scale',
          `Filter ${key} of '${id}' has the scale ${String(scale)}; it must be from 0 to ${MAX_SCALE}.`,
        );
      }
    }
  }
}

function fault(code: string, message: string): AppError {
  return new AppError({
    code,
    message,
    hint: 'The mask that was active stays. A mask belongs to one model: {layer: {filter: scale}}.',
  });
}
