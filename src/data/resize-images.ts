import { imageSize, type ImageSet } from '../model/image-set';
import { pictureOf } from './picture';
import { squarePicture } from './square';

/** The same pictures at another size or in other channels, in the same order. */
export function resizeImages(images: ImageSet, size: number, channels: 1 | 3): ImageSet {
  const from = imageSize(images);
  const to = size * size * channels;
  const data = new Uint8Array(images.count * to);
  for (let at = 0; at < images.count; at++) {
    const picture = pictureOf({
      width: images.size,
      height: images.size,
      channels: images.channels,
      data: images.data.subarray(at * from, (at + 1) * from),
    });
    data.set(squarePicture(picture, { size, channels, framing: 'crop' }), at * to);
  }
  return { count: images.count, size, channels, data };
}
