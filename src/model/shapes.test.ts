import { describe, expect, it } from 'vitest';
import { caughtAppError as caught } from '../lib/testing';
import { inferShapes, layerOutputShape } from './shapes';
import type { DiscriminatorSpec, JudgeSpec, LayerSpec } from './spec';
import { convolution, tinyGeneratorSpec, transposed } from './testing';

const base = {
  norm: { kind: 'none' },
  order: 'norm-activation',
  activation: { kind: 'none' },
} as const;
const square = (n: number) => ({ top: n, right: n, bottom: n, left: n });

describe('layerOutputShape', () => {
  const from8 = { height: 8, width: 6, channels: 2 };
  const cases: [string, LayerSpec, string][] = [
    ['k4 s2 p1 transposed doubles', transposed('a', 7), '16 12 7'],
    [
      'k5 s2 p2 op1 transposed doubles',
      transposed('a', 7, {
        kernel: [5, 5],
        padding: square(2),
        outputPadding: { bottom: 1, right: 1 },
      }),
      '16 12 7',
    ],
    [
      'asymmetric transposed',
      transposed('a', 1, {
        kernel: [3, 2],
        stride: [2, 1],
        padding: { top: 0, right: 1, bottom: 1, left: 0 },
      }),
      '16 6 1',
    ],
    ['k3 s1 p1 conv keeps', convolution('a', 4), '8 6 4'],
    [
      "Keras 'same' at k4 s1",
      convolution('a', 4, { kernel: [4, 4], padding: { top: 1, right: 2, bottom: 2, left: 1 } }),
      '8 6 4',
    ],
    [
      'strided conv rounds down',
      convolution('a', 4, { stride: [2, 2], padding: square(0) }),
      '3 2 4',
    ],
    [
      'upsample',
      { ...base, kind: 'upsample', id: 'a', factor: [2, 3], mode: 'nearest' },
      '16 18 2',
    ],
    ['flatten', { ...base, kind: 'flatten', id: 'a', memoryOrder: 'nchw' }, '1 1 96'],
  ];
  it.each(cases)('%s', (_name, layer, expected) => {
    const { height, width, channels } = layerOutputShape(layer, from8);
    expect(`${height} ${width} ${channels}`).toBe(expected);
  });

  it('refuses a kernel that is larger than the image', () => {
    const layer = convolution('big', 4, { kernel: [11, 11] });
    const error = caught(() => layerOutputShape(layer, from8));
    expect(error.code).toBe('spec-shape');
    expect(error.message).toContain("'big'");
    expect(error.message).toContain('8×6×2');
  });

  it('refuses a dense layer on an image, whose order of numbers nobody stated', () => {
    const layer: LayerSpec = { ...base, kind: 'dense', id: 'd', filters: 3, bias: true };
    expect(caught(() => layerOutputShape(layer, from8)).message).toContain('flatten');
    expect(layerOutputShape(layer, { height: 1, width: 1, channels: 9 }).channels).toBe(3);
  });

  it('refuses a reshape of another size', () => {
    const layer: LayerSpec = {
      ...base,
      kind: 'reshape',
      id: 'r',
      height: 4,
      width: 4,
      channels: 2,
      memoryOrder: 'nchw',
    };
    const error = caught(() => layerOutputShape(layer, { height: 1, width: 1, channels: 31 }));
    expect(error.message).toContain('32');
    expect(error.message).toContain('1×1×31');
  });

  it('refuses outputs that would fill the memory', () => {
    const layer: LayerSpec = {
      ...base,
      kind: 'upsample',
      id: 'u',
      factor: [64, 64],
      mode: 'nearest',
    };
    const error = caught(() => layerOutputShape(layer, { height: 64, width: 64, channels: 64 }));
    expect(error.code).toBe('spec-shape');
  });
});

describe('inferShapes', () => {
  it('walks a generator from 1×1×z to its image', () => {
    expect(inferShapes(tinyGeneratorSpec())).toEqual([
      { height: 4, width: 4, channels: 3 },
      { height: 8, width: 8, channels: 3 },
    ]);
  });

  it('refuses a generator that ends with another image than it says', () => {
    const spec = tinyGeneratorSpec();
    spec.output.width = 16;
    const error = caught(() => inferShapes(spec));
    expect(error.message).toContain("'main.3'");
    expect(error.message).toContain('8×8×3');
    expect(error.message).toContain('8×16×3');
  });

  it('refuses names that are used twice, norms included', () => {
    const spec = tinyGeneratorSpec();
    spec.layers[1] = transposed('main.1', 3);
    expect(caught(() => inferShapes(spec)).code).toBe('spec-layer-id');
  });

  it('refuses no layers', () => {
    expect(caught(() => inferShapes({ ...tinyGeneratorSpec(), layers: [] })).code).toBe(
      'spec-empty',
    );
  });

  it('lets a discriminator end as it likes, but a judge with one number an output', () => {
    const input = { height: 8, width: 8, channels: 3, range: [-1, 1] } as const;
    const layers = [convolution('a', 1, { stride: [2, 2] })];
    const discriminator: DiscriminatorSpec = { v: 1, role: 'discriminator', input, layers };
    expect(inferShapes(discriminator)).toEqual([{ height: 4, width: 4, channels: 1 }]);
    const judge: JudgeSpec = {
      v: 1,
      role: 'judge',
      input,
      layers,
      outputs: [{ name: 'smile', kind: 'probability' }],
    };
    expect(caught(() => inferShapes(judge)).message).toContain('smile');
  });
});
