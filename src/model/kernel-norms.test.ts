import { describe, expect, it } from 'vitest';
import { kernelNorms } from './kernel-norms';
import { tinyGeneratorSource } from './testing';

describe('kernelNorms', () => {
  it('sums over every input and place of a transposed kernel', () => {
    const source = tinyGeneratorSource();
    const norms = kernelNorms(source);
    const weight = source.tensors['main.0.weight']!;
    const [inputs = 0, filters = 0, height = 0, width = 0] = weight.shape;
    const expected = Array.from({ length: filters }, (_, filter) => {
      let sum = 0;
      for (let i = 0; i < inputs; i++) {
        for (let k = 0; k < height * width; k++) {
          sum += weight.data[(i * filters + filter) * height * width + k]! ** 2;
        }
      }
      return Math.sqrt(sum);
    });
    const found = Array.from(norms.get('main.0') ?? []);
    expect(found.length).toBe(filters);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });
});
