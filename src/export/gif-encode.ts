/**
 * GIF films with ONE palette: a palette a frame would make still backgrounds flicker. Runs in the worker
 * of gif-worker.ts, and in Node for its tests.
 */
import { GIFEncoder, quantize, type Palette } from 'gifenc';
import { upscaleNearest, type RgbaPixels } from './frames';

/** At most 256 colors for all the pixels of `samples` (RGBA pictures). */
export function filmPalette(samples: readonly RgbaPixels[]): Palette {
  const joined = new Uint8ClampedArray(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sample of samples) {
    joined.set(sample, at);
    at += sample.length;
  }
  return quantize(joined, 256, { format: 'rgb565' });
}

/**
 * Pixels → palette indices. Colors are looked up at 6 bits a channel and remembered over the whole film,
 * so that equal pixels have equal indices in every frame.
 */
function createPaletteMap(palette: Palette): (rgba: RgbaPixels) => Uint8Array {
  const known = new Int16Array(1 << 18).fill(-1);
  const nearest = (red: number, green: number, blue: number): number => {
    let best = 0;
    let bestDistance = Infinity;
    palette.forEach(([r, g, b], index) => {
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (distance < bestDistance) {
        best = index;
        bestDistance = distance;
      }
    });
    return best;
  };
  return (rgba) => {
    const indices = new Uint8Array(rgba.length / 4);
    for (let i = 0; i < indices.length; i++) {
      const red = rgba[4 * i] ?? 0;
      const green = rgba[4 * i + 1] ?? 0;
      const blue = rgba[4 * i + 2] ?? 0;
      const key = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
      let index = known[key] ?? -1;
      if (index < 0) {
        index = nearest((red & 0xfc) + 2, (green & 0xfc) + 2, (blue & 0xfc) + 2);
        known[key] = index;
      }
      indices[i] = index;
    }
    return indices;
  };
}

export interface GifEncoder {
  addFrame: (rgba: RgbaPixels, delayCs: number) => void;
  finish: () => Uint8Array<ArrayBuffer>;
}

export interface GifEncoderOptions {
  /** Of one frame, before scaling. */
  width: number;
  height: number;
  /** Whole factor. */
  scale: number;
  palette: Palette;
  /** Plays for ever, or once. */
  loop: boolean;
}

export function createGifEncoder(options: GifEncoderOptions): GifEncoder {
  const { width, height, scale, palette, loop } = options;
  const stream = GIFEncoder();
  const indicesOf = createPaletteMap(palette);
  let first = true;
  return {
    addFrame(rgba, delayCs) {
      const indices = indicesOf(upscaleNearest(rgba, width, height, scale));
      const frame = { delay: delayCs * 10, repeat: loop ? 0 : -1 };
      stream.writeFrame(
        indices,
        width * scale,
        height * scale,
        first ? { ...frame, palette } : frame,
      );
      first = false;
    },
    finish() {
      stream.finish();
      return stream.bytes();
    },
  };
}
