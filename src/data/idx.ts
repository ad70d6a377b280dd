import { damaged, truncated, unsupported } from '../lib/bytes/cursor';
import { interleave, type PictureArray } from './arrays';

const UNSIGNED_BYTE = 0x08;
const MAX_SIDE = 4096;

/**
 * Reads the format of MNIST (http://yann.lecun.com/exdb/mnist): 0, 0, type, number of axes, the axes' lengths as
 * big-endian 32-bit numbers, then the numbers, the last axis fastest. Pictures are N × height × width, or
 * that with three channels as the last axis or as the second.
 *
 * Throws AppError `unsupported` (labels, other types), `damaged` or `truncated`.
 */
export function readIdx(bytes: Uint8Array): PictureArray {
  const { shape, data } = readAxes(bytes);
  const [count = 0, ...rest] = shape;
  const layout = layoutOf(rest);
  if (!layout) throw unsupported(notPictures(shape), HINT);
  const { height, width, channels, planar } = layout;
  if (count === 0) throw damaged('The IDX file says that it has no pictures.');
  if (Math.min(height, width) === 0 || Math.max(height, width) > MAX_SIDE) {
    throw damaged(`The IDX file says that its pictures have ${width}×${height} pixels.`);
  }
  const one = height * width * channels;
  return {
    ...{ count, height, width, channels, title: 'IDX' },
    pixels(index) {
      const piece = data.subarray(index * one, (index + 1) * one);
      return planar ? interleave(piece) : piece;
    },
  };
}

const HINT = 'Take the file of the pictures; in MNIST its name has "images" in it.';

function readAxes(bytes: Uint8Array): { shape: number[]; data: Uint8Array } {
  const [, , type, axes = 0] = bytes;
  if (type !== UNSIGNED_BYTE) {
    throw unsupported('an IDX file of other numbers than bytes', HINT);
  }
  const start = 4 + 4 * axes;
  if (bytes.length < start) {
    throw truncated('the IDX file', 4, `${axes} lengths of axes`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const wanted = shape.reduce((product, length) => product * length, 1);
  const found = bytes.length - start;
  if (found < wanted) {
    throw truncated('the IDX file', start, `${wanted} bytes (${shape.join(' × ')})`, bytes.length);
  }
  if (found > wanted) {
    throw damaged(
      `The IDX file has ${found} bytes of pictures, but says ${shape.join(' × ')}, which is ${wanted}.`,
    );
  }
  return { shape, data: bytes.subarray(start) };
}

type Layout = Pick<PictureArray, 'height' | 'width' | 'channels'> & { planar: boolean };

function layoutOf(axes: readonly number[]): Layout | null {
  const [first = 0, second = 0, third = 0] = axes;
  if (axes.length === 2) return { height: first, width: second, channels: 1, planar: false };
  if (axes.length !== 3) return null;
  if (third === 1 || third === 3) {
    return { height: first, width: second, channels: third, planar: false };
  }
  if (first === 1 || first === 3) {
    return { height: second, width: third, channels: first, planar: first === 3 };
  }
  return null;
}

function notPictures(shape: readonly number[]): string {
  return shape.length === 1
    ? 'labels (IDX with one axis), which are not needed'
    : `an IDX file of ${shape.length} axes (${shape.join(' × ')}), which are no pictures`;
}
