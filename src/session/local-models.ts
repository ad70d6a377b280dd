/**
 * Models of the visitor's own, kept in IndexedDB so that a reload or a link with `local:` finds them
 * again. They may take at most half of what the browser grants; the one unused for longest makes room.
 */
import type { ManifestEntry } from '../model/manifest';
import type { Role } from '../model/spec';
import type { Connection, Database, ModelFileRecord, ModelRecord } from './database';

/** Where the browser does not say how much it grants (plain http). */
const FALLBACK_BUDGET_BYTES = 256 * 2 ** 20;
const SHARE_OF_QUOTA = 0.5;

export type RoleFiles = { generator: Blob } & Partial<Record<Role, Blob>>;

export interface LocalModels {
  /** What is kept, the last used first; empty where there is no database. */
  list(): Promise<ManifestEntry[]>;
  /** The kept files of a model, or null. Counts as a use. */
  take(id: string): Promise<{ entry: ManifestEntry; files: RoleFiles } | null>;
  /** Whether the model could be kept. */
  keep(entry: ManifestEntry, files: RoleFiles): Promise<boolean>;
  /** Deletes a model and its files; nothing where it is not kept. */
  remove(id: string): Promise<void>;
}

export function createLocalModels(database: Database): LocalModels {
  return {
    async list() {
      const db = await database.connect();
      if (db === null) return [];
      try {
        return (await readListed(db)).map(({ entry }) => entry);
      } catch {
        // What cannot be listed can still be opened from its file.
        return [];
      }
    },
    async take(id) {
      const db = await database.connect();
      return db === null ? null : takeModel(db, id);
    },
    async keep(entry, files) {
      const db = await database.connect();
      if (db === null) return false;
      try {
        return await keepModel(db, entry, files);
      } catch {
        // A full disk, or a browser that stores no Blobs: the caller says that it is not kept.
        return false;
      }
    },
    async remove(id) {
      const db = await database.connect();
      if (db === null) return;
      const transaction = db.transaction('models', 'readwrite');
      const record = (await transaction.store.get(id)) as ModelRecord | undefined;
      if (record) await deleteModel(transaction.store, record);
      await transaction.done;
    },
  };
}

async function deleteModel(
  store: { delete(key: string): Promise<void> },
  { key, entry }: ModelRecord,
): Promise<void> {
  await store.delete(key);
  for (const role of rolesOf(entry)) await store.delete(fileKey(key, role));
}

async function readListed(db: Connection): Promise<ModelRecord[]> {
  const records = (await db.getAllFromIndex('models', 'listed')) as ModelRecord[];
  return records.sort((a, b) => b.usedAt - a.usedAt);
}

async function takeModel(
  db: Connection,
  id: string,
): Promise<{ entry: ManifestEntry; files: RoleFiles } | null> {
  const transaction = db.transaction('models', 'readwrite');
  const record = (await transaction.store.get(id)) as ModelRecord | undefined;
  if (record === undefined) return null;
  const files: Partial<Record<Role, Blob>> = {};
  for (const role of rolesOf(record.entry)) {
    const stored = (await transaction.store.get(fileKey(id, role))) as ModelFileRecord | undefined;
    if (stored) files[role] = stored.file;
  }
  await transaction.store.put({ ...record, usedAt: Date.now() });
  await transaction.done;
  return files.generator ? { entry: record.entry, files: files as RoleFiles } : null;
}

async function keepModel(db: Connection, entry: ManifestEntry, files: RoleFiles): Promise<boolean> {
  const roles = Object.keys(files) as Role[];
  const bytes = roles.reduce((sum, role) => sum + (files[role]?.size ?? 0), 0);
  const budget = await byteBudget();
  if (bytes > budget) return false;
  const others = (await readListed(db)).filter(({ key }) => key !== entry.id);
  const transaction = db.transaction('models', 'readwrite');
  for (const record of overBudget(others, budget - bytes)) {
    await deleteModel(transaction.store, record);
  }
  for (const role of roles) {
    const file = files[role];
    if (file) await transaction.store.put({ key: fileKey(entry.id, role), file });
  }
  await transaction.store.put({ key: entry.id, listed: 1, entry, bytes, usedAt: Date.now() });
  await transaction.done;
  return true;
}

/** Those unused for longest, until the rest fits. `records` come with the last used first. */
function overBudget(records: readonly ModelRecord[], budget: number): ModelRecord[] {
  let left = budget;
  return records.filter(({ bytes }) => {
    left -= bytes;
    return left < 0;
  });
}

/** Bytes that one kind of kept things may take. */
export async function byteBudget(): Promise<number> {
  // `storage` is missing outside secure contexts, which the types do not know.
  const storage = globalThis.navigator?.storage as StorageManager | undefined;
  const estimate = await storage?.estimate().catch(() => undefined);
  return estimate?.quota === undefined ? FALLBACK_BUDGET_BYTES : estimate.quota * SHARE_OF_QUOTA;
}

function rolesOf(entry: ManifestEntry): Role[] {
  return Object.keys(entry.files) as Role[];
}

function fileKey(id: string, role: Role): string {
  return `${id}/${role}`;
}
