import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { AppError } from '../lib/errors';
import { uniform } from '../lib/rng';
import { imageSize, type ImageSet } from '../model/image-set';
import type { DataFile, ReadImagesAnswer, ReadImagesRequest } from './api';
import { drawDigits } from './digits';
import { reorderPieces, shuffledOrder } from './order';
import { readImages } from './read-images';
import { dataFile, decodePng, idxFile, paintPng, tarOf, type Painter } from './testing';

const settings = { size: 16, channels: 3, framing: 'crop', tile: null, seed: 1 } as const;

function read(files: DataFile[], options: Partial<ReadImagesRequest> = {}) {
  const request = { ...settings, ...options, source: { kind: 'files', files } as const };
  return readImages(request, {}, decodePng);
}

async function failure(answer: Promise<ReadImagesAnswer>): Promise<AppError> {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error(`no AppError: ${String(error)}`);
}

/** A picture that no other number gives. */
function numbered(at: number): Painter {
  return (x, y, channel) => Math.floor(255 * uniform(at, 9, (y * 64 + x) * 3 + channel));
}

const pngs = (count: number, size = 16) =>
  Array.from({ length: count }, (_, at) =>
    dataFile(`photos/${at}.png`, paintPng(size, size, numbered(at))),
  );

const firstPixels = ({ count, data, ...kind }: ImageSet) =>
  Array.from({ length: count }, (_, at) => data[at * imageSize(kind)]);

const bytesOf = (files: readonly DataFile[]) =>
  Promise.all(files.map(async ({ file }) => new Uint8Array(await file.arrayBuffer())));

