/**
 * The one IndexedDB database of the app. Only the session opens it; stores of later features stand in
 * the schema from the start so that they need no upgrade of their own.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ManifestEntry } from '../model/manifest';
import type { ShelfItem } from './shelf';
import type { RunRecord } from './training/run-records';

const DATABASE_VERSION = 1;

/** A shelf item with its place: items are sorted by rank, which leaves gaps so that one move writes one record. */
export interface ShelfRecord {
  id: string;
  rank: number;
  item: ShelfItem;
}

/** What is known of a kept local model without reading its bytes. */
export interface ModelRecord {
  /** `local:<16 hex>`. */
  key: string;
  /** Marks the records that the index 'listed' finds. */
  listed: 1;
  entry: ManifestEntry;
  /** Of all its files. */
  bytes: number;
  /** Milliseconds since 1970; the model unused for longest makes room first. */
  usedAt: number;
}

/** One file of a kept model, apart from its ModelRecord so that listing reads no bytes. */
export interface ModelFileRecord {
  /** `<model id>/<role>`. */
  key: string;
  file: Blob;
}

/** What is known of a kept set of pictures without reading them. */
export interface DatasetRecord {
  /** `set:<id>`. */
  id: string;
  /** The id alone. */
  set: string;
  title: string;
  count: number;
  /** Height and width of a picture in pixels. */
  size: number;
  channels: 1 | 3;
  bytes: number;
  /** Milliseconds since 1970. */
  keptAt: number;
}

/** A kept set's pictures as an ImageSet has them, apart from its DatasetRecord so that listing reads none. */
export interface DatasetPicturesRecord {
  /** `pictures:<id>`. */
  id: string;
  file: Blob;
}

interface LatentariumSchema extends DBSchema {
  shelf: { key: string; value: ShelfRecord };
  models: {
    key: string;
    value: ModelRecord | ModelFileRecord;
    indexes: { listed: number };
  };
  datasets: { key: string; value: DatasetRecord | DatasetPicturesRecord };
  runs: { key: string; value: RunRecord };
}

export type Connection = IDBPDatabase<LatentariumSchema>;

/** Why there is no database for now; said to the visitor by who needs it. */
export type DatabaseTrouble =
  /** Another tab with an older version of the page holds it open. */
  | 'blocked'
  /** Another tab has a newer version of the page, which needed it. */
  | 'outdated'
  /** Private window, storage switched off, or a damaged profile. */
  | 'unavailable';

export interface Database {
  /** The open connection, or null where there is none; never rejects. */
  connect(): Promise<Connection | null>;
  /** Called once for each kind of trouble. */
  onTrouble(listener: (trouble: DatabaseTrouble) => void): void;
  close(): void;
}

/** Nothing is opened before the first `connect`. */
export function createDatabase(name = 'latentarium'): Database {
  const listeners = new Set<(trouble: DatabaseTrouble) => void>();
  const told = new Set<DatabaseTrouble>();
  let connection: Promise<Connection | null> | null = null;
  let outdated = false;

  function tell(trouble: DatabaseTrouble): void {
    if (told.has(trouble)) return;
    told.add(trouble);
    for (const listener of listeners) listener(trouble);
  }

  async function open(): Promise<Connection | null> {
    if (typeof indexedDB === 'undefined') {
      tell('unavailable');
      return null;
    }
    try {
      return await openDB<LatentariumSchema>(name, DATABASE_VERSION, {
        upgrade,
        blocked: () => {
          tell('blocked');
        },
        blocking: (_current, _wanted, event) => {
          // Holding on would stop the newer page of the other tab from starting.
          outdated = true;
          connection = null;
          (event.target as IDBDatabase).close();
          tell('outdated');
        },
        terminated: () => {
          // The browser took the connection away (cleared site data, a crashed profile): open it anew when next needed.
          connection = null;
        },
      });
    } catch {
      tell('unavailable');
      return null;
    }
  }

  return {
    connect() {
      if (outdated) return Promise.resolve(null);
      connection ??= open();
      return connection;
    },
    onTrouble(listener) {
      listeners.add(listener);
      for (const trouble of told) listener(trouble);
    },
    close() {
      listeners.clear();
      void connection?.then((db) => db?.close());
      connection = null;
      outdated = true;
    },
  };
}

/** Each version adds to what the one before it left, so that any old database can catch up. */
function upgrade(db: Connection, oldVersion: number): void {
  if (oldVersion < 1) {
    db.createObjectStore('shelf', { keyPath: 'id' });
    const models = db.createObjectStore('models', { keyPath: 'key' });
    models.createIndex('listed', 'listed');
    db.createObjectStore('datasets', { keyPath: 'id' });
    db.createObjectStore('runs', { keyPath: 'id' });
  }
}
