import type { Raster } from './picture';

/** How the square tiles of a sheet lie: `gap` pixels apart, the first at (left, top). */
export interface Tiling {
  side: number;
  gap: number;
  left: number;
  top: number;
}

export const MIN_TILE = 8;
export const MIN_TILES = 4;
/** Of a byte, within one gutter: JPEG and WebP change it a little. */
const TOLERANCE = 12;

/**
 * The tiles of a sheet that has lines of one color between them, as torchvision's `save_image` and sprite
 * packers write them; null where the lines do not cut it into squares of one size.
 */
export function findGutters(sheet: Raster): Tiling | null {
  const across = evenRuns(blankLines(sheet, 'x'));
  const down = evenRuns(blankLines(sheet, 'y'));
  if (!across || !down || across.side !== down.side || across.side < MIN_TILE) return null;
  if (across.count * down.count < MIN_TILES) return null;
  if (across.gap !== null && down.gap !== null && across.gap !== down.gap) return null;
  const { side, start: left } = across;
  return { side, gap: across.gap ?? down.gap ?? 0, left, top: down.start };
}

/** For each column (or row) whether all of it has one color, the same for all of them. */
function blankLines({ width, height, channels, data }: Raster, axis: 'x' | 'y'): boolean[] {
  const [count, length] = axis === 'x' ? [width, height] : [height, width];
  const [step, along] = axis === 'x' ? [channels, width * channels] : [width * channels, channels];
  const shown = Math.min(channels, 3);
  let color: number | null = null;
  const isOf = (first: number, from: number) => {
    for (let i = 0; i < length; i++) {
      for (let channel = 0; channel < shown; channel++) {
        const apart = data[from + i * along + channel]! - data[first + channel]!;
        if (Math.abs(apart) > TOLERANCE) return false;
      }
    }
    return true;
  };
  return Array.from({ length: count }, (_, line) => {
    const blank = isOf(color ?? line * step, line * step);
    if (blank) color ??= line * step;
    return blank;
  });
}

/** The runs between blank lines, where all have one length and lie evenly; `gap` is null for a single one. */
function evenRuns(blank: readonly boolean[]) {
  const runs: { start: number; end: number }[] = [];
  for (const [line, isBlank] of blank.entries()) {
    const last = runs.at(-1);
    if (isBlank) continue;
    if (last?.end === line) last.end = line + 1;
    else runs.push({ start: line, end: line + 1 });
  }
  const [first, second] = runs;
  if (!first) return null;
  const side = first.end - first.start;
  const gap = second ? second.start - first.end : null;
  const isEven = runs.every(
    ({ start, end }, at) =>
      end - start === side && start === first.start + at * (side + (gap ?? 0)),
  );
  return isEven ? { side, gap, start: first.start, count: runs.length } : null;
}
