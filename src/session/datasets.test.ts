import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDatasetIndex } from '../model/dataset-index';
import type { ImageSet } from '../model/image-set';
import { createBundledDatasets } from './bundled-datasets';
import { createDataInput } from './data-input';
import { createDatabase, type Database } from './database';
import { createDatasets, type Datasets } from './datasets';
import { createKeptDatasets } from './kept-datasets';
import { createSite, inPlacePictures, type Site } from './testing';

const DATASETS = new URL('https://latentarium.invalid/app/datasets/');

let site: Site;
let database: Database;
beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  site = await createSite();
  vi.stubGlobal('fetch', site.fetch);
  database = createDatabase();
});
afterEach(() => {
  database.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const images = (count: number, value = 1): ImageSet => ({
  count,
  size: 16,
  channels: 1,
  data: new Uint8Array(count * 256).fill(value),
});

const granted = (quota: number) =>
  vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ quota }) } });

describe('bundled pictures', () => {
  const files = async (bundled = createBundledDatasets(DATASETS)) =>
    bundled.files(await bundled.find('blank'));

  it('come with their checksums compared', async () => {
    expect((await files())[0]).toMatchObject({ name: 'blank/0.webp' });
    const asked = site.requests.filter((path) => path.startsWith('datasets/'));
    expect(asked).toEqual(['datasets/index.json', 'datasets/blank/0.webp']);
  });

  it('are asked for once more, past caches, where they are not what the list says', async () => {
    site.files.get('datasets/blank/0.webp')![5] = 1;
    await expect(files()).rejects.toMatchObject({ code: 'dataset-integrity' });
    expect(site.requests.filter((path) => path.endsWith('0.webp')).length).toBe(2);
  });

  it('are asked for again after a list that did not come', async () => {
    const index = site.files.get('datasets/index.json')!;
    site.files.delete('datasets/index.json');
    const bundled = createBundledDatasets(DATASETS);
    await expect(bundled.list()).rejects.toMatchObject({ code: 'download-status' });
    site.files.set('datasets/index.json', index);
    expect((await bundled.list()).map(({ id }) => id)).toEqual(['blank']);
    await expect(bundled.find('none')).rejects.toMatchObject({ code: 'dataset-unknown' });
  });

  it('that ship with the page are what their list says, 4 MB a set at most', () => {
    const { sets } = parseDatasetIndex(readFileSync('public/datasets/index.json', 'utf8'));
    expect(sets.map(({ id, count, size }) => [id, count, size])).toEqual([
      ['characters', 4096, 32],
      ['rooms', 4096, 32],
    ]);
    for (const { files: listed } of sets) {
      for (const { path, bytes, sha256 } of listed) {
        const file = readFileSync(`public/datasets/${path}`);
        expect(file.length).toBe(bytes);
        expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
      }
      expect(listed.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(4e6);
    }
  });

  it('need a list that is right in every field', async () => {
    const index = JSON.parse(new TextDecoder().decode(site.files.get('datasets/index.json'))) as {
      sets: { files: { path: string }[] }[];
    };
    index.sets[0]!.files[0]!.path = 'a/../../models/x';
    site.files.set('datasets/index.json', new TextEncoder().encode(JSON.stringify(index)));
    await expect(createBundledDatasets(DATASETS).list()).rejects.toMatchObject({
      code: 'datasets-invalid',
      message: expect.stringContaining('sets.0.files.0.path') as string,
    });
  });
});

describe('kept pictures', () => {
  it('are listed without being read, the newest first, once each', async () => {
    const kept = createKeptDatasets(database);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [at, title] of ['First', 'Second', 'First again'].entries()) {
      vi.setSystemTime(1000 * at);
      await kept.keep(title, images(4, at % 2));
    }
    const list = await kept.list();
    expect(list.map(({ title, bytes }) => [title, bytes])).toEqual([
      ['First again', 1024],
      ['Second', 1024],
    ]);
    const { title, images: back } = await kept.take(list[1]!.set);
    expect(title).toBe('Second');
    expect(back).toEqual(images(4, 1));
    await kept.remove(list[0]!.set);
    expect((await kept.list()).length).toBe(1);
    await expect(kept.take(list[0]!.set)).rejects.toMatchObject({ code: 'dataset-gone' });
  });

  it('may take half of what the browser grants; what is beyond is said, and nothing is lost', async () => {
    granted(2 * 3000);
    const kept = createKeptDatasets(database);
    await kept.keep('One', images(5, 1));
    await kept.keep('Two', images(5, 2));
    await expect(kept.keep('Three', images(5, 3))).rejects.toMatchObject({
      code: 'dataset-full',
      message:
        "'Three' was not kept: it needs 1.3 kB, and kept pictures may take 3.0 kB here, and 2.6 kB are taken.",
    });
    expect((await kept.list()).map(({ title }) => title).toSorted()).toEqual(['One', 'Two']);
    // The same set once more needs no more room.
    await kept.keep('Two', images(5, 2));
  });

  it('are whole or not there when the disk is full', async () => {
    const kept = createKeptDatasets(database);
    type Put = (this: IDBObjectStore, ...record: unknown[]) => IDBRequest<IDBValidKey>;
    const write = Reflect.get(IDBObjectStore.prototype, 'put') as Put;
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    let calls = 0;
    put.mockImplementation(function (this: IDBObjectStore, ...record: unknown[]) {
      calls += 1;
      if (calls === 2) throw new DOMException('full', 'QuotaExceededError');
      return write.apply(this, record);
    });
    await expect(kept.keep('One', images(4))).rejects.toMatchObject({ code: 'dataset-full' });
    put.mockRestore();
    expect(await (await database.connect())?.getAllKeys('datasets')).toEqual([]);
    await kept.keep('One', images(4));
    expect((await kept.list()).length).toBe(1);
  });

  it('cannot be kept without a database, which is said', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const kept = createKeptDatasets(createDatabase());
    await expect(kept.keep('One', images(4))).rejects.toMatchObject({ code: 'dataset-not-stored' });
    expect(await kept.list()).toEqual([]);
  });
});

