/** Sets of pictures that the visitor asked to keep, in IndexedDB. They stay until they are removed. */
import { AppError } from '../lib/errors';
import type { ImageSet } from '../model/image-set';
import type { Connection, Database, DatasetPicturesRecord, DatasetRecord } from './database';
import { formatBytes } from './download';
import { byteBudget } from './local-models';
import { sha256Hex } from './sha256';

export interface KeptDatasets {
  /** The newest first; empty where there is no database. */
  list(): Promise<DatasetRecord[]>;
  /** Rejects with AppError `dataset-full` or `dataset-not-stored`. A set that is kept already is renamed. */
  keep(title: string, images: ImageSet): Promise<DatasetRecord>;
  /** Rejects with AppError `dataset-gone`. */
  take(id: string): Promise<{ title: string; images: ImageSet }>;
  remove(id: string): Promise<void>;
}

/** Keys: 'set:<id>' for what is known of a set, 'pictures:<id>' for its bytes. */
const SET = 'set:';
const PICTURES = 'pictures:';

export function createKeptDatasets(database: Database): KeptDatasets {
  return {
    async list() {
      const db = await database.connect();
      return db === null ? [] : readList(db);
    },
    async keep(title, images) {
      const db = await database.connect();
      if (db === null) throw notStored();
      const id = `own-${(await sha256Hex(images.data)).slice(0, 16)}-${images.size}`;
      const { count, size, channels } = images;
      const record: DatasetRecord = {
        id: SET + id,
        set: id,
        title,
        count,
        size,
        channels,
        bytes: images.data.byteLength,
        keptAt: Date.now(),
      };
      await checkRoom(db, record);
      try {
        await write(db, record, images);
      } catch (cause) {
        throw isQuota(cause) ? full(record, null, cause) : notStored(cause);
      }
      return record;
    },
    async take(id) {
      const db = await database.connect();
      const record = (await db?.get('datasets', SET + id)) as DatasetRecord | undefined;
      const stored = (await db?.get('datasets', PICTURES + id)) as
        DatasetPicturesRecord | undefined;
      if (!record || !stored) throw gone(id);
      const data = new Uint8Array(await stored.file.arrayBuffer());
      const { title, count, size, channels } = record;
      if (data.length !== count * size * size * channels) throw gone(id);
      return { title, images: { count, size, channels, data } };
    },
    async remove(id) {
      const db = await database.connect();
      const transaction = db?.transaction('datasets', 'readwrite');
      await transaction?.store.delete(SET + id);
      await transaction?.store.delete(PICTURES + id);
      await transaction?.done;
    },
  };
}

async function readList(db: Connection): Promise<DatasetRecord[]> {
  const keys = (await db.getAllKeys('datasets')).filter((key) => key.startsWith(SET));
  const found = await Promise.all(keys.map((key) => db.get('datasets', key)));
  const records = found.filter((record) => record !== undefined) as DatasetRecord[];
  return records.sort((a, b) => b.keptAt - a.keptAt);
}

/** Both records or none. */
async function write(db: Connection, record: DatasetRecord, images: ImageSet): Promise<void> {
  const transaction = db.transaction('datasets', 'readwrite');
  const { store, done } = transaction;
  try {
    await store.put({ id: PICTURES + record.set, file: new Blob([images.data]) });
    await store.put(record);
  } catch (error) {
    done.catch(() => undefined);
    abort(transaction);
    throw error;
  }
  // A disk that fills up as it is written to ends the transaction.
  await done;
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // The browser has done so already.
  }
}

async function checkRoom(db: Connection, record: DatasetRecord): Promise<void> {
  const others = (await readList(db)).filter(({ id }) => id !== record.id);
  const taken = others.reduce((sum, { bytes }) => sum + bytes, 0);
  const budget = await byteBudget();
  if (taken + record.bytes > budget) throw full(record, { taken, budget });
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

function full(
  { title, bytes }: DatasetRecord,
  room: { taken: number; budget: number } | null,
  cause?: unknown,
): AppError {
  const why = room
    ? `kept pictures may take ${formatBytes(room.budget)} here, and ${formatBytes(room.taken)} are taken`
    : 'the browser says that its disk space is used up';
  return new AppError(
    {
      code: 'dataset-full',
      message: `'${title}' was not kept: it needs ${formatBytes(bytes)}, and ${why}.`,
      hint: 'Remove kept pictures that you no longer need, or free disk space. You can train on these pictures all the same; only after a reload they must be chosen again.',
    },
    { cause },
  );
}

function notStored(cause?: unknown): AppError {
  return new AppError(
    {
      code: 'dataset-not-stored',
      message: 'The pictures were not kept: this browser stores nothing for the page now.',
      hint: 'That is so in private windows, with storage switched off, or while another tab has an older version of the page. You can train on the pictures all the same; keep the files.',
    },
    { cause },
  );
}

function gone(id: string): AppError {
  return new AppError({
    code: 'dataset-gone',
    message: `The kept pictures '${id}' are not in this browser.`,
    hint: 'They were removed, or the browser cleared its storage. Choose the files again.',
  });
}
