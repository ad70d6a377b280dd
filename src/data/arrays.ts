import { pictureOf, type Picture } from './picture';

/** Many pictures of one size in one file. */
export interface PictureArray {
  count: number;
  height: number;
  width: number;
  channels: 1 | 3;
  /** What the file was taken for: 'IDX', 'CIFAR'. */
  title: string;
  /** height × width × channels bytes of one of them, channels last. */
  pixels(index: number): Uint8Array;
}

/** 'IDX, 28×28, grey' */
export function describeArray({ title, width, height, channels }: PictureArray): string {
  return `${title}, ${width}×${height}, ${channels === 1 ? 'grey' : 'color'}`;
}

/** Three planes, one a channel, as channels last. */
export function interleave(planes: Uint8Array): Uint8Array {
  const plane = planes.length / 3;
  const pixels = new Uint8Array(planes.length);
  for (let i = 0; i < plane; i++) {
    pixels[3 * i] = planes[i]!;
    pixels[3 * i + 1] = planes[plane + i]!;
    pixels[3 * i + 2] = planes[2 * plane + i]!;
  }
  return pixels;
}

const LOOKED_AT = 64;
const DARK = 8;
/** The sides of MNIST's pictures, and what they are framed by so that all sizes of a GAN are whole multiples. */
const MNIST_SIDE = 28;
const FRAMED_SIDE = 32;

/**
 * Reads the pictures of an array one by one. 28×28 with black borders (MNIST and its kin) are framed by
 * black up to 32×32, as is usual: nothing is enlarged by an eighth.
 */
export function arrayReader(array: PictureArray): (index: number) => Picture {
  const framed =
    array.width === MNIST_SIDE && array.height === MNIST_SIDE && borderMean(array) < DARK;
  return (index) => {
    const { width, height, channels } = array;
    const raster = { width, height, channels, data: array.pixels(index) };
    if (!framed) return pictureOf(raster, undefined, 0);
    const data = new Uint8Array(FRAMED_SIDE * FRAMED_SIDE * channels);
    const border = (FRAMED_SIDE - MNIST_SIDE) / 2;
    for (let y = 0; y < height; y++) {
      const row = raster.data.subarray(y * width * channels, (y + 1) * width * channels);
      data.set(row, ((y + border) * FRAMED_SIDE + border) * channels);
    }
    return pictureOf({ width: FRAMED_SIDE, height: FRAMED_SIDE, channels, data });
  };
}

/** Mean of the outermost rows and columns over some of the pictures, 0 to 255. */
function borderMean(array: PictureArray): number {
  const { count, width, height, channels } = array;
  const looked = Math.min(count, LOOKED_AT);
  let [sum, bytes] = [0, 0];
  for (let n = 0; n < looked; n++) {
    const pixels = array.pixels(Math.floor((n * count) / looked));
    for (let at = 0; at < pixels.length; at++) {
      const x = Math.floor(at / channels) % width;
      const y = Math.floor(at / (channels * width));
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      sum += pixels[at]!;
      bytes += 1;
    }
  }
  return sum / bytes;
}