describe('pictures to train on', () => {
  const open = (): Datasets =>
    createDatasets({ database, datasetsUrl: DATASETS, input: inPlacePictures });

  it('are found again by what a run remembers of them', async () => {
    const datasets = open();
    const image = { size: 16, channels: 1 } as const;
    const source = { kind: 'digits', count: 20, seed: 3 } as const;
    const digits = await datasets.open(source, image);
    expect(digits).toMatchObject({ title: 'Digits', source, images: { count: 20, size: 16 } });
    expect((await datasets.open(source, image)).images).toEqual(digits.images);
    const kept = await datasets.keep(digits);
    expect((await datasets.open(kept.source, image)).images).toEqual(digits.images);
    const large = await datasets.open(kept.source, { size: 32, channels: 3 });
    expect(large.images).toMatchObject({ count: 20, size: 32, channels: 3 });
    expect(large.images.data.length).toBe(20 * 32 * 32 * 3);
    await expect(datasets.open({ kind: 'own' }, image)).rejects.toMatchObject({
      code: 'dataset-gone',
    });
    const few = { ...source, count: 3 };
    await expect(datasets.open(few, image)).rejects.toMatchObject({ code: 'data-count' });
  });

  it('are listed: bundled, drawn, kept', async () => {
    const datasets = open();
    const source = { kind: 'digits', count: 8, seed: 3 } as const;
    await datasets.keep(await datasets.open(source, { size: 16, channels: 1 }));
    expect((await datasets.list()).map(({ title, count }) => `${title} ${count}`)).toEqual([
      'Blank 16',
      'Digits 4096',
      'Digits 8',
    ]);
  });

  it('of files are called after their folder, file or number', async () => {
    const pictures: ImageSet = images(4);
    const report = { found: 4, format: '', duplicates: [], refused: [], leftOut: 0 };
    const input = {
      ...inPlacePictures,
      read: () => Promise.resolve({ images: pictures, report }),
    };
    const datasets = createDatasets({ database, datasetsUrl: DATASETS, input });
    const settings = { size: 16, channels: 1, framing: 'crop', tile: null, seed: 1 } as const;
    const titles = await Promise.all(
      [['cats/a.png', 'cats/b/c.png'], ['cats.zip'], ['a.png', 'b.png'], ['a/x', 'b/x']].map(
        async (names) => {
          const files = names.map((name) => ({ name, file: new Blob(['x']) }));
          return (await datasets.read({ ...settings, files })).data.title;
        },
      ),
    );
    expect(titles).toEqual(['cats', 'cats', 'Own pictures', 'Own pictures']);
  });
});

describe('the data worker', () => {
  const ended: number[] = [];
  class SilentWorker {
    addEventListener = vi.fn();
    removeEventListener = vi.fn();
    postMessage = vi.fn();
    terminate = () => ended.push(1);
  }
  const request = {
    source: { kind: 'digits', count: 4, seed: 1 },
    ...({ size: 16, channels: 1, framing: 'crop', tile: null, seed: 1 } as const),
  } as const;

  it('is ended by a cancel, and given up when nothing moves for a minute', async () => {
    vi.stubGlobal('Worker', SilentWorker);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const input = createDataInput();
    const controller = new AbortController();
    const cancelled = input.read(request, { signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(ended.length).toBe(1);

    const stuck = input.read(request);
    const said = expect(stuck).rejects.toMatchObject({ code: 'data-timeout' });
    await vi.advanceTimersByTimeAsync(60_000);
    await said;
    expect(ended.length).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});
