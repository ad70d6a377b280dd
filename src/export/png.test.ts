import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import type { Film, RgbaPixels } from './frames';
import { encodePng, readPngRecipe } from './png-encode';
import { rgbaToPng, stripToPng } from './png';

async function decode(blob: Blob) {
  return PNG.sync.read(Buffer.from(await blob.arrayBuffer()));
}

/** Pixels whose value tells place and picture. */
function picture(width: number, height: number, seed: number): RgbaPixels {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    rgba.set([(i * 7 + seed * 31) % 256, (i * 13) % 256, (seed * 50) % 256, 255], i * 4);
  }
  return rgba;
}

function film(count: number, width: number, height: number): Film {
  return { count, width, height, frame: (index) => picture(width, height, index) };
}

describe('encodePng', () => {
  it('writes pixels that another decoder reads back exactly', async () => {
    const rgba = picture(37, 19, 2);
    const png = await decode(await encodePng(rgba, 37, 19));
    expect([png.width, png.height]).toEqual([37, 19]);
    expect(new Uint8Array(png.data)).toEqual(new Uint8Array(rgba));
  });

  it('keeps transparency where there is some', async () => {
    const rgba = picture(4, 4, 1);
    rgba[3] = 0;
    rgba[7] = 128;
    expect(new Uint8Array((await decode(await encodePng(rgba, 4, 4))).data)).toEqual(
      new Uint8Array(rgba),
    );
  });

  it('carries its recipe, in any script', async () => {
    const recipe = JSON.stringify({ z: [0.5, -1], label: 'lächelnde Frau 笑' });
    const blob = await encodePng(picture(8, 8, 0), 8, 8, { recipe });
    expect(await readPngRecipe(blob)).toBe(recipe);
    expect((await decode(blob)).width).toBe(8);
  });

  it('finds no recipe in other files', async () => {
    expect(await readPngRecipe(new Blob(['not a picture']))).toBeNull();
    expect(await readPngRecipe(await encodePng(picture(2, 2, 0), 2, 2))).toBeNull();
  });

  it('rejects pixels of another size', async () => {
    await expect(encodePng(picture(4, 4, 0), 4, 5)).rejects.toMatchObject({ code: 'export-size' });
  });
});

describe('rgbaToPng', () => {
  it('repeats each pixel in a block', async () => {
    const rgba = picture(5, 3, 4);
    const png = await decode(await rgbaToPng(rgba, 5, 3, { scale: 3 }));
    expect([png.width, png.height]).toEqual([15, 9]);
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 15; x++) {
        const from = (Math.floor(y / 3) * 5 + Math.floor(x / 3)) * 4;
        const at = (y * 15 + x) * 4;
        expect([...png.data.subarray(at, at + 4)]).toEqual([...rgba.subarray(from, from + 4)]);
      }
    }
  });

  it('says what is too large', async () => {
    await expect(rgbaToPng(picture(64, 64, 0), 64, 64, { scale: 1000 })).rejects.toMatchObject({
      code: 'export-too-large',
    });
  });
});

describe('stripToPng', () => {
  it('lays pictures out in rows, with a gap, and leaves a short last row white', async () => {
    const png = await decode(await stripToPng(film(5, 4, 4), { columns: 3, gap: 2, scale: 2 }));
    expect([png.width, png.height]).toEqual([3 * 8 + 2 * 2, 2 * 8 + 2]);
    const pixel = (x: number, y: number) => [
      ...png.data.subarray((y * png.width + x) * 4).slice(0, 3),
    ];
    for (let index = 0; index < 5; index++) {
      const rgba = picture(4, 4, index);
      const [left, top] = [(index % 3) * 10, Math.floor(index / 3) * 10];
      expect(pixel(left, top)).toEqual([...rgba.subarray(0, 3)]);
      expect(pixel(left + 7, top + 7)).toEqual([...rgba.subarray(15 * 4, 15 * 4 + 3)]);
    }
    expect(pixel(8, 0)).toEqual([255, 255, 255]);
    expect(pixel(25, 15)).toEqual([255, 255, 255]);
  });

  it('reports progress up to 1 and stops when cancelled', async () => {
    const fractions: number[] = [];
    await stripToPng(film(4, 4, 4), {
      columns: 2,
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    expect(fractions.at(-1)).toBeCloseTo(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const controller = new AbortController();
    const cancelled = stripToPng(film(50, 4, 4), {
      columns: 5,
      signal: controller.signal,
      onProgress: ({ fraction }) => fraction > 0.2 && controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('rejects an empty film', async () => {
    await expect(stripToPng(film(0, 4, 4), { columns: 2 })).rejects.toMatchObject({
      code: 'export-empty',
    });
  });
});
