import { describe, expect, it } from 'vitest';
import { advance, createFrameMeter, type Clock } from './clock';

const at = (position: number, direction: 1 | -1 = 1): Clock => ({ position, direction });

describe('advance', () => {
  it('goes round a closed loop', () => {
    expect(advance(at(9.5), 1, { count: 10, loop: true })).toEqual(at(0.5));
  });

  it('turns at both ends of an open walk', () => {
    const path = { count: 11, loop: false };
    expect(advance(at(4), 3, path)).toEqual(at(7));
    expect(advance(at(9), 3, path)).toEqual(at(8, -1));
    expect(advance(at(8, -1), 3, path)).toEqual(at(5, -1));
    expect(advance(at(2, -1), 3, path)).toEqual(at(1));
  });

  it('stays on the path after a long time in a hidden tab', () => {
    for (const frames of [57, 1234.5, 99_999]) {
      const { position } = advance(at(3), frames, { count: 11, loop: false });
      expect(position).toBeGreaterThanOrEqual(0);
      expect(position).toBeLessThanOrEqual(10);
    }
  });

  it('has nowhere to go with one frame and no end without one', () => {
    expect(advance(at(0), 5, { count: 1, loop: false }).position).toBe(0);
    expect(advance(at(70), 5, { count: Infinity, loop: false }).position).toBe(75);
  });
});

describe('createFrameMeter', () => {
  it('measures what was presented', () => {
    const meter = createFrameMeter();
    expect(meter.rate(0)).toBeNull();
    for (let time = 0; time <= 2000; time += 40) meter.presented(time);
    expect(meter.rate(2000)).toBeCloseTo(25, 1);
  });

  it('falls while nothing new is shown', () => {
    const meter = createFrameMeter();
    for (let time = 0; time <= 1000; time += 40) meter.presented(time);
    expect(meter.rate(1500)).toBeLessThan(16);
    expect(meter.rate(3000)).toBeNull();
  });
});
