/** One tab at a time has a run: Web Locks, which a tab that is closed or crashes gives back by itself. */
export interface RunLocks {
  /** False where another tab has it. */
  take(run: string): Promise<boolean>;
  release(run: string): void;
  /** Runs that other tabs have. */
  elsewhere(): Promise<ReadonlySet<string>>;
}

const PREFIX = 'latentarium-run/';

export function createRunLocks(): RunLocks {
  const own = new Map<string, () => void>();
  // Missing outside secure contexts, which the types do not know.
  const locks = typeof navigator === 'undefined' ? undefined : lockManager(navigator);

  return {
    async take(run) {
      if (own.has(run) || !locks) return true;
      return new Promise((resolve, reject) => {
        locks
          .request(PREFIX + run, { ifAvailable: true }, (lock) => {
            resolve(lock !== null);
            if (lock === null) return undefined;
            return new Promise<void>((release) => own.set(run, release));
          })
          .catch(reject);
      });
    },
    release(run) {
      own.get(run)?.();
      own.delete(run);
    },
    async elsewhere() {
      const { held = [] } = (await locks?.query()) ?? {};
      const runs = held.flatMap(({ name = '' }) =>
        name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [],
      );
      return new Set(runs.filter((run) => !own.has(run)));
    },
  };
}

function lockManager(owner: { locks?: LockManager }): LockManager | undefined {
  return owner.locks;
}
