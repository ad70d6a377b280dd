/**
 * Keeps shelf records in IndexedDB and in step with other tabs. What has not reached the disk yet is
 * 'unsaved' and wins over what is read, so that neither a slow disk nor another tab can take away what
 * was just kept. Every record is written by itself: two tabs that add at once both succeed.
 */
import type { Database, ShelfRecord } from './database';
import { readShelfItem } from './shelf-schema';

export interface ShelfStorage {
  /** Reads everything; the records come by `onRecords`. */
  load(): Promise<void>;
  put(records: readonly ShelfRecord[]): void;
  remove(ids: readonly string[]): void;
  /** Resolves when nothing is being written. */
  settled(): Promise<void>;
  dispose(): void;
}

export interface ShelfStorageOptions {
  database: Database;
  /** In the visitor's order; called after `load` and whenever another tab changed something. */
  onRecords(records: ShelfRecord[]): void;
  /** False when a write failed or there is no database; true again when everything is on the disk. */
  onPersistent(persistent: boolean, cause: unknown): void;
}

const CHANNEL = 'latentarium-shelf';

export function createShelfStorage(options: ShelfStorageOptions): ShelfStorage {
  const { database } = options;
  /** By id; null for a record that is to be deleted. */
  const unsaved = new Map<string, ShelfRecord | null>();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
  let writing: Promise<void> | null = null;
  let disposed = false;

  async function load(): Promise<void> {
    const db = await database.connect();
    if (disposed) return;
    if (db === null) {
      options.onPersistent(false, null);
      return;
    }
    try {
      const stored = await db.getAll('shelf');
      if (disposed) return;
      options.onRecords(merge(stored, unsaved));
      if (unsaved.size === 0) options.onPersistent(true, null);
    } catch (error) {
      options.onPersistent(false, error);
    }
  }

  async function writeUnsaved(): Promise<void> {
    while (unsaved.size > 0 && !disposed) {
      const batch = [...unsaved];
      const db = await database.connect();
      if (db === null) {
        options.onPersistent(false, null);
        return;
      }
      try {
        const transaction = db.transaction('shelf', 'readwrite');
        const requests = batch.map(([id, record]) =>
          record === null ? transaction.store.delete(id) : transaction.store.put(record),
        );
        await Promise.all([...requests, transaction.done]);
      } catch (error) {
        // Stays unsaved: the next change tries again with everything.
        options.onPersistent(false, error);
        return;
      }
      for (const [id, record] of batch) if (unsaved.get(id) === record) unsaved.delete(id);
      if (disposed) return;
      channel?.postMessage('changed');
      options.onPersistent(true, null);
    }
  }

  function writeSoon(): void {
    writing ??= writeUnsaved().finally(() => {
      writing = null;
    });
  }

  if (channel) {
    channel.onmessage = () => {
      void load();
    };
    // In Node an open channel keeps the process alive; browsers have no such method.
    (channel as { unref?: () => void }).unref?.();
  }

  return {
    load,
    put(records) {
      for (const record of records) unsaved.set(record.id, record);
      writeSoon();
    },
    remove(ids) {
      for (const id of ids) unsaved.set(id, null);
      writeSoon();
    },
    async settled() {
      await writing;
    },
    dispose() {
      disposed = true;
      channel?.close();
    },
  };
}

function merge(
  stored: readonly ShelfRecord[],
  unsaved: ReadonlyMap<string, ShelfRecord | null>,
): ShelfRecord[] {
  const records = new Map<string, ShelfRecord>();
  for (const record of stored) {
    // Written by another version of the page, perhaps: what cannot be read stays on the disk, unseen.
    if (typeof readShelfItem(record.item) !== 'string') records.set(record.id, record);
  }
  for (const [id, record] of unsaved) {
    if (record === null) records.delete(id);
    else records.set(id, record);
  }
  return [...records.values()].sort(byRank);
}

/** Two tabs may give the same rank: the older item first, then by id, so that both show the same order. */
export function byRank(a: ShelfRecord, b: ShelfRecord): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const [first, second] = [`${a.item.createdAt} ${a.id}`, `${b.item.createdAt} ${b.id}`];
  return first < second ? -1 : first > second ? 1 : 0;
}
