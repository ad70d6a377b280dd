import { describe, expect, it } from 'vitest';
import { caughtAppError } from '../lib/testing';
import type { ForeignNetwork, Framework } from './foreign';
import { inferNetwork } from './infer';

/** A network of arrays with these shapes; variances are 1, all else small. */
function network(shapes: Record<string, number[]>, framework: Framework = 'torch'): ForeignNetwork {
  const arrays = Object.entries(shapes).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    return { name, shape, data: data.fill(/var/.test(name) ? 1 : 0.01) };
  });
  return { label: 'test', framework, arrays, notes: [] };
}

function norm(name: string, channels: number): Record<string, number[]> {
  const suffixes = ['weight', 'bias', 'running_mean', 'running_var'];
  return Object.fromEntries(suffixes.map((suffix) => [`${name}.${suffix}`, [channels]]));
}

/** 'convTranspose 4×4 s2 p1 → 8' for each layer, and the image that comes out. */
function summary(given: ForeignNetwork, overrides = {}): string[] {
  const { spec } = inferNetwork(given, overrides).source;
  const image = spec.role === 'generator' ? spec.output : spec.input;
  return [
    ...spec.layers.map((layer) => {
      const steps =
        'stride' in layer
          ? ` ${layer.kernel.join('×')} s${layer.stride[0]} p${layer.padding.top}`
          : '';
      const on = layer.norm.kind === 'batch' ? ` bn:${layer.norm.id}` : '';
      return `${layer.id} ${layer.kind}${steps}${on} ${layer.activation.kind}`;
    }),
    `${spec.role} ${image.height}×${image.width}×${image.channels}`,
  ];
}

