import { createStore } from 'zustand/vanilla';
import { AppError } from '../lib/errors';
import type { Database, DatabaseTrouble, ShelfRecord } from './database';
import type { Notices } from './session';
import type { NewShelfItem, Shelf, ShelfItem, ShelfState } from './shelf';
import { latentsOf, MAX_LABEL_CHARACTERS, readShelfFile, readShelfItem } from './shelf-schema';
import { byRank, createShelfStorage } from './shelf-storage';

export interface ShelfOptions {
  database: Database;
  notices: Notices;
  /** Length of z of a model that is known here, by the sha256 of its generator. */
  latentSizeOf(modelHash: string): number | undefined;
}

export interface ShelfControl extends Shelf {
  /** Resolves when everything kept so far was written, or could not be. */
  settled(): Promise<void>;
  dispose(): void;
}

/** Ranks closer than this leave no room for a move between them; then all get new ones. */
const SMALLEST_GAP = 1e-6;

const KIND_NAMES = {
  latent: 'Latent',
  direction: 'Direction',
  mask: 'Mask',
  equation: 'Equation',
} as const;

export function createShelf(options: ShelfOptions): ShelfControl {
  const { database, notices } = options;
  const store = createStore<ShelfState>(() => ({ loaded: false, items: [], persistent: true }));
  let records: ShelfRecord[] = [];
  let toldOfTrouble = false;

  function show(next: ShelfRecord[]): void {
    records = next;
    store.setState({ items: next.map(({ item }) => item) });
  }

  function tellOnce(cause: DatabaseTrouble | 'write'): void {
    if (toldOfTrouble) return;
    toldOfTrouble = true;
    notices.post({ level: 'warning', ...TROUBLES[cause] });
  }

  const storage = createShelfStorage({
    database,
    onRecords(next) {
      show(next);
      store.setState({ loaded: true });
    },
    onPersistent(persistent, cause) {
      store.setState({ persistent, loaded: true });
      if (persistent) toldOfTrouble = false;
      else if (cause !== null) tellOnce('write');
    },
  });
  database.onTrouble((trouble) => {
    store.setState({ persistent: false });
    tellOnce(trouble);
  });
  void storage.load();

  function put(changed: readonly ShelfRecord[], next: ShelfRecord[]): void {
    show(next);
    storage.put(changed);
  }

  function append(items: readonly ShelfItem[]): void {
    const last = records.at(-1)?.rank ?? 0;
    const added = items.map((item, index) => ({ id: item.id, rank: last + 1 + index, item }));
    put(added, [...records, ...added]);
  }

  function add(item: NewShelfItem): ShelfItem {
    const full = completeItem(item, records);
    append([full]);
    return full;
  }

  function update(id: string, change: { label?: string; tags?: string[] }): void {
    const record = records.find((one) => one.id === id);
    if (!record) return;
    const item = checked({ ...record.item, ...change });
    const changed = { ...record, item };
    put(
      [changed],
      records.map((one) => (one.id === id ? changed : one)),
    );
  }

  function move(id: string, toIndex: number): void {
    const record = records.find((one) => one.id === id);
    if (!record) return;
    const rest = records.filter((one) => one.id !== id);
    const at = Math.min(Math.max(0, Math.round(toIndex)), rest.length);
    const moved = { ...record, rank: rankBetween(rest[at - 1]?.rank, rest[at]?.rank) };
    const next = rest.toSpliced(at, 0, moved);
    if (hasRoom(next, at)) put([moved], next);
    else {
      const renumbered = next.map((one, index) => ({ ...one, rank: index + 1 }));
      put(renumbered, renumbered);
    }
  }

  function remove(ids: readonly string[]): void {
    const gone = records.filter(({ id }) => ids.includes(id));
    const [first] = gone;
    if (!first) return;
    show(records.filter((record) => !gone.includes(record)));
    storage.remove(gone.map(({ id }) => id));
    const what = gone.length === 1 ? `“${first.item.label}”` : `${String(gone.length)} items`;
    notices.post({
      level: 'info',
      message: `Removed ${what} from the shelf.`,
      action: {
        label: 'Undo',
        run: () => {
          restore(gone);
        },
      },
    });
  }

  function restore(gone: readonly ShelfRecord[]): void {
    const missing = gone.filter(({ id }) => !records.some((record) => record.id === id));
    put(missing, [...records, ...missing].sort(byRank));
  }

  function importJson(text: string): { added: number; skipped: number } {
    const { items, faults } = readShelfFile(text);
    const seen = new Set(records.map(({ id }) => id));
    const fresh = items.filter((item) => {
      const duplicate = seen.has(item.id);
      seen.add(item.id);
      return !duplicate && fitsModel(item, options.latentSizeOf(item.modelHash));
    });
    append(fresh);
    return { added: fresh.length, skipped: items.length - fresh.length + faults.length };
  }

  return {
    store,
    add,
    update,
    move,
    remove,
    clear: () => {
      remove(records.map(({ id }) => id));
    },
    exportJson: () => JSON.stringify({ v: 1, items: store.getState().items }),
    importJson,
    settled: () => storage.settled(),
    dispose: () => {
      storage.dispose();
    },
  };
}

