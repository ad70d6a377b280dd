import type { CallOptions } from './api';
import { createStallLimits } from './stall-limits';
import type { TrainingEngine } from './training-api';
import type { EngineWorkerApi } from './worker-api';

export interface CallWorkerOptions extends CallOptions {
  /** Buffers that are handed over. */
  transfer?: Transferable[];
  /** Silence after which the worker is taken for dead, where that is shorter than usual. */
  stallMs?: number | undefined;
}

/** Calls a function of the engine's worker. */
export type CallWorker = <K extends keyof EngineWorkerApi>(
  method: K,
  argument: Parameters<EngineWorkerApi[K]>[0],
  options?: CallWorkerOptions,
) => Promise<ReturnType<EngineWorkerApi[K]>>;

/** Training as the page sees it. */
export function createTrainingClient(call: CallWorker): TrainingEngine {
  const limits = createStallLimits();

  /** A call that comes again and again during a run; `kind` names what is compiled for it. */
  const again = async <T>(kind: string, ask: (stallMs?: number) => Promise<T>): Promise<T> => {
    const since = performance.now();
    const answer = await ask(limits.of(kind));
    limits.took(kind, performance.now() - since);
    return answer;
  };

  return {
    create(request, options) {
      limits.forget();
      return call('createTraining', request, {
        ...options,
        transfer: [request.images.data.buffer],
      });
    },
    async steps(request, { signal } = {}) {
      signal?.throwIfAborted();
      // Not a cancelled call, which would be answered at once: what was done is to be told.
      const halt = (): void => {
        call('haltTraining', { handle: request.handle }).catch(() => undefined);
      };
      signal?.addEventListener('abort', halt);
      try {
        return await again(`steps ${request.part}`, (stallMs) =>
          call('trainSteps', request, { stallMs }),
        );
      } finally {
        signal?.removeEventListener('abort', halt);
      }
    },
    tune(request) {
      limits.forget();
      return call('tuneTraining', request);
    },
    pictures: (request, options) =>
      again(`pictures ${request.count}`, (stallMs) =>
        call('trainingPictures', request, { ...options, stallMs }),
      ),
    state: (request) => again('state', (stallMs) => call('trainingState', request, { stallMs })),
    network: (request) =>
      again(`network ${request.role} ${request.average}`, (stallMs) =>
        call('trainingNetwork', request, { stallMs }),
      ),
    close: (request) => call('closeTraining', request),
  };
}
