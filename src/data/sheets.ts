import type { PictureItem } from './gather';
import type { PictureOpener } from './open-picture';
import type { Raster } from './picture';
import { refusal } from './refusal';
import { checkTile, findTile, rasterOf, tileCount, tileOf, tilingOf } from './sheet';
import type { DataEntry } from './entry';

/** Sheets that lie in memory at once: where one ends, the next has begun. */
const SHEETS_AT_ONCE = 2;
const MAX_SHEET_PIXELS = 32e6;

/** Opens sheets as they are asked for, and keeps the last ones. */
interface SheetReader {
  read(entry: DataEntry): Promise<Raster>;
}

export function createSheetReader(opener: PictureOpener): SheetReader {
  const last: { entry: DataEntry; raster: Promise<Raster> }[] = [];

  async function read(entry: DataEntry): Promise<Raster> {
    const picture = await opener.open(entry);
    try {
      const { width, height } = picture;
      if (width * height > MAX_SHEET_PIXELS) {
        throw refusal(
          `a sprite sheet of ${width}×${height} pixels; at most ${MAX_SHEET_PIXELS / 1e6} megapixels are cut: split it`,
        );
      }
      return rasterOf(picture);
    } finally {
      picture.close();
    }
  }

  return {
    read(entry) {
      const known = last.find((one) => one.entry === entry);
      if (known) return known.raster;
      const raster = read(entry);
      last.push({ entry, raster });
      if (last.length > SHEETS_AT_ONCE) last.shift();
      return raster;
    },
  };
}

/** The tiles of a sheet as pictures of their own. Throws AppError `data-tile` or `data-refused`. */
export async function tilesOf(
  entry: DataEntry,
  tile: number,
  reader: SheetReader,
): Promise<PictureItem[]> {
  const sheet = await reader.read(entry);
  const tiling = tilingOf(sheet, tile);
  checkTile(sheet, tiling);
  return Array.from({ length: tileCount(sheet, tiling).count }, (_, at) => ({
    name: `${entry.name}, tile ${at + 1}`,
    file: null,
    tile: true as const,
    open: async () => tileOf(await reader.read(entry), tiling, at),
  }));
}

/** The side of the tiles of a lone picture; null where it is no sheet, or cannot be opened. */
export async function findTileOf(entry: DataEntry, reader: SheetReader): Promise<number | null> {
  try {
    return findTile(await reader.read(entry));
  } catch {
    // Said when it is read as a picture.
    return null;
  }
}
