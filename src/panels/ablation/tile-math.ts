/** What the tiles show: numbers of maps, their order, and which rows are in sight. */
import type { Activations } from '../../engine/api';

export interface MapStats {
  mean: Float32Array;
  variance: Float32Array;
  low: Float32Array;
  high: Float32Array;
}

/** Of each filter's map of one sample. */
export function mapStats({ data, filters, height, width }: Activations, sample = 0): MapStats {
  const cells = height * width;
  const stats: MapStats = {
    mean: new Float32Array(filters),
    variance: new Float32Array(filters),
    low: new Float32Array(filters).fill(Infinity),
    high: new Float32Array(filters).fill(-Infinity),
  };
  const squares = new Float64Array(filters);
  const sums = new Float64Array(filters);
  const start = sample * cells * filters;
  for (let cell = 0; cell < cells; cell++) {
    for (let filter = 0; filter < filters; filter++) {
      const value = data[start + cell * filters + filter]!;
      sums[filter]! += value;
      squares[filter]! += value * value;
      if (value < stats.low[filter]!) stats.low[filter] = value;
      if (value > stats.high[filter]!) stats.high[filter] = value;
    }
  }
  for (let filter = 0; filter < filters; filter++) {
    const mean = sums[filter]! / cells;
    stats.mean[filter] = mean;
    stats.variance[filter] = Math.max(0, squares[filter]! / cells - mean * mean);
  }
  return stats;
}

/** One filter's map of one sample, row by row. */
export function mapOf(
  { data, filters, height, width }: Activations,
  filter: number,
  sample = 0,
): Float32Array {
  const cells = height * width;
  const start = sample * cells * filters + filter;
  return Float32Array.from({ length: cells }, (_, cell) => data[start + cell * filters]!);
}

/** Filters in order: by number, or the largest value first; ties by number. */
export function orderFilters(filters: number, by: ArrayLike<number> | null): number[] {
  const order = Array.from({ length: filters }, (_, filter) => filter);
  return by ? order.sort((a, b) => (by[b] ?? 0) - (by[a] ?? 0) || a - b) : order;
}

export interface Rows {
  columns: number;
  /** Side of a tile with its gap, in pixels. */
  pitch: number;
  rows: number;
}

export const TILE_GAP = 4;
const LARGEST_TILE = 96;

/** Tiles as large as lets all of them be seen at once, within [smallest, 96]; else they scroll. */
export function tileRows(count: number, width: number, height: number, smallest: number): Rows {
  const usable = Math.max(smallest, width);
  let best = Math.floor((usable + TILE_GAP) / (smallest + TILE_GAP));
  for (let columns = 1; columns <= best; columns++) {
    const pitch = Math.floor((usable + TILE_GAP) / columns);
    if (pitch - TILE_GAP > LARGEST_TILE) continue;
    if (Math.ceil(count / columns) * pitch - TILE_GAP <= height) {
      best = columns;
      break;
    }
  }
  const columns = Math.max(1, best);
  const pitch = Math.min(LARGEST_TILE + TILE_GAP, Math.floor((usable + TILE_GAP) / columns));
  return { columns, pitch, rows: Math.ceil(count / columns) };
}

/** First and last row that are in sight, with one to spare on either side. */
export function rowsInSight(rows: Rows, scrollTop: number, height: number): [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / rows.pitch) - 1);
  const last = Math.min(rows.rows - 1, Math.ceil((scrollTop + height) / rows.pitch));
  return [first, last];
}
