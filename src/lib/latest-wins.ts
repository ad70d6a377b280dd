/** One task runs, at most one waits: for requests that come faster than they can be served. */
export interface LatestWins<Request, Result> {
  /**
   * Runs the request now or after the one that is running. Resolves with its result, or with null when a
   * newer request took its place in waiting or `dispose` came first. Rejects with what the task throws.
   */
  run(request: Request): Promise<Result | null>;
  /** Aborts the running task's signal and drops the waiting request; all of them resolve with null. */
  dispose(): void;
}

interface Waiting<Request, Result> {
  request: Request;
  resolve: (result: Result | null) => void;
  reject: (error: unknown) => void;
}

/**
 * What runs is let finish even when it is overtaken: were it aborted by each newer request, a slow device
 * would show nothing for as long as a slider moves. The signal aborts on `dispose` only.
 */
export function createLatestWins<Request, Result>(
  task: (request: Request, signal: AbortSignal) => Promise<Result>,
): LatestWins<Request, Result> {
  const ended = new AbortController();
  let running = false;
  let waiting: Waiting<Request, Result> | null = null;

  const work = async (): Promise<void> => {
    running = true;
    while (waiting) {
      const { request, resolve, reject } = waiting;
      waiting = null;
      try {
        const result = await task(request, ended.signal);
        resolve(ended.signal.aborted ? null : result);
      } catch (error) {
        if (ended.signal.aborted) resolve(null);
        else reject(error);
      }
    }
    running = false;
  };

  return {
    run(request) {
      if (ended.signal.aborted) return Promise.resolve(null);
      return new Promise((resolve, reject) => {
        waiting?.resolve(null);
        waiting = { request, resolve, reject };
        if (!running) void work();
      });
    },
    dispose() {
      waiting?.resolve(null);
      waiting = null;
      ended.abort();
    },
  };
}
