import { describe, expect, it } from 'vitest';
import { bindNetwork, type BoundLayer } from '../../model/bind';
import { runReference } from '../../model/reference';
import { inferShapes, inputShape } from '../../model/shapes';
import type { NetworkSource } from '../../model/source';
import type { DiscriminatorSpec, LayerSpec } from '../../model/spec';
import { convolution, transposed } from '../../model/testing';
import { rawWeights } from '../layers/fold';
import { planGather } from './gather-plan';
import { assembleTileKernels } from './tile-kernel';
import { encodeRecord, readKernels, runItem } from './tile-record';

/** Numbers that repeat after a prime, so that a wrong index does not pass. */
function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + 1) * (seed + 7) * 31) % 97) / 97 - 0.5);
}

function singleLayer(layer: LayerSpec, input: { height: number; width: number; channels: number }) {
  const spec: DiscriminatorSpec = {
    v: 1,
    role: 'discriminator',
    input: { ...input, range: [-1, 1] },
    layers: [layer],
  };
  const filters = inferShapes(spec)[0]?.channels ?? 0;
  const shapes: Record<string, number[]> = {};
  const { channels } = inputShape(spec);
  if (layer.kind === 'dense') shapes['weight'] = [filters, channels];
  if (layer.kind === 'conv') shapes['weight'] = [filters, channels, ...layer.kernel];
  if (layer.kind === 'convTranspose') shapes['weight'] = [channels, filters, ...layer.kernel];
  shapes['bias'] = [filters];
  const tensors: NetworkSource['tensors'] = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], index) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return [`${layer.id}.${name}`, { shape, data: numbers(size, index) }];
    }),
  );
  return { spec, tensors };
}

/** Runs a layer on the kernels in a memory of its own, in items of `splits` ranges of images. */
async function runOnKernel(
  layer: BoundLayer,
  x: Float32Array,
  count: number,
  { slope = 1, splits = 1 } = {},
): Promise<Float32Array> {
  const memory = new WebAssembly.Memory({ initial: 40 });
  let end = 64;
  const put = (data: Float32Array | Int32Array): number => {
    const address = end;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(memory.buffer).set(bytes, address);
    end += Math.ceil(data.byteLength / 64) * 64;
    return address;
  };
  const module = await WebAssembly.compile(assembleTileKernels(false, null));
  const kernels = readKernels(await WebAssembly.instantiate(module, { env: { memory } }));
  const plan = planGather(layer, rawWeights(layer));
  const phases = plan.phases.map(({ panels, tables }) => ({
    panels: put(panels),
    tables: tables.map(({ offsets }) => put(offsets)),
  }));
  const zeros = put(new Float32Array(plan.channels));
  const record = put(encodeRecord(plan, { phases, zeros }, slope));
  const from = put(x);
  const size = (count * plan.outputBytes) / 4;
  const out = put(new Float32Array(size).fill(NaN));
  const items = plan.phases.length * plan.blocks * splits;
  const job = { record, x: from, out, count, splits, items };
  const view = new Int32Array(memory.buffer);
  for (let item = 0; item < items; item++) runItem(kernels, view, job, item, 0);
  return new Float32Array(memory.buffer, out, size).slice();
}

async function expectReference(
  layer: LayerSpec,
  input: { height: number; width: number; channels: number },
  count: number,
  splits = 1,
) {
  const source = singleLayer(layer, input);
  const [bound] = bindNetwork(source);
  if (!bound) throw new Error('no layer');
  const x = numbers(count * input.height * input.width * input.channels, 3);
  const slope = layer.activation.kind === 'leakyRelu' ? layer.activation.slope : 1;
  const actual = await runOnKernel(bound, x, count, { slope, splits });
  const expected = runReference(source, x, count).data;
  expect(actual.length).toBe(expected.length);
  const worst = actual.reduce((w, value, i) => Math.max(w, Math.abs(value - expected[i]!)), 0);
  expect(worst).toBeLessThan(1e-5);
}

const bias = { bias: true } as const;

describe('tile kernels', () => {
  it('run transposed convolutions of stride two, whatever the kernel', async () => {
    const input = { height: 3, width: 4, channels: 9 };
    await expectReference(transposed('a', 16, bias), input, 2);
    await expectReference(transposed('a', 3, { ...bias, kernel: [5, 3] }), input, 1);
    await expectReference(transposed('a', 11, { ...bias, kernel: [2, 7] }), input, 3);
    const outputPadding = { bottom: 1, right: 0 };
    await expectReference(transposed('a', 5, { ...bias, kernel: [3, 6], outputPadding }), input, 1);
  });

  it('give pixels that no kernel row reaches their bias', async () => {
    const padding = { top: 0, right: 0, bottom: 0, left: 0 };
    const outputPadding = { bottom: 1, right: 1 };
    const layer = transposed('a', 4, { ...bias, kernel: [1, 1], padding, outputPadding });
    await expectReference(layer, { height: 3, width: 3, channels: 4 }, 2);
  });

  it('run convolutions with stride and uneven padding', async () => {
    const input = { height: 7, width: 6, channels: 3 };
    await expectReference(convolution('a', 10), input, 2);
    const padding = { top: 1, right: 2, bottom: 2, left: 1 };
    await expectReference(convolution('a', 1, { kernel: [4, 4], padding }), input, 1);
    await expectReference(convolution('a', 7, { kernel: [3, 2], stride: [2, 1] }), input, 2);
  });

  it('run dense layers for any number of samples', async () => {
    const layer: LayerSpec = {
      kind: 'dense',
      id: 'd',
      filters: 13,
      bias: true,
      norm: { kind: 'none' },
      order: 'norm-activation',
      activation: { kind: 'leakyRelu', slope: 0.2 },
    };
    for (const count of [1, 5, 6, 7, 20]) {
      await expectReference(layer, { height: 1, width: 1, channels: 10 }, count);
    }
  });

  it('come to the same however the images are split among threads', async () => {
    const input = { height: 4, width: 4, channels: 8 };
    for (const splits of [2, 3, 5])
      await expectReference(transposed('a', 12, bias), input, 5, splits);
  });

  it('compute tanh to seven digits, and nothing outside [−1, 1]', async () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const module = await WebAssembly.compile(assembleTileKernels(false, null));
    const kernels = readKernels(await WebAssembly.instantiate(module, { env: { memory } }));
    const inputs = [0, 1e-6, -1e-3, 0.1, -0.5, 1, -2, 4, -7.9, 8, -20, 1e30, -Infinity, 3, 5, 6];
    const view = new Float32Array(memory.buffer, 64, inputs.length + 1);
    view.set(inputs);
    view[inputs.length] = 7;
    kernels.tanh(64, inputs.length / 4);
    inputs.forEach((x, i) => {
      expect(Math.abs(view[i]! - Math.tanh(x))).toBeLessThan(5e-7);
      expect(Math.abs(view[i]!)).toBeLessThanOrEqual(1);
    });
    expect(view[inputs.length]).toBe(7);
  });

  it('are valid modules with fused arithmetic and shared memory too', () => {
    // Node 20 knows no relaxed SIMD; its bytes are then tested by the engine's browser tests alone.
    expect(WebAssembly.validate(assembleTileKernels(false, 64))).toBe(true);
    expect(assembleTileKernels(true, null).length).toBeGreaterThan(1000);
  });
});
