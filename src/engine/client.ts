import { createRpcClient } from '../lib/rpc';
import type { CallOptions, Engine, EngineEvent } from './api';
import type { EngineWorkerApi } from './worker-api';

/** Starts the engine's worker. TensorFlow.js is loaded there, never on the page. */
export function createEngine(): Engine {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'engine',
  });
  const rpc = createRpcClient<EngineWorkerApi, EngineEvent>(worker);
  return {
    start: (options = {}) => rpc.call('start', { force: options.force }, pick(options)),
    load: (source, options) => rpc.call('load', source, options),
    unload: (handle) => rpc.call('unload', { handle }),
    warmUp: (handle, batchSizes, options) => rpc.call('warmUp', { handle, batchSizes }, options),
    generate: (request, options) => rpc.call('generate', request, options),
    render: (request, options) => rpc.call('render', request, options),
    activations: (request, options) => rpc.call('activations', request, options),
    forward: (request, options) => rpc.call('forward', request, options),
    memory: () => rpc.call('memory', undefined),
    loseDevice: () => rpc.call('loseDevice', undefined),
    onEvent: (listener) => rpc.onEvent(listener),
    dispose() {
      rpc.dispose();
      worker.terminate();
    },
  };
}

function pick({ signal, onProgress }: CallOptions): CallOptions {
  return { ...(signal && { signal }), ...(onProgress && { onProgress }) };
}
