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

  it('believes the first chunk that compiled nothing', () => {
    const pacer = createPacer(1000);
    pacer.report(4, 8000);
    expect(pacer.next(100)).toBe(1);
    pacer.report(1, 2000);
    expect(pacer.next(100)).toBe(1);
    pacer.report(1, 5);
    expect(pacer.next(100)).toBe(16);
  });

  it('starts at full size after a warm-up', () => {
    const pacer = createPacer(1000);
    pacer.warmed(1);
    pacer.warmed(16);
    pacer.report(16, 16);
    expect(pacer.next(100)).toBe(64);
    expect(pacer.next(80)).toBe(80);
  });

  it('takes steps of a third, so that little of the time is left unused', () => {
    const sizes = [80, 26, 20, 16, 11, 9.9, 6.6, 5.1].map((ms) => {
      const pacer = createPacer(1000);
      pacer.warmed(1);
      pacer.report(1, ms);
      return pacer.next(1000);
    });
    expect(sizes).toEqual([1, 3, 4, 4, 6, 8, 12, 12]);
  });

  it('does not take the compilation of a new size for slowness', () => {
    const pacer = createPacer(1000);
    pacer.report(1, 1);
    pacer.report(64, 6400);
    expect(pacer.next(1000)).toBe(64);
  });
});
