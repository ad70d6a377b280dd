/** Notices a worker that has stopped answering while somebody waits for it. */
export interface Watchdog {
  /** Watches for as long as `work` is pending; resolves and rejects as it does. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** Silence is counted in this many steps, so that a page that slept does not take its own sleep for it. */
const STEPS = 12;

/**
 * Calls `onStall` once `ping` has stayed unanswered for about `stallMs` while work was pending. A worker
 * that is busy answers between two chunks of work.
 */
export function createWatchdog(
  stallMs: number,
  onStall: () => void,
  ping: () => Promise<unknown>,
): Watchdog {
  let pending = 0;
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

  return {
    async during(work) {
      pending += 1;
      timer ??= setInterval(step, stallMs / STEPS);
      try {
        return await work;
      } finally {
        pending -= 1;
        if (pending === 0) {
          clearInterval(timer);
          timer = undefined;
          answered();
        }
      }
    },
  };
}
