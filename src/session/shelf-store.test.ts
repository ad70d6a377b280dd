import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { caughtAppError } from '../lib/testing';
import { createDatabase, type Database } from './database';
import { createNotices } from './notices';
import type { NewShelfItem } from './shelf';
import { createShelf, type ShelfControl } from './shelf-store';
import { eventually } from './testing';

const HASH = 'a'.repeat(64);
const PNG = 'data:image/png;base64,iVBORw0KGgo=';

const latent = (label?: string): NewShelfItem => ({
  kind: 'latent',
  modelHash: HASH,
  data: { z: [1, 2, 3], thumbnail: PNG },
  ...(label !== undefined && { label }),
});

const opened: { shelf: ShelfControl; database: Database }[] = [];

async function openShelf(database = createDatabase()) {
  const notices = createNotices();
  const latentSizeOf = (hash: string) => (hash === HASH ? 3 : undefined);
  const shelf = createShelf({ database, notices, latentSizeOf });
  opened.push({ shelf, database });
  await eventually(() => shelf.store.getState().loaded);
  const labels = () => shelf.store.getState().items.map(({ label }) => label);
  return { shelf, notices, labels };
}

const undo = ({ notices }: { notices: ReturnType<typeof createNotices> }) =>
  notices.store.getState().notices.at(-1)?.action?.run();

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  for (const { shelf, database } of opened.splice(0)) {
    shelf.dispose();
    database.close();
  }
  vi.unstubAllGlobals();
});

