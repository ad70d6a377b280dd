import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer';

describe('pacer', () => {
  it('starts carefully and takes more on a fast device', () => {
    const pacer = createPacer(1000);
    expect(pacer.next(100)).toBe(4);
    pacer.report(4, 4);
    expect(pacer.next(100)).toBe(64);
    expect(pacer.next(70)).toBe(70);
  });

  it('takes one at a time on a slow device', () => {
    const pacer = createPacer(1000);
    pacer.report(4, 4000);
    expect(pacer.next(100)).toBe(1);
  });

  it('never takes more than fits the memory', () => {
    const pacer = createPacer(2 ** 26);
    pacer.report(1, 0.001);
    expect(pacer.next(100)).toBe(2);
  });

  it('does not take the compilation of a new size for slowness', () => {
    const pacer = createPacer(1000);
    pacer.report(1, 1);
    pacer.report(64, 6400);
    expect(pacer.next(1000)).toBe(64);
  });
});
