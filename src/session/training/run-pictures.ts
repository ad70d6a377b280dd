/**
 * The pictures that a run trains on. A Blob, which browsers need not hold in memory, keeps them for as long
 * as the run may have to be put on the device again.
 */
import { imageSize, sliceImages, type ImageSet } from '../../model/image-set';
import { heldOutCount } from './split';

export interface RunPictures {
  count: number;
  size: ImageSet['size'];
  channels: ImageSet['channels'];
  /** All of them, in the set's order. */
  blob: Blob;
  heldOut: number;
  /** What fakes are measured against: those held out, or else the first to be trained on. */
  reference: ImageSet;
}

/** Where nothing is held out. */
const MOST_REFERENCES = 512;

/** Leaves `images` as they are. */
export function keepPictures(images: ImageSet): RunPictures {
  const { count, size, channels } = images;
  const heldOut = heldOutCount(count);
  const reference =
    heldOut === 0
      ? sliceImages(images, 0, MOST_REFERENCES)
      : sliceImages(images, count - heldOut, count);
  return { count, size, channels, blob: new Blob([images.data]), heldOut, reference };
}

/** Of what `keepPictures` made. */
export async function picturesOf(
  shape: Pick<RunPictures, 'count' | 'size' | 'channels'>,
  blob: Blob,
): Promise<RunPictures> {
  const { count, size, channels } = shape;
  const data = new Uint8Array(await blob.arrayBuffer());
  return { ...keepPictures({ count, size, channels, data }), blob };
}

/** Pictures that are trained on, from one to before another; a copy. */
export async function readPictures(
  pictures: RunPictures,
  from = 0,
  to = pictures.count - pictures.heldOut,
): Promise<ImageSet> {
  const one = imageSize(pictures);
  const part = await pictures.blob.slice(from * one, to * one).arrayBuffer();
  const data = new Uint8Array(part);
  const { size, channels } = pictures;
  return { size, channels, count: data.length / one, data };
}
