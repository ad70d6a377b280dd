import { describe, expect, it } from 'vitest';
import { packConv, packDense, packPhases, packStem, repeatBias } from './pack';

const count = (length: number) => Float32Array.from({ length }, (_, i) => i + 1);

describe('weights out of torch layouts', () => {
  it('turns dense weights around', () => {
    expect([...packDense(count(6), 2, 3)]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('puts filters last in convolutions', () => {
    // [filters 2, in 1, 1, 2] → [1, 2, in 1, filters 2]
    expect([...packConv(count(4), 2, 1, [1, 2])]).toEqual([1, 3, 2, 4]);
  });

  it('writes the pixels of a stem one after the other', () => {
    // [in 1, filters 2, 1, 2] → [in 1, 2 pixels × 2 filters]
    expect([...packStem(count(4), 1, 2, [1, 2])]).toEqual([1, 3, 2, 4]);
  });

  it('cuts a kernel into phases, the later taps first', () => {
    // Kernel 1×4 of stride 2: column 0 and 2 are phase 0, column 1 and 3 phase 1.
    expect([...packPhases(count(4), 1, 1, [1, 4], [1, 2])]).toEqual([3, 4, 1, 2]);
    // With 3 columns phase 1 has one tap only.
    expect([...packPhases(count(3), 1, 1, [1, 3], [1, 2])]).toEqual([3, 0, 1, 2]);
  });

  it('repeats biases', () => {
    expect([...repeatBias(count(2), 2)]).toEqual([1, 2, 1, 2]);
  });
});
