// The layers with weights, as a textbook writes them: nested loops, no tricks. They are slow on purpose;
// the GPU is held against them. Activations are NHWC, weights as PyTorch lays them out, sums in doubles.

/** Height, width and channels of one sample; a vector is 1×1×n. */
export interface ImageShape {
  height: number;
  width: number;
  channels: number;
}

/** Pixels added (conv) or cut away (convTranspose) at each side. */
interface Sides {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Weights and geometry of a convolution; pairs are [vertical, horizontal]. */
export interface Convolution {
  /** conv: (filters, channels, kernel h, kernel w); convTranspose: (channels, filters, kernel h, kernel w). */
  weight: Float32Array;
  /** One number a filter. */
  bias?: Float32Array | undefined;
  filters: number;
  kernel: readonly [number, number];
  stride: readonly [number, number];
  padding: Sides;
}

/**
 * y = W·x + b for each of `count` vectors of `inputs` numbers; `weight` is (filters, inputs).
 * Returns count × filters numbers.
 */
export function dense(
  input: Float32Array,
  count: number,
  inputs: number,
  filters: number,
  weight: Float32Array,
  bias?: Float32Array,
): Float32Array {
  const output = new Float32Array(count * filters);
  for (let n = 0; n < count; n++) {
    for (let f = 0; f < filters; f++) {
      let sum = bias ? bias[f]! : 0;
      for (let i = 0; i < inputs; i++) sum += weight[f * inputs + i]! * input[n * inputs + i]!;
      output[n * filters + f] = sum;
    }
  }
  return output;
}

/**
 * Convolution as deep learning means it (a correlation: kernels are not flipped), with zeros around the
 * image. `output` is the shape that the caller has worked out: its height is
 * ⌊(height + top + bottom − kernel) / stride⌋ + 1. Returns count × output numbers, NHWC.
 */
export function conv(
  input: Float32Array,
  count: number,
  from: ImageShape,
  to: ImageShape,
  layer: Convolution,
): Float32Array {
  const output = new Float32Array(count * to.height * to.width * to.channels);
  let at = 0;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < to.height; y++) {
      for (let x = 0; x < to.width; x++) {
        for (let f = 0; f < to.channels; f++) {
          output[at++] = convAt(input, n, from, layer, y, x, f);
        }
      }
    }
  }
  return output;
}

/** One output number of a convolution: filter f at output pixel (y, x) of sample n. */
function convAt(
  input: Float32Array,
  n: number,
  { height, width, channels }: ImageShape,
  { weight, bias, kernel, stride, padding }: Convolution,
  y: number,
  x: number,
  f: number,
): number {
  const [kernelHeight, kernelWidth] = kernel;
  let sum = bias ? bias[f]! : 0;
  for (let ky = 0; ky < kernelHeight; ky++) {
    const inY = y * stride[0] + ky - padding.top;
    if (inY < 0 || inY >= height) continue;
    for (let kx = 0; kx < kernelWidth; kx++) {
      const inX = x * stride[1] + kx - padding.left;
      if (inX < 0 || inX >= width) continue;
      const pixel = ((n * height + inY) * width + inX) * channels;
      for (let c = 0; c < channels; c++) {
        const w = weight[((f * channels + c) * kernelHeight + ky) * kernelWidth + kx]!;
        sum += w * input[pixel + c]!;
      }
    }
  }
  return sum;
}

/**
 * Transposed ("fractionally strided") convolution: every input pixel stamps its kernel, scaled by its
 * value, onto the output at `stride` times its place; `padding` cuts the rim away, and rows that only
 * output padding adds get what stamps reach them, and the bias. Returns count × output numbers, NHWC.
 */
export function convTranspose(
  input: Float32Array,
  count: number,
  from: ImageShape,
  to: ImageShape,
  layer: Convolution,
): Float32Array {
  const size = to.height * to.width * to.channels;
  const output = new Float32Array(count * size);
  for (let n = 0; n < count; n++) {
    const canvas = new Float64Array(size);
    if (layer.bias) for (let i = 0; i < size; i++) canvas[i] = layer.bias[i % to.channels]!;
    for (let y = 0; y < from.height; y++) {
      for (let x = 0; x < from.width; x++) {
        const pixel = ((n * from.height + y) * from.width + x) * from.channels;
        stamp(canvas, input.subarray(pixel, pixel + from.channels), to, layer, y, x);
      }
    }
    output.set(canvas, n * size);
  }
  return output;
}

/** Adds the kernels of one input pixel (its `channels` values, at row y and column x) to the canvas. */
function stamp(
  canvas: Float64Array,
  pixel: Float32Array,
  to: ImageShape,
  { weight, filters, kernel, stride, padding }: Convolution,
  y: number,
  x: number,
): void {
  const [kernelHeight, kernelWidth] = kernel;
  for (let ky = 0; ky < kernelHeight; ky++) {
    const outY = y * stride[0] + ky - padding.top;
    if (outY < 0 || outY >= to.height) continue;
    for (let kx = 0; kx < kernelWidth; kx++) {
      const outX = x * stride[1] + kx - padding.left;
      if (outX < 0 || outX >= to.width) continue;
      const target = (outY * to.width + outX) * to.channels;
      for (let c = 0; c < pixel.length; c++) {
        for (let f = 0; f < filters; f++) {
          const w = weight[((c * filters + f) * kernelHeight + ky) * kernelWidth + kx]!;
          canvas[target + f]! += w * pixel[c]!;
        }
      }
    }
  }
}
