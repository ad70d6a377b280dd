import { AppError } from '../lib/errors';
import { findGutters, MIN_TILE, MIN_TILES, type Tiling } from './gutters';
import { pictureOf, type Picture, type Raster } from './picture';

/** All of a picture in memory. */
export function rasterOf(picture: Picture): Raster {
  const { width, height, channels } = picture;
  return { width, height, channels, data: picture.read(0, 0, width, height) };
}

/** Tiles of this side as the sheet's gutters have them, or side by side from its corner. */
export function tilingOf(sheet: Raster, side: number): Tiling {
  const found = findGutters(sheet);
  return found?.side === side ? found : { side, gap: 0, left: 0, top: 0 };
}

/** How many tiles a sheet has; what is left over at its right and lower border is no tile. */
export function tileCount({ width, height }: { width: number; height: number }, tiling: Tiling) {
  const { side, gap, left, top } = tiling;
  const fitting = (length: number) => Math.max(0, Math.floor((length + gap) / (side + gap)));
  const across = fitting(width - left);
  return { across, count: across * fitting(height - top) };
}

/** A tile of a sheet, counted row by row. */
export function tileOf(sheet: Raster, tiling: Tiling, at: number): Picture {
  const { side, gap, left, top } = tiling;
  const { across } = tileCount(sheet, tiling);
  const x = left + (at % across) * (side + gap);
  const y = top + Math.floor(at / across) * (side + gap);
  return pictureOf(sheet, { x, y, width: side, height: side });
}

/** Whether all pixels are alike, as where a sheet has more room than pictures. */
export function isBlank(picture: Picture): boolean {
  const { width, height, channels } = picture;
  const bytes = picture.read(0, 0, width, height);
  return bytes.every((byte, at) => byte === bytes[at % channels]);
}

/** Throws AppError `data-tile` where not one tile fits. */
export function checkTile(sheet: { width: number; height: number }, tiling: Tiling): void {
  if (tileCount(sheet, tiling).count > 0) return;
  const { side: tile } = tiling;
  throw new AppError({
    code: 'data-tile',
    message: `The sprite sheet has ${sheet.width}×${sheet.height} pixels: no tile of ${tile}×${tile} fits.`,
    hint: 'Give the side of one tile in pixels.',
  });
}

const MAX_TILE = 512;
/** Between tiles neighbouring pixels differ by so many times as much as inside them … */
const SEAM = 1.5;
/** … or hardly, where tiles are drawings on an empty ground. */
const GAP = 0.12;
const MIN_TILES_WITH_GAPS = 9;

/** Smaller tiles count where their seams are at least this strong beside those of larger ones. */
const SEAM_SHARE = 0.5;

/**
 * The side of the square tiles that a picture is made of, or null where it is none of tiles that fill
 * it or lie in gutters.
 */
export function findTile(sheet: Raster): number | null {
  return findGutters(sheet)?.side ?? findSeams(sheet);
}

/** Seams show as lines of large differences, or of none, at every multiple of the side. */
function findSeams(sheet: Raster): number | null {
  const columns = differences(sheet, 'x');
  const rows = differences(sheet, 'y');
  let best: { tile: number; strength: number } | null = null;
  const last = Math.min(MAX_TILE, sheet.width, sheet.height);
  for (let tile = MIN_TILE; tile <= last; tile++) {
    if (sheet.width % tile || sheet.height % tile) continue;
    const count = (sheet.width / tile) * (sheet.height / tile);
    if (count < MIN_TILES) continue;
    const contrasts = [seamContrast(columns, tile), seamContrast(rows, tile)].filter(
      (contrast) => contrast !== null,
    );
    const [low, high] = [Math.min(...contrasts), Math.max(...contrasts)];
    if (high <= GAP && count >= MIN_TILES_WITH_GAPS && !best) best = { tile, strength: SEAM };
    if (low >= SEAM && low > (best?.strength ?? 0)) best = { tile, strength: low };
  }
  if (!best) return null;
  const { tile, strength } = best;
  // Four tiles may show stronger seams around them than between them: the smallest that has some is it.
  for (let part = MIN_TILE; part <= tile / 2; part++) {
    if (tile % part) continue;
    const inner = [columns, rows].map((lines) => seamContrast(lines, part, tile) ?? 0);
    if (Math.min(...inner) >= Math.max(SEAM, SEAM_SHARE * strength)) return part;
  }
  return tile;
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

/**
 * Mean difference on the seams by that beside them; null where there is no seam, 0 for two blanks. Seams of
 * tiles of side `but` are not looked at.
 */
function seamContrast(lines: Float64Array, tile: number, but = Infinity): number | null {
  let [seams, seam, others, beside] = [0, 0, 0, 0];
  for (let line = 1; line < lines.length; line++) {
    if (line % but === 0) continue;
    if (line % tile === 0) {
      seams += 1;
      seam += lines[line]!;
    } else {
      others += 1;
      beside += lines[line]!;
    }
  }
  if (seams === 0) return null;
  return beside === 0 ? 0 : seam / seams / (beside / others);
}
