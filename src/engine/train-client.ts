import type { CallOptions } from './api';
import type { TrainingEngine } from './training-api';
import type { EngineWorkerApi } from './worker-api';

/** Calls a function of the engine's worker; buffers of `transfer` are handed over. */
export type CallWorker = <K extends keyof EngineWorkerApi>(
  method: K,
  argument: Parameters<EngineWorkerApi[K]>[0],
  options?: CallOptions & { transfer?: Transferable[] },
) => Promise<ReturnType<EngineWorkerApi[K]>>;

/** Training as the page sees it. */
export function createTrainingClient(call: CallWorker): TrainingEngine {
  return {
    create: (request, options) =>
      call('createTraining', request, { ...options, transfer: [request.images.data.buffer] }),
    async steps(request, { signal } = {}) {
      signal?.throwIfAborted();
      // Not a cancelled call, which would be answered at once: what was done is to be told.
      const halt = (): void => {
        call('haltTraining', { handle: request.handle }).catch(() => undefined);
      };
      signal?.addEventListener('abort', halt);
      try {
        return await call('trainSteps', request);
      } finally {
        signal?.removeEventListener('abort', halt);
      }
    },
    tune: (request) => call('tuneTraining', request),
    pictures: (request, options) => call('trainingPictures', request, options),
    state: (request) => call('trainingState', request),
    network: (request) => call('trainingNetwork', request),
    close: (request) => call('closeTraining', request),
  };
}