function completeItem(item: NewShelfItem, records: readonly ShelfRecord[]): ShelfItem {
  const label = item.label?.trim().slice(0, MAX_LABEL_CHARACTERS);
  return checked({
    v: 1,
    id: createId(),
    kind: item.kind,
    label: label ? label : nextLabel(item.kind, records),
    tags: item.tags ?? [],
    modelHash: item.modelHash,
    createdAt: new Date().toISOString(),
    data: item.data,
  });
}

function checked(candidate: unknown): ShelfItem {
  const item = readShelfItem(candidate);
  if (typeof item !== 'string') return item;
  throw new AppError({
    code: 'shelf-item-invalid',
    message: `This cannot be put on the shelf: it is wrong at ${item}.`,
    hint: 'The shelf is as it was. Keep a latent of finite numbers with a PNG, WebP or JPEG thumbnail.',
  });
}

/** 'Latent 7': one more than the highest number in use. */
function nextLabel(kind: ShelfItem['kind'], records: readonly ShelfRecord[]): string {
  const name = KIND_NAMES[kind];
  const numbers = records.map(({ item }) =>
    Number(new RegExp(`^${name} (\\d{1,9})$`).exec(item.label)?.[1] ?? 0),
  );
  return `${name} ${String(Math.max(0, ...numbers) + 1)}`;
}

/** Not crypto.randomUUID, which plain http pages do not have. */
function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fitsModel(item: ShelfItem, latentSize: number | undefined): boolean {
  return latentSize === undefined || latentsOf(item).every(({ length }) => length === latentSize);
}

function rankBetween(before: number | undefined, after: number | undefined): number {
  if (before === undefined && after === undefined) return 1;
  if (before === undefined) return (after ?? 0) - 1;
  if (after === undefined) return before + 1;
  return (before + after) / 2;
}

function hasRoom(records: readonly ShelfRecord[], at: number): boolean {
  const rank = records[at]?.rank ?? 0;
  const before = records[at - 1]?.rank ?? -Infinity;
  const after = records[at + 1]?.rank ?? Infinity;
  return rank - before > SMALLEST_GAP && after - rank > SMALLEST_GAP;
}

const TROUBLES: Record<DatabaseTrouble | 'write', { message: string; hint: string }> = {
  unavailable: {
    message: 'The shelf is only in memory: this browser does not let the page store anything.',
    hint: 'A private window does that, or blocked site data. Export the shelf as JSON before you close the page.',
  },
  blocked: {
    message: 'The shelf is only in memory: an older version of this page is open in another tab.',
    hint: 'Close the other tabs of Latentarium; what you keep is then stored by itself.',
  },
  outdated: {
    message:
      'A newer version of this page was opened in another tab, so this one stores nothing more.',
    hint: 'Reload this page. What was kept so far is stored.',
  },
  write: {
    message: 'The shelf could not be written to disk; it goes on in memory.',
    hint: 'The disk or the browser’s quota is full. Remove what you do not need, or export the shelf as JSON before you close the page.',
  },
};
