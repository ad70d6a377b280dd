import { AppError } from '../lib/errors';
import { pictureOf, type Picture, type Raster } from './picture';

/** All of a picture in memory. */
export function rasterOf(picture: Picture): Raster {
  const { width, height, channels } = picture;
  return { width, height, channels, data: picture.read(0, 0, width, height) };
}

/** How many tiles of this side a sheet has; what is left over at its right and lower border is no tile. */
export function tileCount({ width, height }: { width: number; height: number }, tile: number) {
  const across = Math.floor(width / tile);
  return { across, count: across * Math.floor(height / tile) };
}

/** A tile of a sheet, counted row by row. */
export function tileOf(sheet: Raster, tile: number, at: number): Picture {
  const { across } = tileCount(sheet, tile);
  const [x, y] = [(at % across) * tile, Math.floor(at / across) * tile];
  return pictureOf(sheet, { x, y, width: tile, height: tile });
}

/** Whether all pixels are alike, as where a sheet has more room than pictures. */
export function isBlank(picture: Picture): boolean {
  const { width, height, channels } = picture;
  const bytes = picture.read(0, 0, width, height);
  return bytes.every((byte, at) => byte === bytes[at % channels]);
}

/** Throws AppError `data-tile` where not one tile fits. */
export function checkTile(sheet: { width: number; height: number }, tile: number): void {
  if (tileCount(sheet, tile).count > 0) return;
  throw new AppError({
    code: 'data-tile',
    message: `The sprite sheet has ${sheet.width}×${sheet.height} pixels: no tile of ${tile}×${tile} fits.`,
    hint: 'Give the side of one tile in pixels.',
  });
}

const MIN_TILE = 8;
const MAX_TILE = 512;
const MIN_TILES = 4;
/** Between tiles neighbouring pixels differ by so many times as much as inside them … */
const SEAM = 1.5;
/** … or hardly, where tiles are drawings on an empty ground. */
const GAP = 0.12;
const MIN_TILES_WITH_GAPS = 9;

/**
 * The side of the square tiles that a picture is made of, or null where it is none of tiles that fill
 * it: seams show as lines of large differences, or of none, at every multiple of the side.
 */
export function findTile(sheet: Raster): number | null {
  const columns = differences(sheet, 'x');
  const rows = differences(sheet, 'y');
  let best: { tile: number; strength: number } | null = null;
  const last = Math.min(MAX_TILE, sheet.width, sheet.height);
  for (let tile = MIN_TILE; tile <= last; tile++) {
    if (sheet.width % tile || sheet.height % tile) continue;
    const { count } = tileCount(sheet, tile);
    if (count < MIN_TILES) continue;
    const contrasts = [seamContrast(columns, tile), seamContrast(rows, tile)].filter(
      (contrast) => contrast !== null,
    );
    const [low, high] = [Math.min(...contrasts), Math.max(...contrasts)];
    if (high <= GAP && count >= MIN_TILES_WITH_GAPS && !best) best = { tile, strength: SEAM };
    if (low >= SEAM && low > (best?.strength ?? 0)) best = { tile, strength: low };
  }
  return best?.tile ?? null;
}

/** Mean difference between each column (or row) and the one before it; [0] is 0. */
function differences({ width, height, channels, data }: Raster, axis: 'x' | 'y'): Float64Array {
  const sums = new Float64Array(axis === 'x' ? width : height);
  const before = axis === 'x' ? channels : width * channels;
  for (let y = axis === 'y' ? 1 : 0; y < height; y++) {
    for (let x = axis === 'x' ? 1 : 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const line = axis === 'x' ? x : y;
      sums[line]! += Math.abs(data[at]! - data[at - before]!);
      if (channels > 1) {
        sums[line]! += Math.abs(data[at + 1]! - data[at + 1 - before]!);
        sums[line]! += Math.abs(data[at + 2]! - data[at + 2 - before]!);
      }
    }
  }
  return sums;
}

/** Mean difference on the seams by that beside them; null where there is no seam, 0 for two blanks. */
function seamContrast(lines: Float64Array, tile: number): number | null {
  let [seams, seam, beside] = [0, 0, 0];
  for (let line = 1; line < lines.length; line++) {
    if (line % tile === 0) {
      seams += 1;
      seam += lines[line]!;
    } else {
      beside += lines[line]!;
    }
  }
  if (seams === 0) return null;
  const others = lines.length - 1 - seams;
  return beside === 0 ? 0 : seam / seams / (beside / others);
}
