/**
 * Several threads on one job: the engine's worker and helpers that sleep in Atomics.wait. Nobody waits
 * for a helper that is late; it finds the work taken and goes back to sleep.
 */
import { runItem, type TileJob, type TileKernels } from './tile-record';

/** Words of the control block, as indices from its start. */
const WORD = {
  /** Number of the job; helpers sleep on it. */
  job: 0,
  /** Job number (15 bits) and the next item to take (16 bits): both change in one step. */
  next: 1,
  /** Items that are finished; the engine's worker sleeps on it. */
  done: 2,
  record: 3,
  x: 4,
  out: 5,
  count: 6,
  splits: 7,
  items: 8,
} as const;

const JOB_KEYS = ['record', 'x', 'out', 'count', 'splits', 'items'] as const;

/** Size of the control block. */
export const CONTROL_BYTES = 64;

const MAX_ITEMS = 0xffff;
const CLOSED = 0xffff;

/** Helpers look for new work this often before they sleep: layers follow each other closely. */
const SPINS = 3000;

const tagOf = (job: number): number => (job & 0x7fff) << 16;

/** Whether a job can be shared out; a tiny or a huge one is run alone. */
export function isShareable(items: number): boolean {
  return items > 1 && items <= MAX_ITEMS;
}

/** Runs a job with whatever helpers are awake; returns when all of it is done. */
export function runShared(
  memory: Int32Array,
  control: number,
  job: TileJob,
  kernels: TileKernels,
  scratch: number,
): void {
  const at = control >> 2;
  const number = Atomics.load(memory, at + WORD.job) + 1;
  // Closed first, so that a helper that is late cannot mix two jobs.
  Atomics.store(memory, at + WORD.next, tagOf(number) | CLOSED);
  Atomics.store(memory, at + WORD.done, 0);
  for (const key of JOB_KEYS) {
    Atomics.store(memory, at + WORD[key], job[key]);
  }
  Atomics.store(memory, at + WORD.next, tagOf(number));
  Atomics.store(memory, at + WORD.job, number);
  Atomics.notify(memory, at + WORD.job);
  takeItems(memory, control, number, job, kernels, scratch);
  for (;;) {
    const done = Atomics.load(memory, at + WORD.done);
    if (done === job.items) return;
    Atomics.wait(memory, at + WORD.done, done);
  }
}

/** A helper's life: never returns. */
export function helpForever(
  memory: WebAssembly.Memory,
  control: number,
  kernels: TileKernels,
  scratch: number,
): never {
  const at = control >> 2;
  let view = new Int32Array(memory.buffer);
  for (let seen = 0; ;) {
    for (let spin = 0; spin < SPINS && Atomics.load(view, at + WORD.job) === seen; spin++);
    Atomics.wait(view, at + WORD.job, seen);
    // The memory may have grown since; the old view does not reach what is new.
    view = new Int32Array(memory.buffer);
    seen = Atomics.load(view, at + WORD.job);
    const word = (key: keyof typeof WORD): number => Atomics.load(view, at + WORD[key]);
    const job: TileJob = {
      record: word('record'),
      x: word('x'),
      out: word('out'),
      count: word('count'),
      splits: word('splits'),
      items: word('items'),
    };
    takeItems(view, control, seen, job, kernels, scratch);
  }
}

function takeItems(
  memory: Int32Array,
  control: number,
  number: number,
  job: TileJob,
  kernels: TileKernels,
  scratch: number,
): void {
  const next = (control >> 2) + WORD.next;
  const done = (control >> 2) + WORD.done;
  for (;;) {
    const state = Atomics.load(memory, next);
    if ((state & ~0xffff) !== tagOf(number) || (state & 0xffff) === CLOSED) return;
    const item = state & 0xffff;
    if (item >= job.items) return;
    if (Atomics.compareExchange(memory, next, state, state + 1) !== state) continue;
    runItem(kernels, memory, job, item, scratch);
    if (Atomics.add(memory, done, 1) + 1 === job.items) Atomics.notify(memory, done);
  }
}
