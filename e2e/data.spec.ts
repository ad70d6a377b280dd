/**
 * Pictures to train on, through the console API of the built page: no panel is needed, and the page's
 * Content-Security-Policy holds.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import type { ReadImagesAnswer } from '../src/data/api';
import type { ErrorReport } from '../src/lib/errors';
import type { ImageSet } from '../src/model/image-set';
import type { OwnFilesRequest } from '../src/session/datasets';
import type { DatasetRef } from '../src/session/training/training';

/** A set as it crosses to the test: its first pictures, and what is known of all. */
interface Images {
  count: number;
  size: number;
  channels: 1 | 3;
  /** Of the first 160 pictures. */
  data: Uint8Array;
  bytes: number;
  sha256: string;
  /** Mean and standard deviation of all bytes. */
  mean: number;
  deviation: number;
}

/** Runs in the page before everything else. */
function installCrossing(): void {
  const base64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) {
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    }
    return btoa(text);
  };
  window.crossing = async ({ count, size, channels, data }) => {
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return {
      ...{ count, size, channels, mean, deviation: Math.sqrt(variance), bytes: data.length },
      sha256: base64(digest),
      data: base64(data.subarray(0, 160 * size * size * channels)),
    };
  };
}

type Encoded = Omit<Images, 'data'> & { data: string };

declare global {
  interface Window {
    crossing: (images: ImageSet) => Promise<Encoded>;
  }
}

function decoded(images: Encoded): Images {
  return { ...images, data: new Uint8Array(Buffer.from(images.data, 'base64')) };
}

/** Opens a set in the page. */
async function openSet(
  page: Page,
  source: DatasetRef,
  image: { size: 16 | 32 | 64; channels: 1 | 3 },
): Promise<Images & { title: string; labels: string[] }> {
  const { images, ...rest } = await page.evaluate(
    async ([ref, wanted]) => {
      const labels: string[] = [];
      const set = await window.latentarium.datasets.open(ref, wanted, {
        onProgress: ({ label }) => labels.push(label),
      });
      return { title: set.title, labels, images: await window.crossing(set.images) };
    },
    [source, image] as const,
  );
  return { ...rest, ...decoded(images) };
}

type Settings = Omit<OwnFilesRequest, 'files'>;
const SETTINGS: Settings = { size: 32, channels: 3, framing: 'crop', tile: null, seed: 1 };

interface OwnSet {
  images: Images;
  report: ReadImagesAnswer['report'];
  labels: string[];
}

