/**
 * Pictures to train on, through the console API of the built page: no panel is needed, and the page's
 * Content-Security-Policy holds.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import type { DatasetRef } from '../src/session/training/training';

interface Images {
  count: number;
  size: number;
  channels: 1 | 3;
  data: Uint8Array;
}

/** Opens a set in the page; bytes cross as base64. */
async function openSet(
  page: Page,
  source: DatasetRef,
  image: { size: 16 | 32 | 64; channels: 1 | 3 },
): Promise<Images & { title: string; labels: string[] }> {
  const answer = await page.evaluate(
    async ([ref, wanted]) => {
      const labels: string[] = [];
      const { title, images } = await window.latentarium.datasets.open(ref, wanted, {
        onProgress: ({ label }) => labels.push(label),
      });
      const { count, size, channels } = images;
      return { title, labels, count, size, channels, data: await toBase64(images.data) };

      async function toBase64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
        const reader = new FileReader();
        return new Promise((resolve) => {
          reader.onload = () => resolve((reader.result as string).split(',')[1] ?? '');
          reader.readAsDataURL(new Blob([bytes]));
        });
      }
    },
    [source, image] as const,
  );
  return { ...answer, data: new Uint8Array(Buffer.from(answer.data, 'base64')) };
}

/** For people who look at test-results. */
function saveGrid(file: string, { count, size, channels, data }: Images, columns = 16): void {
  const rows = Math.min(10, Math.ceil(count / columns));
  const png = new PNG({ width: columns * size, height: rows * size });
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const picture = Math.floor(y / size) * columns + Math.floor(x / size);
      const from = ((picture * size + (y % size)) * size + (x % size)) * channels;
      const rgb = channels === 3 ? data.subarray(from, from + 3) : new Array(3).fill(data[from]);
      png.data.set([...rgb, 255] as number[], (y * png.width + x) * 4);
    }
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, PNG.sync.write(png));
}

/** Mean and standard deviation of all bytes. */
function statistics(data: Uint8Array): { mean: number; deviation: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(variance) };
}

test.beforeEach(async ({ page }) => {
  await page.goto('./');
  await page.waitForFunction(() => 'latentarium' in window);
});

for (const id of ['characters', 'rooms']) {
  test(`the bundled ${id} come at every size, in an order that the seed decides`, async ({
    page,
  }, testInfo) => {
    const source = { kind: 'bundled', id, seed: 1 } as const;
    const at32 = await openSet(page, source, { size: 32, channels: 3 });
    expect(at32.count).toBe(4096);
    expect(at32.data.length).toBe(4096 * 32 * 32 * 3);
    expect(at32.labels.some((label) => /^Downloading .*MB of/.test(label))).toBe(true);
    expect(at32.labels.at(-1)).toBe('Reading picture 4,096 of 4,096');
    saveGrid(testInfo.outputPath(`${id}-32.png`), at32);
    const { mean, deviation } = statistics(at32.data);
    expect(mean).toBeGreaterThan(90);
    expect(mean).toBeLessThan(190);
    expect(deviation).toBeGreaterThan(40);

    const again = await openSet(page, source, { size: 32, channels: 3 });
    expect(Buffer.compare(again.data, at32.data)).toBe(0);
    const grey = await openSet(page, source, { size: 16, channels: 1 });
    expect(grey.data.length).toBe(4096 * 16 * 16);
    // The same picture leads: its mean is that of its luma, whatever the size.
    const luma = Array.from({ length: 1024 }, (_, i) => {
      const [red = 0, green = 0, blue = 0] = at32.data.subarray(3 * i, 3 * i + 3);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    const meanLuma = luma.reduce((sum, value) => sum + value, 0) / luma.length;
    expect(Math.abs(statistics(grey.data.subarray(0, 256)).mean - meanLuma)).toBeLessThan(1);
    const at64 = await openSet(page, { ...source, seed: 2 }, { size: 64, channels: 3 });
    saveGrid(testInfo.outputPath(`${id}-64.png`), at64);
    expect(Math.abs(statistics(at64.data).mean - mean)).toBeLessThan(1);
  });
}

test('digits are drawn in the worker at any size', async ({ page }, testInfo) => {
  const source = { kind: 'digits', count: 1000, seed: 4 } as const;
  const digits = await openSet(page, source, { size: 32, channels: 1 });
  saveGrid(testInfo.outputPath('digits-32.png'), digits);
  expect(digits.count).toBe(1000);
  const { mean } = statistics(digits.data);
  expect(mean).toBeGreaterThan(15);
  expect(mean).toBeLessThan(50);
  expect(digits.labels.at(-1)).toBe('Drawing digit 1,000 of 1,000');
});
