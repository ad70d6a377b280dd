import { describe, expect, it } from 'vitest';
import { createGifEncoder, filmPalette } from './gif-encode';
import { gifTiming, paletteFrames } from './gif-timing';
import { decodeGif } from './gif-testing';
import type { RgbaPixels } from './frames';

/** A picture of soft color bands that drift with `phase`. */
function picture(size: number, phase: number): RgbaPixels {
  const rgba = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const red = 128 + 100 * Math.sin(x / 9 + phase);
      rgba.set([red, 255 - red, 60 + (y * 120) / size, 255], (y * size + x) * 4);
    }
  }
  return rgba;
}

describe('gifTiming', () => {
  it.each([5, 12, 24, 25, 30, 50])('keeps the running time at %i frames a second', (fps) => {
    const timing = gifTiming(97, fps);
    expect(timing.map(({ index }) => index)).toEqual(Array.from({ length: 97 }, (_, i) => i));
    expect(timing.reduce((sum, { delayCs }) => sum + delayCs, 0)).toBe(Math.round(9700 / fps));
    expect(Math.min(...timing.map(({ delayCs }) => delayCs))).toBeGreaterThanOrEqual(2);
  });

  it('leaves frames out above 50 a second, where browsers would slow the film down', () => {
    const timing = gifTiming(120, 60);
    expect(timing.length).toBe(100);
    expect(timing.every(({ delayCs }) => delayCs === 2)).toBe(true);
    expect(timing.at(-1)?.index).toBeLessThan(120);
  });

  it('shows a single frame', () => {
    expect(gifTiming(1, 60)).toEqual([{ index: 0, delayCs: 2 }]);
  });
});

describe('paletteFrames', () => {
  it('spreads over the film and never asks twice', () => {
    expect(paletteFrames(3)).toEqual([0, 1, 2]);
    expect(paletteFrames(1)).toEqual([0]);
    const many = paletteFrames(500);
    expect(new Set(many).size).toBe(32);
    expect(many.at(-1)).toBe(499);
  });
});

describe('createGifEncoder', () => {
  const frames = Array.from({ length: 6 }, (_, i) => picture(32, i / 4));

  function encode(scale: number) {
    const encoder = createGifEncoder({
      width: 32,
      height: 32,
      scale,
      loop: true,
      palette: filmPalette(frames),
    });
    frames.forEach((frame, index) => encoder.addFrame(frame, 3 + (index % 2)));
    return decodeGif(encoder.finish());
  }

  it('writes every frame with size, delay and endless loop', () => {
    const gif = encode(2);
    expect([gif.width, gif.height, gif.loops]).toEqual([64, 64, 0]);
    expect(gif.frames.map(({ delayCs }) => delayCs)).toEqual([3, 4, 3, 4, 3, 4]);
  });

  it('stays near the pixels with one palette for the film', () => {
    const gif = encode(1);
    let sum = 0;
    gif.frames.forEach(({ rgb }, index) => {
      for (let i = 0; i < 32 * 32; i++) {
        for (let c = 0; c < 3; c++) {
          sum += Math.abs((rgb[i * 3 + c] ?? 0) - (frames[index]?.[i * 4 + c] ?? 0));
        }
      }
    });
    expect(sum / (6 * 32 * 32 * 3)).toBeLessThan(4);
  });
});