describe('the shelf', () => {
  it('survives a reload, in its order', async () => {
    const first = await openShelf();
    const items = ['a', 'b', 'c', 'd'].map((label) => first.shelf.add(latent(label)));
    first.shelf.move(items[3]!.id, 0);
    first.shelf.move(items[0]!.id, 99);
    first.shelf.update(items[1]!.id, { label: 'B', tags: ['kept'] });
    expect(first.labels()).toEqual(['d', 'B', 'c', 'a']);
    await first.shelf.settled();
    const second = await openShelf();
    expect(second.labels()).toEqual(['d', 'B', 'c', 'a']);
    expect(second.shelf.store.getState().items).toEqual(first.shelf.store.getState().items);
  });

  it('keeps its order after many moves between the same neighbours', async () => {
    const { shelf, labels } = await openShelf();
    const [, b, c] = ['a', 'b', 'c', 'd'].map((label) => shelf.add(latent(label)));
    for (let turn = 0; turn < 100; turn++) {
      shelf.move((turn % 2 === 0 ? c! : b!).id, 1);
    }
    await shelf.settled();
    expect(labels()).toEqual(['a', 'b', 'c', 'd']);
    expect((await openShelf()).labels()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('makes up labels that are not in use', async () => {
    const { shelf, labels } = await openShelf();
    shelf.add(latent());
    shelf.add(latent('Latent 41'));
    shelf.add(latent('  '));
    expect(labels()).toEqual(['Latent 1', 'Latent 41', 'Latent 42']);
  });

  it('gives back what was removed or cleared, in its place', async () => {
    const shown = await openShelf();
    const items = ['a', 'b', 'c'].map((label) => shown.shelf.add(latent(label)));
    shown.shelf.remove([items[1]!.id]);
    expect(shown.labels()).toEqual(['a', 'c']);
    undo(shown);
    expect(shown.labels()).toEqual(['a', 'b', 'c']);
    shown.shelf.clear();
    expect(shown.labels()).toEqual([]);
    shown.shelf.add(latent('new'));
    undo(shown);
    undo(shown);
    await shown.shelf.settled();
    expect((await openShelf()).labels()).toEqual(shown.labels());
    expect(shown.labels().toSorted()).toEqual(['a', 'b', 'c', 'new']);
  });

  it('refuses what is no item', async () => {
    const { shelf } = await openShelf();
    const add = (data: object) => () =>
      shelf.add({ kind: 'latent', modelHash: HASH, data } as NewShelfItem);
    const bad = [
      { z: [NaN], thumbnail: PNG },
      { z: [], thumbnail: PNG },
      { z: [1], thumbnail: 'https://example.org/x.png' },
      { z: [1], thumbnail: 'data:image/svg+xml;base64,AAAA' },
      { z: [1], thumbnail: `data:image/png;base64,${'A'.repeat(500_000)}` },
    ];
    for (const data of bad) expect(caughtAppError(add(data)).code).toBe('shelf-item-invalid');
    expect(shelf.store.getState().items).toEqual([]);
  });
});

describe('two tabs', () => {
  it('stay in step and lose nothing when both add at once', async () => {
    const a = await openShelf();
    const b = await openShelf();
    a.shelf.add(latent('from a'));
    b.shelf.add(latent('from b'));
    await eventually(() => a.labels().length === 2 && b.labels().length === 2);
    expect(a.labels()).toEqual(b.labels());
    const [item] = a.shelf.store.getState().items;
    a.shelf.remove([item!.id]);
    await eventually(() => b.labels().length === 1);
  });
});

describe('export and import', () => {
  it('come back as they were, and twice is once', async () => {
    const { shelf } = await openShelf();
    shelf.add(latent('a'));
    shelf.add({ kind: 'mask', modelHash: HASH, data: { units: { 'main.0': { 3: 0 } } } });
    const z = [[1, 2, 3]];
    const terms = [{ sign: -1 as const, name: 'x', z }];
    shelf.add({ kind: 'equation', modelHash: HASH, data: { terms } });
    const json = shelf.exportJson();
    expect(shelf.importJson(json)).toEqual({ added: 0, skipped: 3 });
    const before = shelf.store.getState().items;
    shelf.clear();
    expect(shelf.importJson(json)).toEqual({ added: 3, skipped: 0 });
    expect(shelf.store.getState().items).toEqual(before);
  });

  it('leaves out what is wrong', async () => {
    const { shelf } = await openShelf();
    const good = shelf.add(latent('good'));
    shelf.clear();
    const wrong: unknown[] = [
      { ...good, id: 'x1', data: { z: [1, 2], thumbnail: PNG } },
      { ...good, id: 'x2', data: { z: [1, null, 3], thumbnail: PNG } },
      { ...good, id: 'x3', kind: 'script' },
      { ...good, id: 'x4', label: 'l'.repeat(1000) },
      { ...good, id: '../x5' },
      null,
      [],
    ];
    const text = JSON.stringify({ v: 1, items: [...wrong, good, good] });
    expect(shelf.importJson(text.replace('[1,2]', '[1e999,2]'))).toEqual({ added: 1, skipped: 8 });
    expect(shelf.store.getState().items).toEqual([good]);
  });

  it('says why a file is no shelf, and leaves the shelf alone', async () => {
    const { shelf } = await openShelf();
    shelf.add(latent('a'));
    const code = (text: string) => caughtAppError(() => shelf.importJson(text)).code;
    expect(code('{')).toBe('shelf-json');
    expect(code('[]')).toBe('shelf-format');
    expect(code('{"v":2,"items":[]}')).toBe('shelf-format');
    expect(code('{"v":1,"items":[{"__proto__":{}},1]}')).toBe('shelf-nothing-readable');
    expect(shelf.importJson('{"v":1,"items":[]}')).toEqual({ added: 0, skipped: 0 });
    expect(shelf.store.getState().items).toHaveLength(1);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('without a place to store', () => {
  const noDatabase = (): Database => {
    vi.stubGlobal('indexedDB', undefined);
    return createDatabase();
  };

  it('works in memory and says so once', async () => {
    const { shelf, notices, labels } = await openShelf(noDatabase());
    shelf.add(latent('a'));
    shelf.add(latent('b'));
    await shelf.settled();
    expect(labels()).toEqual(['a', 'b']);
    expect(shelf.store.getState().persistent).toBe(false);
    const told = notices.store.getState().notices.filter(({ level }) => level === 'warning');
    expect(told).toHaveLength(1);
  });

  it('writes what a full disk refused as soon as there is room', async () => {
    const { shelf, notices } = await openShelf();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    shelf.add(latent('a'));
    await eventually(() => !shelf.store.getState().persistent);
    expect(notices.store.getState().notices).toHaveLength(1);
    put.mockRestore();
    shelf.add(latent('b'));
    await eventually(() => shelf.store.getState().persistent);
    expect((await openShelf()).labels()).toEqual(['a', 'b']);
  });

  it('lets a newer page have the database', async () => {
    const { shelf, notices } = await openShelf();
    shelf.add(latent('a'));
    await shelf.settled();
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open('latentarium', 99);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = () => reject(new Error('the upgrade did not get through'));
    });
    expect(shelf.store.getState().persistent).toBe(false);
    expect(notices.store.getState().notices[0]?.message).toContain('newer version');
  });
});
