import { uniform } from '../lib/rng';

// Boxes drawn on pictures, and the places of a layer's map that lie inside them: the samples of the
// paper's logistic regression (section 6.3.1).

/** A rectangle on sample `sample`, half-open, in output pixels. */
export interface Box {
  sample: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface Size {
  width: number;
  height: number;
}

/** One place of a map, row by row, with its class: 1 inside a box, 0 outside. */
export interface Place {
  sample: number;
  cell: number;
  label: 0 | 1;
}

/** What the random numbers of this file are drawn for; latent.ts uses streams 0 to 3. */
const STREAM = { places: 40, holdOut: 41, filters: 42 } as const;

/** Whole pixels inside the picture, corners in order, at least one pixel in each direction. */
export function normalizeBox(box: Box, { width, height }: Size): Box {
  const [x0, x1] = span(box.x0, box.x1, width);
  const [y0, y1] = span(box.y0, box.y1, height);
  return { sample: box.sample, x0, y0, x1, y1 };
}

function span(a: number, b: number, size: number): [number, number] {
  const low = Math.min(size - 1, Math.max(0, Math.round(Math.min(a, b))));
  const high = Math.min(size, Math.max(0, Math.round(Math.max(a, b))));
  return [low, Math.max(low + 1, high)];
}

/**
 * 1 for each cell of a map whose centre lies inside one of the boxes, scaled to the picture. A box that
 * holds no centre (a small one on a coarse map) takes the cell in which its own centre lies.
 */
export function cellsInside(boxes: readonly Box[], image: Size, map: Size): Uint8Array {
  const inside = new Uint8Array(map.width * map.height);
  const [dx, dy] = [image.width / map.width, image.height / map.height];
  for (const { x0, y0, x1, y1 } of boxes) {
    let hit = false;
    for (let y = 0; y < map.height; y++) {
      for (let x = 0; x < map.width; x++) {
        const [cx, cy] = [(x + 0.5) * dx, (y + 0.5) * dy];
        if (cx < x0 || cx >= x1 || cy < y0 || cy >= y1) continue;
        inside[y * map.width + x] = 1;
        hit = true;
      }
    }
    if (hit) continue;
    const x = Math.min(map.width - 1, Math.floor((x0 + x1) / 2 / dx));
    const y = Math.min(map.height - 1, Math.floor((y0 + y1) / 2 / dy));
    inside[y * map.width + x] = 1;
  }
  return inside;
}

/**
 * The regression's samples: every place inside a box, and on the same picture as many random places
 * outside (fewer where the boxes leave no more). Pictures without a box are not looked at: nobody said
 * that they show none. The random places of a picture depend on (seed, sample) alone.
 */
export function choosePlaces(boxes: readonly Box[], image: Size, map: Size, seed: number): Place[] {
  const places: Place[] = [];
  for (const [sample, own] of boxesBySample(boxes)) {
    const inside = cellsInside(own, image, map);
    const positives = cellsWhere(inside, 1);
    const outside = shuffled(cellsWhere(inside, 0), seed, STREAM.places + 16 * (sample + 1));
    for (const cell of positives) places.push({ sample, cell, label: 1 });
    for (const cell of outside.slice(0, positives.length)) places.push({ sample, cell, label: 0 });
  }
  return places;
}

/** Boxes grouped by sample, samples in ascending order. */
export function boxesBySample(boxes: readonly Box[]): Map<number, Box[]> {
  const groups = new Map<number, Box[]>();
  for (const sample of [...new Set(boxes.map((box) => box.sample))].sort((a, b) => a - b)) {
    groups.set(
      sample,
      boxes.filter((box) => box.sample === sample),
    );
  }
  return groups;
}

function cellsWhere(inside: Uint8Array, value: 0 | 1): number[] {
  return Array.from(inside.keys()).filter((cell) => inside[cell] === value);
}

/**
 * Which of the samples are held out: `share` of them, whole, at random; at least one, and none where
 * fewer than two would be left to learn from.
 */
export function holdOut(samples: readonly number[], share: number, seed: number): Set<number> {
  const count = Math.max(1, Math.round(samples.length * share));
  if (samples.length - count < 2) return new Set();
  return new Set(shuffled(samples, seed, STREAM.holdOut).slice(0, count));
}

/** `count` of the filters 0 to filters − 1 at random: the control of an ablation. */
export function randomFilters(filters: number, count: number, seed: number): number[] {
  const all = Array.from({ length: filters }, (_, filter) => filter);
  return shuffled(all, seed, STREAM.filters)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** Fisher and Yates' shuffle with numbers of (seed, stream). */
function shuffled<T>(items: readonly T[], seed: number, stream: number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(uniform(seed, stream, i) * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** The filters' values at places of one layer: places × filters. `maps` is count × cells × filters. */
export function gatherFeatures(
  maps: Float32Array,
  { cells, filters }: { cells: number; filters: number },
  places: readonly { row: number; cell: number }[],
): Float32Array {
  const features = new Float32Array(places.length * filters);
  places.forEach(({ row, cell }, index) => {
    const start = (row * cells + cell) * filters;
    features.set(maps.subarray(start, start + filters), index * filters);
  });
  return features;
}

/** What has changed inside boxes and outside, summed over pictures. */
export interface ChangeSums {
  inside: number;
  outside: number;
  insidePixels: number;
  outsidePixels: number;
}

/** Adds the absolute difference of two pictures (height × width × channels), inside and outside of boxes. */
export function addChange(
  sums: ChangeSums,
  before: Float32Array,
  after: Float32Array,
  boxes: readonly Box[],
  image: Size,
): void {
  const pixels = image.width * image.height;
  const channels = before.length / pixels;
  const held = cellsInside(boxes, image, image);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let change = 0;
    for (let at = pixel * channels; at < (pixel + 1) * channels; at++) {
      change += Math.abs(after[at]! - before[at]!);
    }
    const place = held[pixel] === 1 ? 'inside' : 'outside';
    sums[place] += change / channels;
    sums[`${place}Pixels`] += 1;
  }
}

/** Nothing summed yet. */
export function noChange(): ChangeSums {
  return { inside: 0, outside: 0, insidePixels: 0, outsidePixels: 0 };
}

/** Change of a pixel inside the boxes and outside on average, times `factor`; 0 where there is no pixel. */
export function meanChange(sums: ChangeSums, factor = 1): { inside: number; outside: number } {
  return {
    inside: (factor * sums.inside) / (sums.insidePixels || 1),
    outside: (factor * sums.outside) / (sums.outsidePixels || 1),
  };
}

/** How much more the change outside of boxes counts than the change inside; `docs/ablation.md` says why 1.5. */
export const OUTSIDE_WEIGHT = 1.5;

/**
 * How well each filter keeps to the boxes: what the picture changes inside them without it, less 1.5 times
 * what it changes outside; in the unit of both. Above 0 it draws there rather than elsewhere.
 */
export function selectivity(
  inside: ArrayLike<number>,
  outside: ArrayLike<number>,
  outsideWeight = OUTSIDE_WEIGHT,
): Float32Array {
  return Float32Array.from(inside, (change, filter) => change - outsideWeight * outside[filter]!);
}