describe('pictures from files', () => {
  it('come in an order that the seed decides', async () => {
    const { images, report } = await read(pngs(20));
    expect(images).toMatchObject({ count: 20, size: 16, channels: 3 });
    expect(report).toEqual({
      found: 20,
      format: '20 pictures',
      duplicates: [],
      refused: [],
      leftOut: 0,
    });
    const given = Array.from({ length: 20 }, (_, at) => numbered(at)(0, 0, 0));
    const order = shuffledOrder(20, 1);
    expect(firstPixels(images)).toEqual(Array.from(order, (at) => given[at]));
    const other = await read(pngs(20), { seed: 2 });
    expect(firstPixels(other.images)).not.toEqual(firstPixels(images));
    expect(firstPixels(other.images).toSorted()).toEqual(firstPixels(images).toSorted());
  });

  it('are refused by name, duplicates named, litter left out without a word', async () => {
    const [good] = await bytesOf(pngs(1));
    const huge = good!.slice();
    new DataView(huge.buffer).setUint32(16, 12_000);
    new DataView(huge.buffer).setUint32(20, 9_000);
    const ftyp = (brand: string) => `\0\0\0\x18ftyp${brand}\0\0\0\0${'x'.repeat(40)}`;
    const files = [
      ...pngs(5),
      dataFile('photos/again.png', good!),
      dataFile('photos/notes.txt', 'Taken in June, near the lake.'),
      dataFile('photos/cut.png', good!.slice(0, 300)),
      dataFile('photos/zero.jpg', ''),
      dataFile('photos/IMG_1.HEIC', ftyp('heic')),
      dataFile('photos/clip.mp4', ftyp('isom')),
      dataFile('photos/huge.png', huge),
      dataFile('photos/model.npy', Uint8Array.of(0x93, ...Buffer.from('NUMPY'))),
      dataFile('photos/.DS_Store', 'Bud1'),
      dataFile('__MACOSX/photos/._0.png', 'x'),
      dataFile('photos/Thumbs.db', 'x'),
    ];
    const { images, report } = await read(files);
    expect(images.count).toBe(5);
    expect(report.found).toBe(9);
    expect(report.duplicates).toEqual(['photos/again.png']);
    const reasons = Object.fromEntries(report.refused.map(({ name, reason }) => [name, reason]));
    expect(reasons).toEqual({
      'photos/notes.txt': 'a text file, not a picture',
      'photos/cut.png': 'a PNG picture that breaks off: fetch or copy it again',
      'photos/zero.jpg': 'an empty file: its download or copy probably broke off',
      'photos/IMG_1.HEIC': 'a HEIC photo, which this browser cannot read: export it as JPEG',
      'photos/clip.mp4': 'a film, not a picture: save some of its frames as pictures',
      'photos/huge.png':
        '12,000×9,000 pixels (108 megapixels); at most 64 megapixels are read: save it smaller',
      'photos/model.npy':
        'a NumPy array, which is not read as pictures: save them as PNG, or as IDX',
    });
  });

  it('must be four different ones', async () => {
    const [one] = await bytesOf(pngs(1));
    const error = await failure(
      read([dataFile('a.png', one!), dataFile('b.png', one!), dataFile('readme.txt', 'Hello')]),
    );
    expect(error.code).toBe('data-too-few');
    expect(error.message).toBe(
      'Only 1 picture can be used, and training needs at least 4 (1 of 2 are the same as another; readme.txt: a text file, not a picture).',
    );
    expect(error.hint).toMatch(/Add more/);
    expect((await failure(read([]))).code).toBe('data-none');
    expect((await failure(read([dataFile('.DS_Store', 'x')]))).code).toBe('data-none');
    const lone = await failure(read([dataFile('a.png', one!)]));
    expect(lone.hint).toMatch(/sprite sheet/);
  });

  it('come out of zips, also of a zip in a zip, and gzips', async () => {
    const contents = await bytesOf(pngs(8));
    const inner = zipSync({ 'c/6.png': contents[6]!, 'c/7.png': contents[7]! });
    const zip = zipSync({
      ...Object.fromEntries(contents.slice(0, 6).map((bytes, at) => [`a/${at}.png`, bytes])),
      'a/notes.txt': new TextEncoder().encode('notes'),
      '__MACOSX/a/._0.png': Uint8Array.of(1),
      'inner.zip': inner,
    });
    const { images, report } = await read([dataFile('photos.zip', zip)]);
    expect(images.count).toBe(8);
    expect(report.refused).toEqual([{ name: 'a/notes.txt', reason: 'a text file, not a picture' }]);
    const loose = await read(pngs(8));
    expect(firstPixels(images)).toEqual(firstPixels(loose.images));

    const idx = idxFile(
      [6, 16, 16],
      Uint8Array.from({ length: 1536 }, (_, at) => at % 255),
    );
    const packed = gzipSync(idx);
    const grey = await read([dataFile('images.gz', packed)], { channels: 1 });
    expect(grey.report).toMatchObject({ found: 6, format: 'IDX, 16×16, grey' });
    expect(grey.images.count).toBe(6);
    // Nobody said which: what has no color is grey, and its bytes are the same.
    const seen = await read([dataFile('images.gz', packed)], { channels: null });
    expect(seen.images).toEqual(grey.images);
    const colored = await read(pngs(8), { channels: null });
    expect(colored.images).toEqual(loose.images);
    const cut = await failure(read([dataFile('images.gz', packed.slice(0, -20))]));
    expect(cut.message).toMatch(/images\.gz: The gzip breaks off/);
  });

  it('come out of a gzipped tar, as CIFAR is downloaded', async () => {
    const batch = Uint8Array.from({ length: 5 * 3073 }, (_, at) =>
      at % 3073 === 0 ? 7 : Math.floor(at / 3073) * 50,
    );
    const packed = gzipSync(tarOf('cifar-10-batches-bin/data_batch_1.bin', batch));
    const { images, report } = await read([dataFile('cifar-10-binary.tar.gz', packed)]);
    expect(report).toMatchObject({ found: 5, format: 'CIFAR-10, 32×32, color', refused: [] });
    expect(firstPixels(images).toSorted()).toEqual([0, 100, 150, 200, 50]);
    const cut = await failure(read([dataFile('a.tar', tarOf('a', batch).slice(0, 9000))]));
    expect(cut.message).toMatch(/The tar breaks off/);
  });

  it('are the tiles of a sheet, whose side is found out, without the blank ones', async () => {
    const tiled = (tile: number, count: number) =>
      paintPng(tile * 5, tile * 4, (x, y, channel) => {
        const at = Math.floor(y / tile) * 5 + Math.floor(x / tile);
        if (at >= count) return 0;
        // A slope in each: smooth inside, with seams.
        return (numbered(at)(0, 0, channel) + 2 * (x % tile) + (y % tile)) % 256;
      });
    const { images, report } = await read([dataFile('sheet.png', tiled(16, 18))]);
    expect(report).toMatchObject({ found: 18, format: 'sprite sheet of 16×16 tiles' });
    expect(images.count).toBe(18);
    const given = await read([dataFile('sheet.png', tiled(24, 20))], { tile: 24, size: 32 });
    expect(given.images).toMatchObject({ count: 20, size: 32 });
    const wrong = await failure(read([dataFile('sheet.png', tiled(16, 20))], { tile: 200 }));
    expect(wrong.code).toBe('data-tile');
  });

  it('are the tiles in the gutters of a sheet, as save_image writes it: whole ones, and nothing between', async () => {
    for (const [gap, margin] of [
      [2, 2],
      [2, 0],
      [1, 5],
    ] as const) {
      const [width, height] = [4, 3].map((count) => 2 * margin + count * 32 + (count - 1) * gap);
      const sheet = paintPng(width!, height!, (x, y, channel) => {
        const [column, row] = [x, y].map((at) => Math.floor((at - margin) / (32 + gap)));
        const [inX, inY] = [x, y].map((at) => (at - margin) % (32 + gap));
        if (column! < 0 || column! > 3 || row! < 0 || row! > 2 || inX! >= 32 || inY! >= 32)
          return 255;
        return 12 * (row! * 4 + column!) + (inX === 0 || inY === 31 ? 40 : 0) + channel;
      });
      for (const tile of [undefined, 32]) {
        const { images, report } = await read([dataFile('grid.png', sheet)], {
          size: 32,
          ...(tile && { tile }),
        });
        expect(report).toMatchObject({ found: 12, format: 'sprite sheet of 32×32 tiles' });
        expect(images.count).toBe(12);
        // Every picture begins in the corner of its tile, which is brighter than the rest.
        const corners = firstPixels(images).toSorted((a, b) => a! - b!);
        expect(corners).toEqual(Array.from({ length: 12 }, (_, at) => 12 * at + 40));
      }
    }
    const framed = paintPng(80, 60, (x, y) => (x < 8 || y < 8 || x > 71 || y > 51 ? 255 : x + y));
    const lone = await failure(read([dataFile('framed.png', framed)]));
    expect(lone.code, 'a picture in a frame is one picture').toBe('data-too-few');
  });

  it('are the smallest tiles that have seams, also where four of them stand out together', async () => {
    const sheet = paintPng(256, 256, (x, y, channel) => {
      const quarter = Math.floor(y / 64) * 4 + Math.floor(x / 64);
      const own = ((Math.floor(x / 32) % 2) + 2 * (Math.floor(y / 32) % 2)) * 24;
      return ((quarter * 53 + channel * 40) % 128) + own + (x % 3) + (y % 2);
    });
    const { report } = await read([dataFile('sheet.png', sheet)]);
    expect(report).toMatchObject({ found: 64, format: 'sprite sheet of 32×32 tiles' });
  });

  it('are the tiles of a sheet of digits, which has gaps for seams', async () => {
    const { data } = drawDigits({ count: 40, size: 32, channels: 1, seed: 1 });
    const sheet = paintPng(320, 128, (x, y) => {
      const at = Math.floor(y / 32) * 10 + Math.floor(x / 32);
      return data[at * 1024 + (y % 32) * 32 + (x % 32)]!;
    });
    const { report } = await read([dataFile('digits.png', sheet)], { channels: 1 });
    expect(report.format).toBe('sprite sheet of 32×32 tiles');
  });

  it('beyond 50,000 are left out and counted', async () => {
    const count = 50_100;
    const data = new Uint8Array(count * 16);
    for (let at = 0; at < count; at++) {
      new DataView(data.buffer).setUint32(at * 16, at);
    }
    const { images, report } = await read([dataFile('many', idxFile([count, 4, 4], data))], {
      channels: 1,
    });
    expect(report).toMatchObject({ found: count, leftOut: 100 });
    // Enlarged to 16×16, pictures that differ in the last bit become the same: those are named.
    expect(images.count + report.duplicates.length).toBe(50_000);
  });

  it('stop when they are not wanted any more', async () => {
    const controller = new AbortController();
    const request = { ...settings, source: { kind: 'digits', count: 40_000, seed: 1 } as const };
    const labels: string[] = [];
    const answer = readImages(request, {
      signal: controller.signal,
      onProgress({ label }) {
        labels.push(label);
        controller.abort();
      },
    });
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(labels).toEqual([expect.stringMatching(/^Drawing digit \d+ of 40,000$/)]);
  });
});

describe('an order', () => {
  it('moves pieces in place', () => {
    const order = shuffledOrder(1000, 7);
    expect(new Set(order).size).toBe(1000);
    const data = Uint8Array.from({ length: 3000 }, (_, at) => Math.floor(at / 3) % 251);
    reorderPieces(data, 3, order);
    expect([...data]).toEqual(Array.from(order).flatMap((at) => [at % 251, at % 251, at % 251]));
  });
});
