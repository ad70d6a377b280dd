import { interleave, type PictureArray } from './arrays';

const SIDE = 32;
const PIXELS = SIDE * SIDE * 3;

/** CIFAR-10: a label below 10. CIFAR-100: one below 20 (coarse), one below 100 (fine). */
const VERSIONS = [
  { title: 'CIFAR-10', labels: [10] },
  { title: 'CIFAR-100', labels: [20, 100] },
] as const;

/** Whether a file of this many bytes may be a batch of CIFAR: worth reading whole. */
export function mayBeCifar(size: number): boolean {
  return size > 0 && VERSIONS.some(({ labels }) => size % (PIXELS + labels.length) === 0);
}

/**
 * Reads a binary batch of CIFAR-10 or CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html): rows of labels,
 * then 1,024 red, green and blue bytes each. The files have no signature: null unless the size is a
 * whole number of rows and every label is a possible one.
 */
export function readCifar(bytes: Uint8Array): PictureArray | null {
  const version = VERSIONS.find(({ labels }) => {
    const row = PIXELS + labels.length;
    if (bytes.length === 0 || bytes.length % row !== 0) return false;
    for (let at = 0; at < bytes.length; at += row) {
      if (labels.some((limit, i) => bytes[at + i]! >= limit)) return false;
    }
    return true;
  });
  if (!version) return null;
  const row = PIXELS + version.labels.length;
  return {
    ...{ count: bytes.length / row, height: SIDE, width: SIDE, channels: 3, title: version.title },
    pixels: (index) => interleave(bytes.subarray((index + 1) * row - PIXELS, (index + 1) * row)),
  };
}
