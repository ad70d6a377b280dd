import { describe, expect, it } from 'vitest';
import { conv, convTranspose, dense } from './linear';
import { activate, batchNorm, channelStatistics, scaleUnits } from './pointwise';
import { flattenImages, reshapeToImages, upsampleBilinear, upsampleNearest } from './resample';

// Cases small enough to work out by hand; the PyTorch goldens (model/goldens.test.ts) cover the rest.

const noPadding = { top: 0, right: 0, bottom: 0, left: 0 };
const list = (data: Float32Array) => Array.from(data);
const shape = (height: number, width: number, channels: number) => ({ height, width, channels });

describe('linear layers', () => {
  it('dense multiplies rows of the weight matrix', () => {
    const weight = Float32Array.of(1, 2, 3, 10, 20, 30);
    const x = Float32Array.of(1, 1, 1, 0, 1, 0);
    expect(list(dense(x, 2, 3, 2, weight, Float32Array.of(0.5, 0)))).toEqual([6.5, 60, 2.5, 20]);
  });

  it('conv correlates without flipping the kernel', () => {
    const layer = {
      weight: Float32Array.of(1, 10),
      filters: 1,
      kernel: [1, 2],
      stride: [1, 1],
      padding: noPadding,
    } as const;
    const x = Float32Array.of(1, 2, 3);
    expect(list(conv(x, 1, shape(1, 3, 1), shape(1, 2, 1), layer))).toEqual([21, 32]);
  });

  it('conv pads each side on its own', () => {
    const layer = {
      weight: Float32Array.of(1, 10),
      filters: 1,
      kernel: [1, 2],
      stride: [1, 1],
      padding: { ...noPadding, left: 1 },
    } as const;
    const x = Float32Array.of(1, 2, 3);
    expect(list(conv(x, 1, shape(1, 3, 1), shape(1, 3, 1), layer))).toEqual([10, 21, 32]);
  });

  it('transposed conv stamps its kernel at every stride', () => {
    const layer = {
      weight: Float32Array.of(1, 2, 3),
      bias: Float32Array.of(0.5),
      filters: 1,
      kernel: [1, 3],
      stride: [1, 2],
      padding: noPadding,
    } as const;
    const x = Float32Array.of(1, 10);
    const full = convTranspose(x, 1, shape(1, 2, 1), shape(1, 5, 1), layer);
    expect(list(full)).toEqual([1.5, 2.5, 13.5, 20.5, 30.5]);
    // Cut one pixel on the left, and ask for one more on the right than any stamp reaches.
    const cut = { ...layer, padding: { ...noPadding, left: 1 } };
    const moved = convTranspose(x, 1, shape(1, 2, 1), shape(1, 5, 1), cut);
    expect(list(moved)).toEqual([2.5, 13.5, 20.5, 30.5, 0.5]);
  });

  it('transposed conv is the adjoint of conv: ⟨conv x, y⟩ = ⟨x, convTranspose y⟩', () => {
    const geometry = {
      kernel: [3, 4],
      stride: [2, 1],
      padding: { top: 1, right: 2, bottom: 0, left: 1 },
    } as const;
    const wave = (size: number, step: number) =>
      Float32Array.from({ length: size }, (_, i) => Math.sin(1 + step * i));
    const [big, small] = [shape(6, 5, 2), shape(3, 5, 3)];
    const [x, y, weight] = [wave(60, 0.7), wave(45, 1.3), wave(3 * 2 * 12, 2.1)];
    // (filters, channels, …) of one is (channels, filters, …) of the other.
    const forward = conv(x, 1, big, small, { ...geometry, filters: 3, weight });
    const back = convTranspose(y, 1, small, big, { ...geometry, filters: 2, weight });
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(dot(forward, y)).toBeCloseTo(dot(x, back), 4);
  });
});

describe('resampling', () => {
  it('nearest repeats', () => {
    const x = Float32Array.of(1, 2);
    expect(list(upsampleNearest(x, 1, shape(1, 2, 1), [2, 2]))).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it('bilinear has its pixel centres at halves', () => {
    const x = Float32Array.of(0, 4);
    expect(list(upsampleBilinear(x, 1, shape(1, 2, 1), [1, 2]))).toEqual([0, 1, 3, 4]);
    expect(list(upsampleBilinear(x, 1, shape(2, 1, 1), [2, 1]))).toEqual([0, 1, 3, 4]);
  });

  it('reads vectors as images, channels first or last, and back', () => {
    const vector = Float32Array.from({ length: 24 }, (_, i) => i);
    const image = shape(2, 3, 2);
    const images = reshapeToImages(vector, 2, image, 'nchw');
    expect(list(images.slice(0, 6))).toEqual([0, 6, 1, 7, 2, 8]);
    expect(flattenImages(images, 2, image, 'nchw')).toEqual(vector);
    expect(flattenImages(reshapeToImages(vector, 2, image, 'nhwc'), 2, image, 'nhwc')).toEqual(
      vector,
    );
  });
});

describe('norm, activations, units', () => {
  it("takes each channel's mean and biased variance", () => {
    const { mean, variance } = channelStatistics(Float32Array.of(1, 5, 3, 5), 2);
    expect([list(mean), list(variance)]).toEqual([
      [2, 5],
      [1, 0],
    ]);
  });

  it('normalises each channel', () => {
    const statistics = { mean: Float32Array.of(1, 0), variance: Float32Array.of(3, 0) };
    const x = Float32Array.of(3, 2);
    expect(list(batchNorm(x, statistics, Float32Array.of(5, 1), Float32Array.of(1, 7), 1))).toEqual(
      [6, 9],
    );
  });

  it('activates', () => {
    const x = Float32Array.of(-1, 0, 2);
    expect(list(activate(x, 'relu'))).toEqual([0, 0, 2]);
    expect(list(activate(x, 'leakyRelu', 0.5))).toEqual([-0.5, 0, 2]);
    expect(list(activate(x, 'none'))).toEqual([-1, 0, 2]);
    expect(activate(x, 'elu')[0]).toBeCloseTo(Math.exp(-1) - 1);
    expect(activate(x, 'tanh')[2]).toBeCloseTo(Math.tanh(2));
    expect(activate(x, 'sigmoid')[1]).toBe(0.5);
    expect(list(activate(Float32Array.of(-1e9, 1e9), 'sigmoid'))).toEqual([0, 1]);
  });

  it('scales the maps that are named', () => {
    expect(list(scaleUnits(Float32Array.of(1, 2, 3, 4, 5, 6), 3, { 1: 0, 2: 0.5 }))).toEqual([
      1, 0, 1.5, 4, 0, 3,
    ]);
  });
});
