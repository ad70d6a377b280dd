/** Square pictures of one size as bytes: what a GAN is trained on. */
export interface ImageSet {
  count: number;
  /** Height and width in pixels. */
  size: number;
  /** 1 grey, 3 RGB. */
  channels: 1 | 3;
  /** count × size × size × channels, channels last; 0 to 255 stand for −1 to 1 (Radford et al. 2015, section 4). */
  data: Uint8Array<ArrayBuffer>;
}

/** Numbers (and bytes) of one picture of a set. */
export function imageSize({ size, channels }: Pick<ImageSet, 'size' | 'channels'>): number {
  return size * size * channels;
}

/** Pictures `from` to `to` − 1 as a set of their own, copied. */
export function sliceImages(images: ImageSet, from: number, to: number): ImageSet {
  const one = imageSize(images);
  const data = images.data.slice(from * one, to * one);
  return { ...images, count: data.length / one, data };
}
