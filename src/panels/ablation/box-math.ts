import type { Box, Size } from '../../core/boxes';

export interface Point {
  x: number;
  y: number;
}

export type Handle = 'nw' | 'ne' | 'sw' | 'se';
export const HANDLES: readonly Handle[] = ['nw', 'ne', 'sw', 'se'];

export function moveBox(box: Box, dx: number, dy: number, { width, height }: Size): Box {
  const x = Math.min(width - box.x1, Math.max(-box.x0, dx));
  const y = Math.min(height - box.y1, Math.max(-box.y0, dy));
  return { ...box, x0: box.x0 + x, x1: box.x1 + x, y0: box.y0 + y, y1: box.y1 + y };
}

/** One corner to a point; corners may cross, normalizeBox puts them in order. */
export function dragCorner(box: Box, handle: Handle, { x, y }: Point): Box {
  return {
    ...box,
    ...(handle.includes('w') ? { x0: x } : { x1: x }),
    ...(handle.includes('n') ? { y0: y } : { y1: y }),
  };
}

export function cornerOf(box: Box, handle: Handle): Point {
  return {
    x: handle.includes('w') ? box.x0 : box.x1,
    y: handle.includes('n') ? box.y0 : box.y1,
  };
}

export function sameBox(a: Box, b: Box): boolean {
  return a.x0 === b.x0 && a.y0 === b.y0 && a.x1 === b.x1 && a.y1 === b.y1;
}

/**
 * Radius of a corner's handle in pixels of the picture; its invisible rim is as wide again. The same size on
 * the screen for every picture, and smaller on a small box, whose middle must still be there to be moved by.
 */
export function handleRadius({ x0, y0, x1, y1 }: Box, { width }: Size): number {
  return Math.min(0.02 * width, Math.min(x1 - x0, y1 - y0) / 6);
}

/** A box of a quarter of the picture's sides in its middle: where the keyboard starts. */
export function middleBox(sample: number, { width, height }: Size): Box {
  return {
    sample,
    x0: Math.round(width * 0.375),
    y0: Math.round(height * 0.375),
    x1: Math.round(width * 0.625),
    y1: Math.round(height * 0.625),
  };
}

/**
 * What a key does to a box: arrows move it, with Shift they move its lower right corner; by one pixel, or
 * by four with Alt. Null for other keys.
 */
export function boxAfterKey(
  box: Box,
  key: string,
  { shift, alt }: { shift: boolean; alt: boolean },
  size: Size,
): Box | null {
  const step = alt ? 4 : 1;
  const moves: Record<string, Point> = {
    ArrowLeft: { x: -step, y: 0 },
    ArrowRight: { x: step, y: 0 },
    ArrowUp: { x: 0, y: -step },
    ArrowDown: { x: 0, y: step },
  };
  const by = moves[key];
  if (!by) return null;
  if (!shift) return moveBox(box, by.x, by.y, size);
  return {
    ...box,
    x1: Math.min(size.width, Math.max(box.x0 + 1, box.x1 + by.x)),
    y1: Math.min(size.height, Math.max(box.y0 + 1, box.y1 + by.y)),
  };
}

/** Equal bins over the weights, zero on an edge between two; of all filters and of the chosen ones. */
export function histogram(
  weights: ArrayLike<number>,
  bins: number,
  chosen: readonly number[],
): { edges: number[]; counts: number[]; chosenCounts: number[] } {
  const size = Math.max(1e-9, ...Array.from(weights, Math.abs));
  const half = Math.ceil(bins / 2);
  const step = size / half;
  const count = (values: readonly number[]) => {
    const counts = new Array<number>(half * 2).fill(0);
    for (const value of values) {
      counts[Math.min(half * 2 - 1, Math.max(0, Math.floor(value / step) + half))]! += 1;
    }
    return counts;
  };
  const edges = Array.from({ length: half * 2 + 1 }, (_, i) => (i - half) * step);
  return {
    edges,
    counts: count(Array.from(weights)),
    chosenCounts: count(chosen.map((filter) => weights[filter]!)),
  };
}
