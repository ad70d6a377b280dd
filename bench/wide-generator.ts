import { writeSafetensors } from '../src/formats/safetensors/write';

/**
 * A file of a generator with as many filters in each inner layer: z 8 → 4×4 → 8×8 → 16×16×3, with weights
 * that are small and all different.
 */
export function wideGenerator(filters: number): Uint8Array {
  const layer = (id: string, count: number, activation: string, first = false) => ({
    kind: 'convTranspose',
    id,
    filters: count,
    kernel: [4, 4],
    stride: first ? [1, 1] : [2, 2],
    padding: {
      top: first ? 0 : 1,
      right: first ? 0 : 1,
      bottom: first ? 0 : 1,
      left: first ? 0 : 1,
    },
    outputPadding: { bottom: 0, right: 0 },
    bias: false,
    norm: { kind: 'none' },
    order: 'norm-activation',
    activation: { kind: activation },
  });
  const spec = {
    v: 1,
    role: 'generator',
    latent: { size: 8, prior: 'normal' },
    output: { height: 16, width: 16, channels: 3, range: [-1, 1] },
    layers: [
      layer('main.0', filters, 'relu', true),
      layer('main.3', filters, 'relu'),
      layer('main.6', 3, 'tanh'),
    ],
  };
  const tensor = (name: string, shape: number[]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length: size }, (_, i) => 0.05 * Math.sin(i * 12.9898));
    return { name, dtype: 'F16' as const, shape, data };
  };
  return writeSafetensors(
    [
      tensor('main.0.weight', [8, filters, 4, 4]),
      tensor('main.3.weight', [filters, filters, 4, 4]),
      tensor('main.6.weight', [filters, 3, 4, 4]),
    ],
    { spec: JSON.stringify(spec) },
  );
}
