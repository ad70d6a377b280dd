import type { AddressBar } from './address-bar';
import { formatHash, parseHash } from './hash';
import { emptyUrlStore, type Param, type UrlState } from './url';

/** Safari allows 100 changes of the address in 30 s. */
const WRITE_DELAY_MS = 300;

export interface UrlStateOptions {
  /** Parameters that may also come as `?name=value`; they are moved to the fragment at the start. */
  fromSearch: readonly string[];
  /** Parameters that say something of this machine and not of the view: not part of `link()`. */
  notShared: readonly string[];
}

type Values = Readonly<Record<string, string>>;

/**
 * The URL as state. Changes reach the store at once and the address after 300 ms of rest, so that a
 * dragged slider does not exhaust the browser's limit on history calls.
 */
export function createUrlState(bar: AddressBar, options: UrlStateOptions): UrlState {
  const store = emptyUrlStore();
  const parsed = new WeakMap<object, { text: string; value: unknown }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const values = (): Values => store.getState().values;

  function write(kind: 'replace' | 'push'): void {
    clearTimeout(timer);
    timer = undefined;
    const tail = `${bar.search}${formatHash(values())}`;
    if (tail === `${bar.search}${bar.hash}` && kind === 'replace') return;
    try {
      bar[kind](tail);
    } catch {
      // The browser's limit on history calls: the next change writes the whole state again.
    }
  }

  function writeSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      write('replace');
    }, WRITE_DELAY_MS);
  }

  function apply(changes: readonly [Param<unknown>, unknown][], push: boolean): void {
    const next: Record<string, string> = { ...values() };
    for (const [row, value] of changes) {
      const text = row.codec.format(value);
      if (text === row.codec.format(row.fallback)) Reflect.deleteProperty(next, row.name);
      else next[row.name] = text;
    }
    if (formatHash(next) === formatHash(values())) return;
    if (push && timer !== undefined) write('replace');
    store.setState({ values: next });
    if (push) write('push');
    else writeSoon();
  }

  function readBack(): void {
    // What was about to be written belongs to the entry that the visitor has just left.
    clearTimeout(timer);
    timer = undefined;
    const next = parseHash(bar.hash);
    if (formatHash(next) !== formatHash(values())) store.setState({ values: next });
  }

  function readStart(): void {
    const fromSearch = parseHash(bar.search);
    const moved = options.fromSearch.filter((name) => Object.hasOwn(fromSearch, name));
    const start = { ...parseHash(bar.hash) };
    for (const name of moved) start[name] ??= fromSearch[name] ?? '';
    store.setState({ values: start });
    if (moved.length === 0) return;
    const kept = Object.entries(fromSearch).filter(([name]) => !moved.includes(name));
    const search = formatHash(Object.fromEntries(kept)).replace('#', '?');
    bar.replace(`${search}${formatHash(start)}`);
  }

  function get<T>(row: Param<T>): T {
    const text = values()[row.name];
    if (text === undefined) return row.fallback;
    // The same text gives the same object, so that a component can compare values by identity.
    const known = parsed.get(row);
    if (known?.text === text) return known.value as T;
    const value = row.codec.parse(text) ?? row.fallback;
    parsed.set(row, { text, value });
    return value;
  }

  readStart();
  const stopNavigate = bar.onNavigate(readBack);
  const stopLeave = bar.onLeave(() => {
    if (timer !== undefined) write('replace');
  });

  return {
    store,
    get,
    set: (row, value, { push = false } = {}) => {
      apply([[row, value]], push);
    },
    update: (changes, { push = false } = {}) => {
      apply(changes, push);
    },
    link() {
      const shared = Object.entries(values()).filter(([name]) => !options.notShared.includes(name));
      return `${bar.base}${formatHash(Object.fromEntries(shared))}`;
    },
    dispose() {
      if (timer !== undefined) write('replace');
      stopNavigate();
      stopLeave();
    },
  };
}
