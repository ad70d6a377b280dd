import type { NamedArray } from './source';

/** Where a 4-D kernel has its height and width: last in torch and Theano, first in Keras and TF. */
export type KernelLayout = 'spatial-last' | 'spatial-first';

/**
 * Reorders the axes of an array: axis i of the result is axis `order[i]` of the input, so
 * `[3, 2, 0, 1]` takes Keras' (h, w, in, out) to torch's (out, in, h, w). A copy.
 */
function permuteAxes(array: NamedArray, order: readonly number[]): NamedArray {
  const { shape, data } = array;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const outShape = order.map((axis) => shape[axis] ?? 1);
  const outStrides = order.map((axis) => strides[axis] ?? 1);
  const out = new Float32Array(data.length);
  const index = new Array<number>(order.length).fill(0);
  let source = 0;
  for (let i = 0; i < out.length; i += 1) {
    out[i] = data[source] ?? 0;
    for (let axis = order.length - 1; axis >= 0; axis -= 1) {
      const at = (index[axis] ?? 0) + 1;
      const stride = outStrides[axis] ?? 0;
      source += stride;
      if (at < (outShape[axis] ?? 1)) {
        index[axis] = at;
        break;
      }
      source -= stride * at;
      index[axis] = 0;
    }
  }
  return { shape: outShape, data: out };
}

/** (a, b) → (b, a). */
export function transposeMatrix(array: NamedArray): NamedArray {
  return permuteAxes(array, [1, 0]);
}

/**
 * Turns each kernel of a (…, …, h, w) array by 180°: Theano's and Lasagne's convolution flips its kernels,
 * torch's and Keras' does not (theano.tensor.nnet.conv2d, filter_flip=True). A copy.
 */
export function flipKernels(array: NamedArray): NamedArray {
  const [height = 1, width = 1] = array.shape.slice(2);
  const area = height * width;
  const { data } = array;
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += area) {
    for (let i = 0; i < area; i += 1) out[start + i] = data[start + area - 1 - i] ?? 0;
  }
  return { shape: array.shape, data: out };
}

/**
 * A convolution's kernel in torch's layout, from where its file has height and width. Keras' (h, w, in, out)
 * becomes (out, in, h, w); its transposed (h, w, out, in) becomes (in, out, h, w): one permutation does both.
 */
export function kernelToTorch(array: NamedArray, layout: KernelLayout): NamedArray {
  return layout === 'spatial-last' ? array : permuteAxes(array, [3, 2, 0, 1]);
}
