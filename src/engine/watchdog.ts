/** Notices a worker that has stopped answering while somebody waits for it. */
export interface Watchdog {
  /**
   * Watches for as long as `work` is pending; resolves and rejects as it does. `stallMs`: for work that is
   * known to leave no longer silence. Of all that is pending, the longest counts.
   */
  during<T>(work: Promise<T>, stallMs?: number): Promise<T>;
}

/** Silence is counted in this many steps, so that a page that slept does not take its own sleep for it. */
const STEPS = 12;

/**
 * Calls `onStall` once `ping` has stayed unanswered for about `longestMs`, or what pending work allows
 * where that is less, while work was pending. A worker that is busy answers between two chunks of work.
 */
export function createWatchdog(
  longestMs: number,
  onStall: () => void,
  ping: () => Promise<unknown>,
): Watchdog {
  /** Of what is pending. */
  const limits: number[] = [];
  let limit = 0;
  let silentSteps = 0;
  let asked = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  const answered = (): void => {
    asked = false;
    silentSteps = 0;
  };

  const step = (): void => {
    if (!asked) {
      asked = true;
      silentSteps = 0;
      ping().then(answered, answered);
      return;
    }
    silentSteps += 1;
    if (silentSteps < STEPS) return;
    answered();
    onStall();
  };

  const watch = (): void => {
    const longest = Math.max(0, ...limits);
    if (longest === limit) return;
    limit = longest;
    clearInterval(timer);
    answered();
    timer = limit === 0 ? undefined : setInterval(step, limit / STEPS);
  };

  return {
    async during(work, stallMs = longestMs) {
      const mine = Math.min(stallMs, longestMs);
      limits.push(mine);
      watch();
      try {
        return await work;
      } finally {
        limits.splice(limits.indexOf(mine), 1);
        watch();
      }
    },
  };
}
