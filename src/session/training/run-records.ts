/**
 * Runs in IndexedDB. A run has a head (what the list shows), two checkpoints that are written in turn,
 * its snapshots, and its pictures where they are the visitor's own. A checkpoint is written whole in one
 * transaction, which then points the head to it: whatever happens on the way, the older one is still there.
 */
import type { NamedArray } from '../../model/source';
import type { Connection, Database } from '../database';
import type { Checkpoint } from './checkpoint';
import type { Snapshots } from './snapshots';
import type { RunInfo } from './training';

/** What the list shows of a run. */
export interface RunHead {
  /** `head/<run>`. */
  id: string;
  info: RunInfo;
  step: number;
  savedAt: number;
  /** Of everything that is kept of it. */
  bytes: number;
  /** The newer checkpoint. */
  slot: 0 | 1;
  /** sha256 of the pictures, hex. */
  picturesHash: string;
}

/** A checkpoint but for its tensors, which are records of their own so that no single write is large. */
interface SlotRecord {
  /** `slot/<run>/<0 or 1>`. */
  id: string;
  at: number;
  log: Checkpoint['log'];
  state: Omit<Checkpoint['state'], 'tensors'>;
  /** Names of its tensors. */
  tensors: string[];
  bytes: number;
}

interface TensorRecord extends NamedArray {
  /** `slot/<run>/<0 or 1>/<name>`. */
  id: string;
}

interface FileRecord {
  /** `snapshot/<run>/<step>` or `pictures/<run>`. */
  id: string;
  file: Blob;
}

export type RunRecord = RunHead | SlotRecord | TensorRecord | FileRecord;

/** What a run is put back from. */
export interface StoredRun {
  info: RunInfo;
  picturesHash: string;
  checkpoint: Checkpoint;
  snapshots: Map<number, Blob>;
  /** Where the run keeps its pictures itself. */
  pictures: Blob | null;
}

export interface WriteRequest {
  info: RunInfo;
  checkpoint: Checkpoint;
  snapshots: Snapshots;
  /** To be kept with the run; null where they are found again elsewhere. */
  pictures: Blob | null;
  picturesHash: string;
}

export interface RunRecords {
  /** Newest first; null where there is no database. */
  heads(): Promise<RunHead[] | null>;
  /** Null where it is not there or neither of its checkpoints is whole. */
  read(run: string): Promise<StoredRun | null>;
  /** Rejects with what the database says (`QuotaExceededError`); then nothing has changed. */
  write(request: WriteRequest): Promise<RunHead>;
  remove(run: string): Promise<void>;
}

export function createRunRecords(database: Pick<Database, 'connect'>): RunRecords {
  async function connected(): Promise<Connection> {
    const db = await database.connect();
    if (db) return db;
    throw new DOMException('There is no database.', 'InvalidStateError');
  }
  return {
    async heads() {
      const db = await database.connect();
      if (db === null) return null;
      const heads = (await db.getAll('runs', prefixed('head/'))) as RunHead[];
      return heads.sort((a, b) => b.savedAt - a.savedAt);
    },
    read: async (run) => readRun(await connected(), run),
    write: async (request) => writeRun(await connected(), request),
    async remove(run) {
      const db = await connected();
      const transaction = db.transaction('runs', 'readwrite');
      for (const range of rangesOf(run)) await transaction.store.delete(range);
      await transaction.done;
    },
  };
}