/** Reads files as if they had been chosen. */
async function readOwn(
  page: Page,
  files: Record<string, Uint8Array>,
  settings: Partial<Settings> = {},
): Promise<OwnSet | { error: ErrorReport }> {
  const encoded = Object.entries(files).map(
    ([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const,
  );
  const answer = await page.evaluate(
    async ([list, request]) => {
      const decode = async ([name, text]: readonly [string, string]) => {
        const response = await fetch(`data:application/octet-stream;base64,${text}`);
        return { name, file: await response.blob() };
      };
      const labels: string[] = [];
      try {
        const { data, report } = await window.latentarium.datasets.read(
          { ...request, files: await Promise.all(list.map(decode)) },
          { onProgress: ({ label }) => labels.push(label) },
        );
        return { labels, report, images: await window.crossing(data.images) };
      } catch (error) {
        const { code, message, hint } = error as ErrorReport;
        return { error: { code, message, hint } };
      }
    },
    [encoded, { ...SETTINGS, ...settings }] as const,
  );
  if (answer.error !== undefined) return { error: answer.error };
  return { labels: answer.labels, report: answer.report, images: decoded(answer.images) };
}

async function readGood(...call: Parameters<typeof readOwn>): Promise<OwnSet> {
  const answer = await readOwn(...call);
  if ('error' in answer) throw new Error(answer.error.message);
  return answer;
}

/** A PNG of one colour a pixel; alpha 255 unless a fourth number is given. */
function png(
  width: number,
  height: number,
  paint: (x: number, y: number) => [number, number, number, number?],
): Uint8Array {
  const picture = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) {
    const [red, green, blue, alpha = 255] = paint(at % width, Math.floor(at / width));
    picture.data.set([red, green, blue, alpha], at * 4);
  }
  return new Uint8Array(PNG.sync.write(picture));
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

test.beforeEach(async ({ page }) => {
  await page.addInitScript(installCrossing);
  await page.goto('./');
  await page.waitForFunction(() => 'latentarium' in window);
});

for (const id of ['characters', 'rooms']) {
  test(`the bundled ${id} come at every size, in an order that the seed decides`, async ({
    page,
  }, testInfo) => {
    const source = { kind: 'bundled', id, seed: 1 } as const;
    const at32 = await openSet(page, source, { size: 32, channels: 3 });
    expect(at32).toMatchObject({ count: 4096, bytes: 4096 * 32 * 32 * 3 });
    expect(at32.labels.some((label) => /^Downloading .*MB of/.test(label))).toBe(true);
    expect(at32.labels.at(-1)).toBe('Reading picture 4,096 of 4,096');
    saveGrid(testInfo.outputPath(`${id}-32.png`), at32);
    expect(at32.mean).toBeGreaterThan(90);
    expect(at32.mean).toBeLessThan(190);
    expect(at32.deviation).toBeGreaterThan(40);

    const again = await openSet(page, source, { size: 32, channels: 3 });
    expect(again.sha256).toBe(at32.sha256);
    const grey = await openSet(page, source, { size: 16, channels: 1 });
    expect(grey.bytes).toBe(4096 * 16 * 16);
    // The same picture leads: its mean is that of its luma, whatever the size.
    const luma = Array.from({ length: 1024 }, (_, i) => {
      const [red = 0, green = 0, blue = 0] = at32.data.subarray(3 * i, 3 * i + 3);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    const mean = (values: Iterable<number>, count: number) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / count;
    expect(Math.abs(mean(grey.data.subarray(0, 256), 256) - mean(luma, 1024))).toBeLessThan(1);
    const at64 = await openSet(page, { ...source, seed: 2 }, { size: 64, channels: 3 });
    saveGrid(testInfo.outputPath(`${id}-64.png`), at64);
    expect(Math.abs(at64.mean - at32.mean)).toBeLessThan(1);
  });
}

test('digits are drawn in the worker at any size', async ({ page }, testInfo) => {
  const source = { kind: 'digits', count: 1000, seed: 4 } as const;
  const digits = await openSet(page, source, { size: 32, channels: 1 });
  saveGrid(testInfo.outputPath('digits-32.png'), digits);
  expect(digits.count).toBe(1000);
  expect(digits.mean).toBeGreaterThan(15);
  expect(digits.mean).toBeLessThan(50);
  expect(digits.labels.at(-1)).toBe('Drawing digit 1,000 of 1,000');
});

test.describe('own pictures', () => {
  /** 40 photographs of one colour each, taller than wide. */
  const photos = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `holiday/${at}.png`,
      png(120, 160, (_x, y) => (y < 20 ? [255, 255, 255] : [5 * at, 100, 255 - 5 * at])),
    ]),
  );
  const text = (words: string) => new TextEncoder().encode(words);

  test('a zip of 40 PNGs, one text file among them named', async ({ page }, testInfo) => {
    const zip = zipSync({ ...photos, 'holiday/notes.txt': text('Taken in June.') });
    const { images, report, labels } = await readGood(page, { 'holiday.zip': zip });
    saveGrid(testInfo.outputPath('zip.png'), images);
    expect(images).toMatchObject({ count: 40, size: 32, channels: 3 });
    expect(report).toEqual({
      found: 40,
      format: '40 pictures',
      duplicates: [],
      refused: [{ name: 'holiday/notes.txt', reason: 'a text file, not a picture' }],
      leftOut: 0,
    });
    expect(labels.at(-1)).toBe('Reading picture 40 of 40');
    // The central square, in which the white top is not.
    const reds = Array.from({ length: 40 }, (_, at) => images.data[at * 3072 + 3 * 33]!);
    expect(reds.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => 5 * at));
    expect(reds).not.toEqual(reds.toSorted((a, b) => a - b));
  });

  test('loose files: all in the frame, alpha on white, broken ones named', async ({ page }) => {
    const files: Record<string, Uint8Array> = {
      ...Object.fromEntries(Object.entries(photos).slice(0, 6)),
      'copy of 1.png': photos['holiday/1.png']!,
      'clear.png': png(40, 40, (x) => [0, 0, 0, x < 20 ? 0 : 255]),
      'cut.png': photos['holiday/7.png']!.slice(0, 200),
      'empty.jpg': new Uint8Array(0),
      'photo.heic': text(`\0\0\0\x18ftypheic\0\0\0\0mif1heic${'x'.repeat(200)}`),
      'clip.mp4': text(`\0\0\0\x18ftypisom\0\0\0\0isomavc1${'x'.repeat(200)}`),
      '__MACOSX/._0.png': text('x'),
      '.DS_Store': text('x'),
    };
    const { images, report } = await readGood(page, files, { framing: 'fit', size: 16 });
    expect(images.count).toBe(7);
    expect(report.duplicates).toEqual(['copy of 1.png']);
    expect(Object.fromEntries(report.refused.map(({ name, reason }) => [name, reason]))).toEqual({
      'cut.png': 'a PNG picture that breaks off: fetch or copy it again',
      'empty.jpg': 'an empty file: its download or copy probably broke off',
      'photo.heic': 'a HEIC photo, which this browser cannot read: export it as JPEG',
      'clip.mp4': 'a film, not a picture: save some of its frames as pictures',
    });
    const rows = Array.from({ length: 7 }, (_, at) =>
      images.data.subarray(at * 768 + 8 * 48, at * 768 + 9 * 48),
    );
    // 120 × 160 fits as 12 × 16, between white borders of 2.
    const photo = rows.find((row) => row[3 * 8] === 25)!;
    expect([...photo.subarray(0, 9)]).toEqual([255, 255, 255, 255, 255, 255, 25, 100, 230]);
    const clear = rows.find((row) => row[0] === 255 && row[45] === 0)!;
    expect([clear[3 * 7], clear[3 * 8]]).toEqual([255, 0]);
  });

  test('a photo is turned as its EXIF says', async ({ page }) => {
    const jpegs = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(64, 64);
      const context = canvas.getContext('2d')!;
      const made: string[] = [];
      for (let at = 0; at < 4; at++) {
        context.fillStyle = `rgb(0, ${String(60 * at)}, 0)`;
        context.fillRect(0, 0, 64, 64);
        context.fillStyle = 'red';
        context.fillRect(0, 0, 64, 16);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
        made.push(btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer()))));
      }
      return made;
    });
    // APP1: a TIFF header and the one tag 0x0112, 6: the top of the scene lies at the file's left.
    const exif = Buffer.from(
      'ffe10022457869660000' +
        '4d4d002a00000008' +
        '0001' +
        '011200030000000100060000' +
        '00000000',
      'hex',
    );
    const turned = jpegs.map((jpeg) => {
      const bytes = Buffer.from(jpeg, 'base64');
      return Buffer.concat([bytes.subarray(0, 2), exif, bytes.subarray(2)]);
    });
    const files = Object.fromEntries(turned.map((bytes, at) => [`${at}.jpg`, bytes]));
    const { images } = await readGood(page, files, { size: 16 });
    // Turned clockwise by 90°: the red edge of the top is at the right.
    for (let at = 0; at < 4; at++) {
      const red = (x: number, y: number) => images.data[at * 768 + (y * 16 + x) * 3]!;
      expect(red(14, 8)).toBeGreaterThan(200);
      expect(red(8, 1)).toBeLessThan(60);
      expect(red(1, 8)).toBeLessThan(60);
    }
  });

  test('a grey IDX file and a CIFAR batch, told apart by content', async ({ page }) => {
    const idx = Buffer.alloc(16 + 60 * 784);
    idx.writeUInt32BE(0x803, 0);
    [60, 28, 28].forEach((length, axis) => idx.writeUInt32BE(length, 4 + 4 * axis));
    // A bar that differs from picture to picture, on black.
    for (let at = 0; at < 60; at++)
      idx.fill(100 + at, 16 + at * 784 + 14 * 28 + 4, 16 + at * 784 + 14 * 28 + 20);
    const { images, report } = await readGood(page, { 'pictures.bin': idx }, { channels: 1 });
    expect(report).toMatchObject({ found: 60, format: 'IDX, 28×28, grey', refused: [] });
    expect(images).toMatchObject({ count: 60, size: 32, channels: 1 });
    const bars = Array.from({ length: 60 }, (_, at) => images.data[at * 1024 + 16 * 32 + 6]!);
    expect(bars.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => 100 + at));

    const cifar = Buffer.alloc(10 * 3073);
    for (let at = 0; at < 10; at++)
      cifar.fill(20 * at, at * 3073 + 1, at * 3073 + 1025)[at * 3073] = at;
    const colour = await readGood(page, { 'data_batch_1.bin': cifar });
    expect(colour.report).toMatchObject({ found: 10, format: 'CIFAR-10, 32×32, color' });
    const leads = Array.from({ length: 10 }, (_, at) => [
      ...colour.images.data.subarray(at * 3072, at * 3072 + 3),
    ]);
    expect(leads.map(([red = 0]) => red).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, at) => 20 * at),
    );
    expect(leads.every(([, green, blue]) => green === 0 && blue === 0)).toBe(true);
  });

  test('a sprite sheet; the bundled one is cut without being told how', async ({ page }) => {
    const sheet = readFileSync('public/datasets/characters/0.webp');
    const { images, report } = await readGood(page, { 'sheet.webp': sheet });
    expect(report).toMatchObject({ found: 1024, format: 'sprite sheet of 32×32 tiles' });
    expect(images.count).toBe(1024);
    const wrong = await readOwn(page, { 'sheet.webp': sheet }, { tile: 2000 });
    expect(wrong).toMatchObject({ error: { code: 'data-tile' } });
  });

  test('too few, none, and a cancelled one say so', async ({ page }) => {
    const few = await readOwn(page, {
      'one.png': photos['holiday/1.png']!,
      'b.txt': text('words'),
    });
    expect(few).toMatchObject({ error: { code: 'data-too-few' } });
    if ('error' in few) expect(few.error.message).toContain('b.txt: a text file');
    expect(await readOwn(page, {})).toMatchObject({ error: { code: 'data-none' } });
    const reason = await page.evaluate(async () => {
      const controller = new AbortController();
      const started = performance.now();
      const opening = window.latentarium.datasets.open(
        { kind: 'digits', count: 50_000, seed: 1 },
        { size: 64, channels: 1 },
        { signal: controller.signal, onProgress: () => controller.abort() },
      );
      const name = await opening.then(
        () => 'none',
        (error: Error) => error.name,
      );
      return [name, performance.now() - started] as const;
    });
    expect(reason[0]).toBe('AbortError');
    // Drawing them all takes half a minute.
    expect(reason[1]).toBeLessThan(10_000);
  });

  test('kept pictures are there after a reload, at any size, until they are removed', async ({
    page,
  }) => {
    const kept = await page.evaluate(async () => {
      const { datasets } = window.latentarium;
      const source = { kind: 'digits', count: 50, seed: 2 } as const;
      const drawn = await datasets.open(source, { size: 32, channels: 1 });
      return (await datasets.keep({ ...drawn, title: 'My digits', source: { kind: 'own' } }))
        .source;
    });
    await page.reload();
    await page.waitForFunction(() => 'latentarium' in window);
    const list = await page.evaluate(() => window.latentarium.datasets.list());
    expect(list.map(({ title }) => title)).toEqual(['Characters', 'Rooms', 'Digits', 'My digits']);
    expect(list.at(-1)).toMatchObject({ source: kept, count: 50, size: 32, bytes: 51_200 });
    const drawn = await openSet(
      page,
      { kind: 'digits', count: 50, seed: 2 },
      { size: 32, channels: 1 },
    );
    const again = await openSet(page, kept, { size: 32, channels: 1 });
    expect(again.title).toBe('My digits');
    expect(again.sha256).toBe(drawn.sha256);
    const small = await openSet(page, kept, { size: 16, channels: 3 });
    expect(small.bytes).toBe(50 * 16 * 16 * 3);
    expect(Math.abs(small.mean - drawn.mean)).toBeLessThan(0.5);
    const left = await page.evaluate(async (source) => {
      const { datasets } = window.latentarium;
      if (source.kind === 'kept') await datasets.remove(source.id);
      const missing = await datasets.open(source, { size: 32, channels: 1 }).then(
        () => 'there',
        (error: ErrorReport) => error.code,
      );
      return [(await datasets.list()).length, missing] as const;
    }, kept);
    expect(left).toEqual([3, 'dataset-gone']);
  });
});

const MNIST = join(
  process.env['LATENTARIUM_MNIST'] ?? '../shared/data/mnist',
  'train-images-idx3-ubyte.gz',
);

test('MNIST as it is downloaded: 50,000 of 60,000, grey', async ({ page }, testInfo) => {
  test.skip(!existsSync(MNIST), 'needs MNIST beside the project');
  const { images, report } = await readGood(
    page,
    { 'train-images-idx3-ubyte.gz': readFileSync(MNIST) },
    { channels: 1, size: 16 },
  );
  saveGrid(testInfo.outputPath('mnist.png'), images);
  expect(report).toMatchObject({ found: 60_000, format: 'IDX, 28×28, grey', leftOut: 10_000 });
  expect(images.count + report.duplicates.length).toBe(50_000);
});
