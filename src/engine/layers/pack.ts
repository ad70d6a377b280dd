/**
 * Weights in the layouts that TensorFlow.js reads, out of torch's. Plain loops over plain arrays.
 */

/** [filters, inputs] → [inputs, filters]. */
export function packDense(weight: Float32Array, filters: number, inputs: number): Float32Array {
  const packed = new Float32Array(weight.length);
  for (let f = 0; f < filters; f++) {
    for (let i = 0; i < inputs; i++) packed[i * filters + f] = weight[f * inputs + i] ?? 0;
  }
  return packed;
}

/** [filters, in, kh, kw] → [kh, kw, in, filters]. */
export function packConv(
  weight: Float32Array,
  filters: number,
  inputs: number,
  kernel: readonly [number, number],
): Float32Array {
  const taps = kernel[0] * kernel[1];
  const packed = new Float32Array(weight.length);
  for (let f = 0; f < filters; f++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < taps; tap++) {
        packed[(tap * inputs + i) * filters + f] = weight[(f * inputs + i) * taps + tap] ?? 0;
      }
    }
  }
  return packed;
}

/** [in, filters, kh, kw] → [in, kh·kw·filters]: what a single pixel becomes in a transposed convolution. */
export function packStem(
  weight: Float32Array,
  inputs: number,
  filters: number,
  kernel: readonly [number, number],
): Float32Array {
  const taps = kernel[0] * kernel[1];
  const packed = new Float32Array(weight.length);
  for (let i = 0; i < inputs; i++) {
    for (let f = 0; f < filters; f++) {
      for (let tap = 0; tap < taps; tap++) {
        packed[(i * taps + tap) * filters + f] = weight[(i * filters + f) * taps + tap] ?? 0;
      }
    }
  }
  return packed;
}

/**
 * A transposed convolution as ONE ordinary convolution of stride 1 that computes all its output phases
 * at once: [in, filters, kh, kw] → [th, tw, in, sh·sw·filters] with t = ⌈k / s⌉ taps.
 *
 * Output row u of the full (uncropped) result is q·s + r; only kernel rows t·s + r reach it, from input
 * rows q − t. So phase r is a correlation of t taps, the last kernel row first. Where k is no multiple of
 * s some taps do not exist and stay zero.
 */
export function packPhases(
  weight: Float32Array,
  inputs: number,
  filters: number,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): Float32Array {
  const [kernelH, kernelW] = kernel;
  const [strideH, strideW] = stride;
  const tapsH = Math.ceil(kernelH / strideH);
  const tapsW = Math.ceil(kernelW / strideW);
  const phases = strideH * strideW;
  const packed = new Float32Array(tapsH * tapsW * inputs * phases * filters);
  for (let y = 0; y < kernelH; y++) {
    for (let x = 0; x < kernelW; x++) {
      const tap =
        (tapsH - 1 - Math.floor(y / strideH)) * tapsW + (tapsW - 1 - Math.floor(x / strideW));
      const phase = (y % strideH) * strideW + (x % strideW);
      for (let i = 0; i < inputs; i++) {
        const to = ((tap * inputs + i) * phases + phase) * filters;
        const from = i * filters * kernelH * kernelW + y * kernelW + x;
        for (let f = 0; f < filters; f++) {
          packed[to + f] = weight[from + f * kernelH * kernelW] ?? 0;
        }
      }
    }
  }
  return packed;
}

/** A bias for each phase: the same one `phases` times. */
export function repeatBias(bias: Float32Array, phases: number): Float32Array {
  const repeated = new Float32Array(bias.length * phases);
  for (let phase = 0; phase < phases; phase++) repeated.set(bias, phase * bias.length);
  return repeated;
}
