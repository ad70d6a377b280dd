import type { NamedArray, NetworkSource } from '../src/model/source';
import type { ConvTransposeLayer, GeneratorSpec } from '../src/model/spec';

/** The PyTorch tutorial's generator with `width` base filters and 64×64 pixels, without batch norm. */
export function tutorialGenerator(width: number): NetworkSource {
  const filters = [8 * width, 4 * width, 2 * width, width, 3];
  const layers = filters.map((count, index) => layer(index, count, index === filters.length - 1));
  const spec: GeneratorSpec = {
    v: 1,
    role: 'generator',
    latent: { size: 100, prior: 'normal' },
    output: { height: 64, width: 64, channels: 3, range: [-1, 1] },
    layers,
  };
  const tensors: Record<string, NamedArray> = {};
  layers.forEach(({ id, filters: outputs }, index) => {
    const inputs = layers[index - 1]?.filters ?? spec.latent.size;
    tensors[`${id}.weight`] = {
      shape: [inputs, outputs, 4, 4],
      // The variance that keeps activations near one through ReLU.
      data: noise(inputs * outputs * 16, index + 1, 1 / Math.sqrt(inputs * (index === 0 ? 1 : 2))),
    };
    tensors[`${id}.bias`] = { shape: [outputs], data: noise(outputs, index + 100, 0.1) };
  });
  return { spec, tensors };
}

function layer(index: number, filters: number, last: boolean): ConvTransposeLayer {
  const side = index === 0 ? 0 : 1;
  return {
    id: `main.${index}`,
    kind: 'convTranspose',
    filters,
    kernel: [4, 4],
    stride: index === 0 ? [1, 1] : [2, 2],
    padding: { top: side, right: side, bottom: side, left: side },
    outputPadding: { bottom: 0, right: 0 },
    bias: true,
    norm: { kind: 'none' },
    order: 'norm-activation',
    activation: last ? { kind: 'tanh' } : { kind: 'relu' },
  };
}

/** Seeded uniform numbers of a standard deviation (mulberry32). */
export function noise(length: number, seed: number, deviation: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const uniform = ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    result[i] = (uniform * 2 - 1) * Math.sqrt(3) * deviation;
  }
  return result;
}
