/** The part of `window` that the URL state needs, so that it can run without a page. */
export interface AddressBar {
  /** Origin and path: everything before ? and #. */
  readonly base: string;
  readonly search: string;
  readonly hash: string;
  /** Both take what stands after the base: query and fragment. */
  replace(tail: string): void;
  push(tail: string): void;
  /** Back, Forward, or a fragment typed by hand. */
  onNavigate(listener: () => void): () => void;
  /** The page is about to go away: what is pending must be written now. */
  onLeave(listener: () => void): () => void;
}

/** The real address bar. */
export function pageAddressBar(): AddressBar {
  return {
    get base() {
      return `${location.origin}${location.pathname}`;
    },
    get search() {
      return location.search;
    },
    get hash() {
      return location.hash;
    },
    replace(tail) {
      history.replaceState(history.state, '', `${location.pathname}${tail}`);
    },
    push(tail) {
      history.pushState(null, '', `${location.pathname}${tail}`);
    },
    onNavigate(listener) {
      // Both events: Safari fires only hashchange for a fragment typed by hand.
      window.addEventListener('popstate', listener);
      window.addEventListener('hashchange', listener);
      return () => {
        window.removeEventListener('popstate', listener);
        window.removeEventListener('hashchange', listener);
      };
    },
    onLeave(listener) {
      window.addEventListener('pagehide', listener);
      return () => {
        window.removeEventListener('pagehide', listener);
      };
    },
  };
}

/** An address bar in memory, with a history that can be walked: for work without a page. */
export function memoryAddressBar(start = ''): AddressBar & { back(): void; entries: string[] } {
  const entries = [start];
  let at = 0;
  const listeners = new Set<() => void>();
  const current = () => new URL(entries[at] ?? '', 'https://latentarium.invalid/app/');
  return {
    base: 'https://latentarium.invalid/app/',
    entries,
    get search() {
      return current().search;
    },
    get hash() {
      return current().hash;
    },
    replace(tail) {
      entries[at] = tail;
    },
    push(tail) {
      entries.splice(at + 1, entries.length, tail);
      at += 1;
    },
    back() {
      at = Math.max(0, at - 1);
      for (const listener of listeners) listener();
    },
    onNavigate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLeave: () => () => undefined,
  };
}