describe('inferNetwork', () => {
  it("reads the PyTorch tutorial's generator", () => {
    const given = network({
      'main.0.weight': [100, 16, 4, 4],
      ...norm('main.1', 16),
      'main.3.weight': [16, 8, 4, 4],
      ...norm('main.4', 8),
      'main.6.weight': [8, 4, 4, 4],
      ...norm('main.7', 4),
      'main.9.weight': [4, 2, 4, 4],
      ...norm('main.10', 2),
      'main.12.weight': [2, 3, 4, 4],
    });
    expect(summary(given)).toEqual([
      'main.0 convTranspose 4×4 s1 p0 bn:main.1 relu',
      'main.3 convTranspose 4×4 s2 p1 bn:main.4 relu',
      'main.6 convTranspose 4×4 s2 p1 bn:main.7 relu',
      'main.9 convTranspose 4×4 s2 p1 bn:main.10 relu',
      'main.12 convTranspose 4×4 s2 p1 tanh',
      'generator 64×64×3',
    ]);
  });

  it('gives norms that are listed behind all layers to the layers whose channels they have', () => {
    const given = network({
      'tconv1.weight': [100, 16, 4, 4],
      'tconv2.weight': [16, 8, 4, 4],
      'tconv3.weight': [8, 4, 4, 4],
      'tconv4.weight': [4, 3, 4, 4],
      ...norm('bn1', 16),
      ...norm('bn2', 8),
      ...norm('bn3', 4),
    });
    expect(summary(given)).toEqual([
      'tconv1 convTranspose 4×4 s1 p0 bn:bn1 relu',
      'tconv2 convTranspose 4×4 s2 p1 bn:bn2 relu',
      'tconv3 convTranspose 4×4 s2 p1 bn:bn3 relu',
      'tconv4 convTranspose 4×4 s2 p1 tanh',
      'generator 32×32×3',
    ]);
  });

  it('finds the upsampling between numbered modules (l1, conv_blocks) and its odd eps', () => {
    const given = network({
      'l1.0.weight': [8 * 64, 100],
      'l1.0.bias': [8 * 64],
      ...norm('conv_blocks.0', 8),
      'conv_blocks.2.weight': [8, 8, 3, 3],
      'conv_blocks.2.bias': [8],
      ...norm('conv_blocks.3', 8),
      'conv_blocks.6.weight': [4, 8, 3, 3],
      'conv_blocks.6.bias': [4],
      ...norm('conv_blocks.7', 4),
      'conv_blocks.9.weight': [3, 4, 3, 3],
      'conv_blocks.9.bias': [3],
    });
    expect(summary(given)).toEqual([
      'l1.0 dense none',
      'reshape reshape bn:conv_blocks.0 none',
      'conv_blocks.2.upsample upsample none',
      'conv_blocks.2 conv 3×3 s1 p1 bn:conv_blocks.3 leakyRelu',
      'conv_blocks.6.upsample upsample none',
      'conv_blocks.6 conv 3×3 s1 p1 bn:conv_blocks.7 leakyRelu',
      'conv_blocks.9 conv 3×3 s1 p1 tanh',
      'generator 32×32×3',
    ]);
    const { spec } = inferNetwork(given).source;
    expect(spec.layers.map((layer) => layer.norm)).toMatchObject([
      {},
      { eps: 1e-5 },
      {},
      { eps: 0.8 },
      {},
      { eps: 0.8 },
      {},
    ]);
  });

  it('finds 28×28 for grey images, with and without padding', () => {
    const unpadded = network({
      'gen.0.0.weight': [10, 16, 3, 3],
      'gen.1.0.weight': [16, 8, 4, 4],
      'gen.2.0.weight': [8, 4, 3, 3],
      'gen.3.0.weight': [4, 1, 4, 4],
    });
    expect(summary(unpadded).at(-1)).toBe('generator 28×28×1');
    const dense = network({
      'fc.weight': [8 * 49, 64],
      'fc.bias': [8 * 49],
      'deconv1.weight': [8, 4, 4, 4],
      'deconv2.weight': [4, 1, 4, 4],
    });
    expect(summary(dense).at(-1)).toBe('generator 28×28×1');
  });

  it('reads Keras weights without a configuration', () => {
    const given = network(
      {
        'dense/kernel': [100, 4 * 4 * 8],
        'dense/bias': [4 * 4 * 8],
        'conv2d_transpose/kernel': [5, 5, 4, 8],
        'conv2d_transpose/bias': [4],
        'batch_normalization/gamma': [4],
        'batch_normalization/beta': [4],
        'batch_normalization/moving_mean': [4],
        'batch_normalization/moving_variance': [4],
        'conv2d_transpose_1/kernel': [5, 5, 3, 4],
        'conv2d_transpose_1/bias': [3],
      },
      'keras',
    );
    expect(summary(given)).toEqual([
      'dense dense relu',
      'reshape reshape none',
      'conv2d_transpose convTranspose 5×5 s2 p1 bn:batch_normalization relu',
      'conv2d_transpose_1 convTranspose 5×5 s2 p1 tanh',
      'generator 16×16×3',
    ]);
    expect(inferNetwork(given).source.spec.layers[1]).toMatchObject({ memoryOrder: 'nhwc' });
  });

  it('reads a discriminator and the size of its images', () => {
    const given = network({
      'main.0.weight': [8, 3, 4, 4],
      'main.2.weight': [16, 8, 4, 4],
      ...norm('main.3', 16),
      'main.5.weight': [32, 16, 4, 4],
      ...norm('main.6', 32),
      'main.8.weight': [64, 32, 4, 4],
      ...norm('main.9', 64),
      'main.11.weight': [1, 64, 4, 4],
    });
    expect(summary(given).slice(-2)).toEqual([
      'main.11 conv 4×4 s1 p0 none',
      'discriminator 64×64×3',
    ]);
  });

  it('does what is chosen, and only that', () => {
    const given = network({ 'a.weight': [5, 8, 4, 4], 'b.weight': [8, 3, 4, 4] });
    const before = inferNetwork(given);
    const cell = before.assumptions.find(({ key }) => key === 'layers.b.geometry');
    expect(cell?.choices.map(({ value }) => value)).toContain('s1 p0');
    expect(summary(given, { 'layers.b.geometry': 's1 p0', 'layers.a.activation': 'elu' })).toEqual([
      'a convTranspose 4×4 s1 p0 elu',
      'b convTranspose 4×4 s1 p0 tanh',
      'generator 7×7×3',
    ]);
    expect(inferNetwork(given, { prior: 'uniform' }).source.spec).toMatchObject({
      latent: { prior: 'uniform' },
    });
  });

  it('divides by the spectral norm', () => {
    const given = network({ 'a.weight_orig': [5, 8, 4, 4], 'b.weight': [8, 3, 4, 4] });
    const vector = (name: string, length: number) => {
      const data = new Float32Array(length).fill(1 / Math.sqrt(length));
      return { name, shape: [length], data };
    };
    const arrays = [...given.arrays, vector('a.weight_u', 8), vector('a.weight_v', 80)];
    const { tensors } = inferNetwork({ ...given, arrays }).source;
    // A constant matrix c of 8 × 80 has the norm c·√640.
    expect(tensors['a.weight']?.data[0]).toBeCloseTo(1 / Math.sqrt(640), 5);
  });

  it('refuses residual blocks by their shortcuts, which between equal channels would fit a chain', () => {
    const block = (name: string, shortcut: string): Record<string, number[]> => ({
      [`${name}.c1.weight`]: [16, 16, 3, 3],
      [`${name}.c2.weight`]: [16, 16, 3, 3],
      ...norm(`${name}.b1`, 16),
      ...norm(`${name}.b2`, 16),
      [`${name}.${shortcut}.weight`]: [16, 16, 1, 1],
    });
    for (const shortcut of ['c_sc', 'skip', 'shortcut.0', 'conv_shortcut', 'downsample.0']) {
      const given = network({
        'l1.weight': [256, 8],
        ...block('block2', shortcut),
        ...block('block3', shortcut),
        'c5.weight': [3, 16, 3, 3],
      });
      const { code, message } = caughtAppError(() => inferNetwork(given));
      expect(code).toBe('infer-shortcut');
      expect(message).toContain(`'block2.${shortcut}'`);
    }
    // A 1×1 layer with another name is a layer like others.
    const chain = network({
      'l1.weight': [256, 8],
      ...block('block2', 'c3'),
      'c5.weight': [3, 16, 3, 3],
    });
    expect(inferNetwork(chain).source.spec.role).toBe('generator');
  });

  it('names the layer, its shape and what was expected where nothing fits', () => {
    const given = network({ 'a.weight': [5, 8, 4, 4], 'b.weight': [9, 3, 4, 4] });
    const { code, message } = caughtAppError(() => inferNetwork(given));
    expect(code).toBe('infer-chain');
    expect(message).toContain("'b'");
    expect(message).toContain('[9, 3, 4, 4]');
    expect(message).toContain('gives 8 channels');
  });
});
