import { AppError } from '../lib/errors';
import { createRpcClient, type RpcClient } from '../lib/rpc';
import type { Engine, EngineEvent } from './api';
import { createTrainingClient, type CallWorkerOptions } from './train-client';
import { createWatchdog } from './watchdog';
import type { EngineWorkerApi } from './worker-api';

/** The engine's worker, from its start to its end. */
interface Line {
  rpc: RpcClient<EngineWorkerApi, EngineEvent>;
  /** Why it ended; null while it lives. */
  death: AppError | null;
  end(reason: AppError): void;
}

/** A worker that answers nothing for this long is taken for dead: plain JavaScript may compute for long. */
const STALL_MS = 120_000;

/**
 * Starts the engine's worker; TensorFlow.js is loaded there, never on the page.
 *
 * When the worker dies, every pending call rejects with AppError `engine-died`, a 'failed' event is sent,
 * and `start` makes a new worker, into which networks have to be loaded again.
 */
export function createEngine({ stallMs = STALL_MS } = {}): Engine {
  const listeners = new Set<(event: EngineEvent) => void>();
  const emit = (event: EngineEvent): void => listeners.forEach((listener) => listener(event));
  let line = openLine(emit);
  const watchdog = createWatchdog(stallMs, () => line.end(died()), ping);

  function ping(): Promise<unknown> {
    return line.rpc.call('ping', undefined);
  }

  async function call<K extends keyof EngineWorkerApi>(
    method: K,
    argument: Parameters<EngineWorkerApi[K]>[0],
    { stallMs: known, ...options }: CallWorkerOptions = {},
  ): Promise<ReturnType<EngineWorkerApi[K]>> {
    const used = line;
    if (used.death) throw used.death;
    try {
      const answer: Promise<unknown> = used.rpc.call(method, argument as never, options);
      return (await watchdog.during(answer, known)) as ReturnType<EngineWorkerApi[K]>;
    } catch (error) {
      if (error instanceof AppError && error.code === 'worker-failed') used.death ??= error;
      throw used.death ?? error;
    }
  }

  return {
    start: ({ force, ...options } = {}) => {
      if (line.death) line = openLine(emit);
      return call('start', { force }, options);
    },
    load: (source, options) => call('load', source, options),
    unload: (handle) => call('unload', { handle }),
    warmUp: (handle, batchSizes, options) => call('warmUp', { handle, batchSizes }, options),
    generate: (request, options) => call('generate', request, options),
    render: (request, options) => call('render', request, options),
    activations: (request, options) => call('activations', request, options),
    forward: (request, options) => call('forward', request, options),
    memory: () => call('memory', undefined),
    loseDevice: () => call('loseDevice', undefined),
    training: createTrainingClient(call),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      listeners.clear();
      line.end(closed());
    },
  };
}

function openLine(emit: (event: EngineEvent) => void): Line {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'engine',
  });
  const rpc = createRpcClient<EngineWorkerApi, EngineEvent>(worker);
  rpc.onEvent(emit);
  const line: Line = {
    rpc,
    death: null,
    end(reason) {
      if (line.death) return;
      line.death = reason;
      rpc.dispose();
      worker.terminate();
      const { code, message, hint } = reason;
      emit({ type: 'failed', code, message, hint });
    },
  };
  return line;
}

function died(): AppError {
  return new AppError({
    code: 'engine-died',
    message: 'The part of the page that computes pictures has stopped answering.',
    hint: 'Reload the page; what you kept is still on the shelf. If it happens again, draw fewer pictures at once.',
  });
}

function closed(): AppError {
  return new AppError({
    code: 'engine-closed',
    message: 'The engine was shut down while it was being asked.',
    hint: 'This happens when the page is being left. Reload it to go on.',
  });
}
