/** Collects what must be undone, and undoes it in reverse order, once. */
export interface Disposer {
  /** Takes a clean-up, or an object with one, and returns it; after `dispose` it runs at once. */
  add<T extends (() => void) | { dispose(): void }>(owned: T): T;
  /**
   * Runs every clean-up, the newest first; further calls do nothing. One that throws does not keep the
   * others from running: its error is thrown at the end (several as an AggregateError).
   */
  dispose(): void;
  readonly disposed: boolean;
}

export function createDisposer(): Disposer {
  const owned: (() => void)[] = [];
  let disposed = false;
  return {
    add(one) {
      const undo = typeof one === 'function' ? () => one() : () => one.dispose();
      if (disposed) undo();
      else owned.push(undo);
      return one;
    },
    dispose() {
      disposed = true;
      const errors: unknown[] = [];
      for (let undo = owned.pop(); undo; undo = owned.pop()) {
        try {
          undo();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length === 1) throw errors[0];
      if (errors.length > 1) throw new AggregateError(errors, 'Several clean-ups failed');
    },
    get disposed() {
      return disposed;
    },
  };
}
