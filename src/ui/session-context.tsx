/** How components reach the session and its stores. */
import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Session } from '../session/session';
import type { Param } from '../session/url';

const SessionContext = createContext<Session | null>(null);

export function SessionProvider(props: { session: Session; children: ReactNode }) {
  return <SessionContext value={props.session}>{props.children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it');
  return session;
}

/**
 * The selected part of a store; renders again when that part changes. The selector must return
 * something that is equal by Object.is for an equal state: a field, not a new object.
 */
export function useStoreValue<S, T>(store: StoreApi<S>, selector: (state: S) => T): T {
  return useStore(store, selector);
}

type SetUrlParam<T> = (value: T, options?: { push?: boolean }) => void;

/** One parameter of the link as state; the same value (by identity) as long as its text stays. */
export function useUrlParam<T>(row: Param<T>): [T, SetUrlParam<T>] {
  const { url } = useSession();
  const text = useStore(url.store, (state) => state.values[row.name]);
  // `text` is what the value is parsed from: it has to be a dependency though it is not named inside.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const value = useMemo(() => url.get(row), [url, row, text]);
  const set = useCallback<SetUrlParam<T>>(
    (next, options) => url.set(row, next, options),
    [url, row],
  );
  return [value, set];
}

/** The generator that all panels work on, or null before the first one is open. */
export function useCurrentModel() {
  const { models } = useSession();
  return useStore(models.store, (state) => state.current);
}
