/** The mask as it stands in the link. */
import type { UnitMask } from '../model/source';
import { param, type Codec } from './url';

export interface MaskState {
  units: UnitMask;
  /** False: kept, but not applied (the badge's switch). */
  on: boolean;
}

/** Scales that the page offers: 0 drops a filter, 2 doubles it. */
export const MAX_SCALE = 2;
const MAX_CHARACTERS = 60_000;
/** Nothing is changed. */
export const NO_MASK: MaskState = { units: {}, on: true };

const maskCodec: Codec<MaskState> = { parse: parseMask, format: formatMask };

export const maskParam = param(
  'mask',
  maskCodec,
  NO_MASK,
  'Filters that are switched off or scaled: layers joined by /, each its id, a colon and filters (3, or 3-9) joined by commas, @ and a scale from 0 to 2 where it is not 0. In front off/ where the mask is kept but not applied.',
);

function parseMask(text: string): MaskState | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const pieces = text.split('/');
  const on = pieces[0] !== 'off';
  const units: Record<string, Record<number, number>> = {};
  for (const piece of pieces.slice(on ? 0 : 1)) {
    if (piece === '') continue;
    const at = piece.indexOf(':');
    const id = at > 0 ? decode(piece.slice(0, at)) : undefined;
    const scales = id === undefined ? undefined : parseFilters(piece.slice(at + 1));
    if (id === undefined || id === '__proto__' || !scales) return undefined;
    units[id] = scales;
  }
  return { units: tidyUnits(units), on };
}

function parseFilters(text: string): Record<number, number> | undefined {
  const scales: Record<number, number> = {};
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:@(\d(?:\.\d{1,3})?))?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    const scale = Number(match[3] ?? 0);
    if (last < first || scale > MAX_SCALE) return undefined;
    for (let filter = first; filter <= last; filter++) scales[filter] = scale;
  }
  return scales;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function formatMask({ units, on }: MaskState): string {
  const layers = Object.entries(tidyUnits(units)).map(
    ([id, scales]) => `${encodeURIComponent(id)}:${formatFilters(scales)}`,
  );
  return layers.length === 0 ? '' : [...(on ? [] : ['off']), ...layers].join('/');
}

function formatFilters(scales: Readonly<Record<number, number>>): string {
  const entries = Object.entries(scales).map(([key, scale]) => [Number(key), scale] as const);
  const runs: { first: number; last: number; scale: string }[] = [];
  for (const [filter, value] of entries) {
    const scale = String(Number(value.toFixed(3)));
    const run = runs.at(-1);
    if (run?.last === filter - 1 && run.scale === scale) run.last = filter;
    else runs.push({ first: filter, last: filter, scale });
  }
  return runs
    .map(({ first, last, scale }) => {
      const filters = first === last ? `${first}` : `${first}-${last}`;
      return scale === '0' ? filters : `${filters}@${scale}`;
    })
    .join(',');
}

/** Without scales of 1 and empty layers; filters in ascending order. */
export function tidyUnits(units: UnitMask): UnitMask {
  const layers = Object.entries(units).map(([id, scales]) => {
    const changed = Object.entries(scales).filter(([, scale]) => scale !== 1);
    return [id, Object.fromEntries(changed)] as const;
  });
  return Object.fromEntries(layers.filter(([, scales]) => Object.keys(scales).length > 0));
}
