/** Runs tasks one at a time, in the order in which they came. */
export interface TaskQueue {
  /** Rejects with the signal's reason when it aborts before the task's turn. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createTaskQueue(): TaskQueue {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(task, signal) {
      const turn = tail.then(() => {
        signal?.throwIfAborted();
        return task();
      });
      // A failed task must not stop those behind it.
      tail = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** Lets messages that have arrived meanwhile (a cancel, say) be handled before work goes on. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