/** All keys that begin so. */
function prefixed(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

function rangesOf(run: string): (IDBKeyRange | string)[] {
  return [`head/${run}`, prefixed(`slot/${run}/`), prefixed(`snapshot/${run}/`), `pictures/${run}`];
}

async function readRun(db: Connection, run: string): Promise<StoredRun | null> {
  const head = (await db.get('runs', `head/${run}`)) as RunHead | undefined;
  if (!head) return null;
  const other = head.slot === 0 ? 1 : 0;
  const checkpoint = (await readSlot(db, run, head.slot)) ?? (await readSlot(db, run, other));
  if (!checkpoint) return null;
  const files = (await db.getAll('runs', prefixed(`snapshot/${run}/`))) as FileRecord[];
  const snapshots = new Map<number, Blob>();
  for (const { id, file } of files) {
    const step = Number(id.split('/').at(-1));
    if (checkpoint.log.snapshots.includes(step)) snapshots.set(step, file);
  }
  const own = (await db.get('runs', `pictures/${run}`)) as FileRecord | undefined;
  const { info, picturesHash } = head;
  return { info, picturesHash, checkpoint, snapshots, pictures: own?.file ?? null };
}

async function readSlot(db: Connection, run: string, slot: 0 | 1): Promise<Checkpoint | null> {
  const key = `slot/${run}/${slot}`;
  const record = (await db.get('runs', key)) as SlotRecord | undefined;
  if (!record) return null;
  const tensors: Record<string, NamedArray> = {};
  for (const name of record.tensors) {
    const tensor = (await db.get('runs', `${key}/${name}`)) as TensorRecord | undefined;
    if (!tensor) return null;
    tensors[name] = { shape: tensor.shape, data: tensor.data };
  }
  return { state: { ...record.state, tensors }, log: record.log, at: record.at };
}

async function writeRun(db: Connection, request: WriteRequest): Promise<RunHead> {
  const { info, checkpoint, snapshots, pictures, picturesHash } = request;
  const run = info.id;
  const transaction = db.transaction('runs', 'readwrite');
  const { store } = transaction;
  // A write that fails aborts the whole; it is reported by the request itself.
  transaction.done.catch(() => undefined);
  const old = (await store.get(`head/${run}`)) as RunHead | undefined;
  const slot = old?.slot === 0 ? 1 : 0;
  const key = `slot/${run}/${slot}`;
  await store.delete(prefixed(`${key}/`));

  const { tensors, ...state } = checkpoint.state;
  let bytes = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    bytes += data.byteLength;
    await store.put({ id: `${key}/${name}`, shape, data } satisfies TensorRecord);
  }
  const { log, at } = checkpoint;
  const names = Object.keys(tensors);
  await store.put({ id: key, at, log, state, tensors: names, bytes } satisfies SlotRecord);

  const kept = await writeSnapshots(store, run, snapshots, log.snapshots);
  const before = old === undefined ? undefined : await store.getKey(`pictures/${run}`);
  if (pictures && before === undefined) {
    await store.put({ id: `pictures/${run}`, file: pictures } satisfies FileRecord);
  }
  const total = 2 * bytes + kept + (pictures?.size ?? 0);
  const head: RunHead = {
    id: `head/${run}`,
    info,
    step: log.step,
    savedAt: at,
    bytes: total,
    slot,
    picturesHash,
  };
  await store.put(head);
  await transaction.done;
  return head;
}

interface SnapshotStore {
  getAllKeys(range: IDBKeyRange): Promise<string[]>;
  put(record: FileRecord): Promise<unknown>;
  delete(key: string): Promise<void>;
}

/** Those that are new are added, those that were thinned out go; gives the bytes of all. */
async function writeSnapshots(
  store: SnapshotStore,
  run: string,
  snapshots: Snapshots,
  steps: readonly number[],
): Promise<number> {
  const present = new Set(snapshots.steps());
  const wanted = new Map(
    steps
      .filter((step) => present.has(step))
      .map((step) => [`snapshot/${run}/${step}`, snapshots.file(step)]),
  );
  const stored = new Set(await store.getAllKeys(prefixed(`snapshot/${run}/`)));
  for (const key of stored) if (!wanted.has(key)) await store.delete(key);
  let bytes = 0;
  for (const [id, file] of wanted) {
    bytes += file.size;
    if (!stored.has(id)) await store.put({ id, file });
  }
  return bytes;
}
