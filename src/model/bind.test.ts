import { describe, expect, it } from 'vitest';
import { caughtAppError as caught } from '../lib/testing';
import { bindNetwork } from './bind';
import type { NamedArray, NetworkSource } from './source';
import { filledArray, tinyGeneratorSource } from './testing';

function withTensor(name: string, tensor: NamedArray | undefined): NetworkSource {
  const source = tinyGeneratorSource();
  const tensors: Record<string, NamedArray> = { ...source.tensors };
  if (tensor) tensors[name] = tensor;
  else delete tensors[name];
  return { ...source, tensors };
}

describe('bindNetwork', () => {
  it('gives each layer its shapes and weights and ignores other tensors', () => {
    const source = withTensor('main.1.num_batches_tracked', filledArray([1]));
    const [stem, last] = bindNetwork(source);
    expect(stem?.input).toEqual({ height: 1, width: 1, channels: 5 });
    expect(stem?.output).toEqual({ height: 4, width: 4, channels: 3 });
    expect(stem?.weight).toBe(source.tensors['main.0.weight']?.data);
    expect(stem?.norm?.variance).toEqual(Float32Array.of(0.5, 1, 2));
    expect(last).not.toHaveProperty('bias');
    expect(last).not.toHaveProperty('norm');
  });

  it.each(['main.3.weight', 'main.1.bias', 'main.1.running_var'])('misses %s by name', (name) => {
    const error = caught(() => bindNetwork(withTensor(name, undefined)));
    expect(error.code).toBe('weights-missing');
    expect(error.message).toContain(`'${name}'`);
  });

  it('needs no running statistics where the batch has its own', () => {
    const source = withTensor('main.1.running_mean', undefined);
    delete (source.tensors as Record<string, NamedArray>)['main.1.running_var'];
    expect(caught(() => bindNetwork(source)).code).toBe('weights-missing');
    const stem = source.spec.layers[0];
    if (stem?.norm.kind === 'batch') stem.norm.statistics = 'batch';
    expect(bindNetwork(source)[0]?.norm).not.toHaveProperty('mean');
  });

  it('refuses another shape, also one of the same size', () => {
    for (const shape of [
      [3, 5, 4, 4],
      [5, 3, 16],
      [5, 3, 4, 5],
    ]) {
      const error = caught(() => bindNetwork(withTensor('main.0.weight', filledArray(shape))));
      expect(error.code).toBe('weights-shape');
      expect(error.message).toContain(`[${shape.join(', ')}]`);
      expect(error.message).toContain('[5, 3, 4, 4]');
    }
    const short = { shape: [5, 3, 4, 4], data: new Float32Array(239) };
    expect(caught(() => bindNetwork(withTensor('main.0.weight', short))).message).toContain('239');
  });

  it.each([NaN, Infinity, -Infinity])('refuses the weight %s by name and position', (value) => {
    const broken = filledArray([3, 3, 4, 4]);
    broken.data[77] = value;
    const error = caught(() => bindNetwork(withTensor('main.3.weight', broken)));
    expect(error.code).toBe('weights-not-finite');
    expect(error.message).toContain('77');
    expect(error.message).toContain("'main.3.weight'");
  });

  it('refuses negative variances', () => {
    const variance = { shape: [3], data: Float32Array.of(1, -0.1, 1) };
    const error = caught(() => bindNetwork(withTensor('main.1.running_var', variance)));
    expect(error.code).toBe('weights-variance');
  });

  it('does not mistake inherited properties for tensors', () => {
    const source = tinyGeneratorSource();
    const tensors = Object.create(source.tensors) as Record<string, NamedArray>;
    expect(caught(() => bindNetwork({ ...source, tensors })).code).toBe('weights-missing');
  });
});
