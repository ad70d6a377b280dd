import type { ImageSet } from '../model/image-set';

/** A set whose red, green and blue are everywhere the same in one channel; any other as it is. */
export function greyWhereGrey(images: ImageSet): ImageSet {
  const { channels, data } = images;
  if (channels === 1) return images;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return images;
  }
  const grey = new Uint8Array(data.length / 3);
  for (let i = 0; i < grey.length; i++) grey[i] = data[3 * i]!;
  return { ...images, channels: 1, data: grey };
}
