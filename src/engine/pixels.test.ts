import { describe, expect, it } from 'vitest';
import { floatsToRgba } from './pixels';

describe('floats to pixels', () => {
  it('maps the range to bytes, clamps, and makes RGB opaque', () => {
    const rgba = floatsToRgba(Float32Array.of(-1, 0, 1, -3, 0.5, 3), 3, [-1, 1]);
    expect([...rgba]).toEqual([0, 128, 255, 255, 0, 191, 255, 255]);
  });

  it('spreads grey and keeps alpha', () => {
    expect([...floatsToRgba(Float32Array.of(0.2), 1, [0, 1])]).toEqual([51, 51, 51, 255]);
    expect([...floatsToRgba(Float32Array.of(0, 1, 0, 0.4), 4, [0, 1])]).toEqual([0, 255, 0, 102]);
  });
});
