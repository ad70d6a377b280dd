/** Pictures of a training as the screen and the exports take them. */
import { floatsToRgba, tileSheet } from '../../core/pixels';
import type { FloatImages, RgbaImages } from '../../engine/api';
import type { RgbaPixels } from '../../export/frames';
import type { ImageSet } from '../../model/image-set';

/** The first `count` pictures of a set. */
export function setPictures({ size, channels, data }: ImageSet, count: number): RgbaImages {
  const pixels = count * size * size;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)]!;
  }
  return { count, height: size, width: size, data: rgba, latencyMs: 0 };
}

/** What G drew, in [−1, 1]. */
export function drawnPictures(images: FloatImages): RgbaImages {
  const { count, height, width } = images;
  return { count, height, width, data: floatsToRgba(images, [-1, 1]), latencyMs: 0 };
}

/** Pixels between the pictures of a sheet. */
const GAP = 1;

/** Side lengths of a sheet of `count` pictures. */
export function sheetSize(side: number, count: number, columns: number) {
  const rows = Math.ceil(count / columns);
  return { width: columns * (side + GAP) - GAP, height: rows * (side + GAP) - GAP };
}

/** Pictures side by side as one, black between them: films know no transparency. */
export function sheetOf(images: RgbaImages, columns: number): RgbaPixels {
  const { rgba } = tileSheet({ ...images, rgba: images.data }, columns, GAP);
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  return rgba;
}
