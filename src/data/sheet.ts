import { AppError } from '../lib/errors';
import { pictureOf, type Picture, type Raster } from './picture';

/** All of a picture in memory. */
export function rasterOf(picture: Picture): Raster {
  const { width, height, channels } = picture;
  return { width, height, channels, data: picture.read(0, 0, width, height) };
}

/** The tiles of a sheet, row by row; what is left over at its right and lower border is cut off. */
export function cutTiles(sheet: Raster, tile: number, background = 255): Picture[] {
  const across = Math.floor(sheet.width / tile);
  const down = Math.floor(sheet.height / tile);
  if (across * down === 0) {
    throw new AppError({
      code: 'data-tile',
      message: `The sprite sheet has ${sheet.width}×${sheet.height} pixels: no tile of ${tile}×${tile} fits.`,
      hint: 'Give the side of one tile in pixels.',
    });
  }
  return Array.from({ length: across * down }, (_, at) => {
    const [x, y] = [(at % across) * tile, Math.floor(at / across) * tile];
    return pictureOf(sheet, { x, y, width: tile, height: tile }, background);
  });
}
