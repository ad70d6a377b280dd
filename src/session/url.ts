/**
 * The URL as state: what makes a view repeatable (model, panel, seed, keyframes …) lives here and nowhere
 * else, so that a link and the screen cannot disagree. Every parameter is one row of a table: name, type,
 * default, what it means. A value that equals its default is left out of the link.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** How one parameter is written and read. `parse` returns undefined for anything malformed. */
export interface Codec<T> {
  parse(text: string): T | undefined;
  format(value: T): string;
}

/** One row of the table. */
export interface Param<T> {
  /** As it stands in the link: short, lower case. */
  name: string;
  codec: Codec<T>;
  fallback: T;
  /** For docs/links.md. */
  description: string;
}

export function param<T>(
  name: string,
  codec: Codec<T>,
  fallback: T,
  description: string,
): Param<T> {
  return { name, codec, fallback, description };
}

export interface UrlState {
  store: StoreApi<{ values: Readonly<Record<string, string>> }>;
  get<T>(row: Param<T>): T;
  /** Updates the page's address (replaceState, or pushState for a step that Back should undo). */
  set<T>(row: Param<T>, value: T, options?: { push?: boolean }): void;
  /** Several at once: one history entry. */
  update(changes: readonly [Param<unknown>, unknown][], options?: { push?: boolean }): void;
  /** The link that shows what is on the screen now. */
  link(): string;
  dispose(): void;
}

/** `store` keeps the raw text of each parameter present, so that parameters of other panels survive. */
export function emptyUrlStore(): UrlState['store'] {
  return createStore(() => ({ values: {} }));
}
