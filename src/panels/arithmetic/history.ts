/**
 * Undo and redo. What the panel shows stands in the link, so a step of the history is the text of the
 * panel's parameters: nothing can be forgotten, and a restored step is a state that a link could show.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Param, UrlState } from '../../session/url';

/** Texts of the parameters that differ from their defaults, by name. */
type Snapshot = Readonly<Record<string, string>>;

interface Step {
  /** What the change did, in words: 'place a face'. */
  label: string;
  before: Snapshot;
}

export interface HistoryState {
  past: readonly Step[];
  /** Nearest first. `before` is the state to go forward to. */
  future: readonly Step[];
}

type Row = Param<unknown>;
export type Change = readonly [Row, unknown];

/** A row with its value, typed: what `commit` takes. */
export function change<T>(row: Param<T>, value: T): Change {
  return [row, value];
}

export interface History {
  store: StoreApi<HistoryState>;
  /**
   * Applies changes as one step. Steps with the same `gesture` within a second of each other are one:
   * a dragged slider is undone as a whole.
   */
  commit: (label: string, changes: readonly Change[], gesture?: string) => void;
  undo: () => void;
  redo: () => void;
}

const GESTURE_MS = 1000;
const MAX_STEPS = 200;

export function createHistory(
  url: UrlState,
  rows: readonly Row[],
  now: () => number = Date.now,
): History {
  const store = createStore<HistoryState>(() => ({ past: [], future: [] }));
  let last: { gesture: string; at: number } | null = null;

  function take(): Snapshot {
    const { values } = url.store.getState();
    const kept = rows.flatMap((row) => {
      const text = values[row.name];
      return text === undefined ? [] : [[row.name, text] as const];
    });
    return Object.fromEntries(kept);
  }

  function restore(snapshot: Snapshot): void {
    const changes = rows.map((row): [Row, unknown] => {
      const text = snapshot[row.name];
      return [row, text === undefined ? row.fallback : (row.codec.parse(text) ?? row.fallback)];
    });
    url.update(changes);
    last = null;
  }

  function commit(label: string, changes: readonly Change[], gesture?: string): void {
    const before = take();
    url.update([...changes].map(([row, value]) => [row, value]));
    if (sameSnapshot(before, take())) return;
    const at = now();
    const goesOn = gesture !== undefined && last?.gesture === gesture && at - last.at < GESTURE_MS;
    last = gesture === undefined ? null : { gesture, at };
    const { past } = store.getState();
    if (goesOn && past.length > 0) {
      store.setState({ future: [] });
      return;
    }
    store.setState({ past: [...past, { label, before }].slice(-MAX_STEPS), future: [] });
  }

  return {
    store,
    commit,
    undo() {
      const { past, future } = store.getState();
      const step = past.at(-1);
      if (!step) return;
      const after = { label: step.label, before: take() };
      restore(step.before);
      store.setState({ past: past.slice(0, -1), future: [after, ...future] });
    },
    redo() {
      const { past, future } = store.getState();
      const step = future[0];
      if (!step) return;
      const before = { label: step.label, before: take() };
      restore(step.before);
      store.setState({ past: [...past, before], future: future.slice(1) });
    },
  };
}

function sameSnapshot(one: Snapshot, other: Snapshot): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}
