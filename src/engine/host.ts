import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import type { NetworkSource } from '../model/source';
import type {
  Activations,
  ActivationsRequest,
  BackendName,
  CallOptions,
  DeviceReport,
  EngineEvent,
  FloatImages,
  ForwardRequest,
  GenerateRequest,
  LoadedNetwork,
  MemoryReport,
  RgbaImages,
} from './api';
import type { Backend } from './backends/backend';
import { createDeviceKeeper } from './device';
import { createNetwork, type Network } from './network';
import { createPacer, type Pacer } from './pacer';
import { floatsToRgba } from './pixels';
import { createTaskQueue } from './queue';
import { createTrainingHost, type OnDevice, type TrainingHost } from './train-host';
import { bytesPerSample, checkSize, runBatch, sizeOf, type Batch } from './runner';
import { warmUpNetwork } from './warm-up';

/** The engine inside its worker: the same calls as in api.ts, one at a time on the device. */
export interface EngineHost {
  start(force: BackendName | undefined, options: CallOptions): Promise<DeviceReport>;
  load(source: NetworkSource, options: CallOptions): Promise<LoadedNetwork>;
  unload(handle: number): Promise<void>;
  warmUp(handle: number, batchSizes: number[], options: CallOptions): Promise<void>;
  generate(request: GenerateRequest, options: CallOptions): Promise<FloatImages>;
  render(request: GenerateRequest, options: CallOptions): Promise<RgbaImages>;
  activations(request: ActivationsRequest, options: CallOptions): Promise<Activations>;
  forward(request: ForwardRequest, options: CallOptions): Promise<Activations>;
  memory(): Promise<MemoryReport>;
  loseDevice(): Promise<void>;
  readonly training: TrainingHost;
}

interface Entry {
  source: NetworkSource;
  network: Network;
  pacer: Pacer;
}

/** How long the news of a lost device may lag behind the failure that it causes. */
const LOSS_GRACE_MS = 200;

export function createEngineHost(emit: (event: EngineEvent) => void): EngineHost {
  const entries = new Map<number, Entry>();
  const queue = createTaskQueue();
  let lastHandle = 0;

  const keeper = createDeviceKeeper({
    emit,
    onDrop: () => {
      entries.forEach((entry) => entry.network.dispose());
      training.drop();
    },
    onRebuild: (backend) =>
      entries.forEach((entry) => {
        entry.network = createNetwork(entry.source, backend);
        entry.pacer = createPacer(bytesPerSample(entry.network));
      }),
  });

  /** Waits for its turn, and runs again once when the device was lost on the way. */
  const onDevice: OnDevice = (task, signal) =>
    queue.run(() => retryOnLoss(() => keeper.current(), task, signal), signal);

  const training = createTrainingHost(onDevice);

  const entryOf = (handle: number): Entry => {
    const entry = entries.get(handle);
    if (entry) return entry;
    throw new AppError({
      code: 'network-unknown',
      message: `No network with handle ${handle} is loaded.`,
      hint: 'The model was closed meanwhile. Open it again.',
    });
  };

  const run = (handle: number, toBatch: (network: Network) => Batch, options: CallOptions) =>
    onDevice(async () => {
      const started = performance.now();
      const { network, pacer } = entryOf(handle);
      const batch = toBatch(network);
      const data = await runBatch(network, batch, pacer, options);
      const shape = network.layers[batch.to] ?? batch.shape;
      return { data, shape, spec: network.source.spec, latencyMs: performance.now() - started };
    }, options.signal);

  return {
    training,
    start: (force, options) => queue.run(() => keeper.start(force), options.signal),
    load: (source, options) =>
      onDevice((backend) => {
        const network = createNetwork(source, backend);
        lastHandle += 1;
        entries.set(lastHandle, { source, network, pacer: createPacer(bytesPerSample(network)) });
        const { fastLayers, layers } = network;
        const loaded = { handle: lastHandle, spec: source.spec, layers: [...layers], fastLayers };
        return Promise.resolve(loaded);
      }, options.signal),
    unload: (handle) =>
      onDevice((backend) => {
        entryOf(handle).network.dispose();
        entries.delete(handle);
        backend.trimPool();
        return Promise.resolve();
      }, undefined),
    warmUp: (handle, batchSizes, options) =>
      onDevice(() => {
        const { network, pacer } = entryOf(handle);
        return warmUpNetwork(network, batchSizes, pacer, options);
      }, options.signal),
    async generate(request, options) {
      const { data, shape } = await run(request.handle, (n) => latentBatch(n, request), options);
      return { count: request.count, ...sizesOf(shape), channels: shape.channels, data };
    },
    async render(request, options) {
      const answer = await run(request.handle, (n) => latentBatch(n, request), options);
      const { data, shape, spec } = answer;
      const started = performance.now();
      const range = spec.role === 'generator' ? spec.output.range : spec.input.range;
      const rgba = floatsToRgba(data, shape.channels, range);
      const latencyMs = answer.latencyMs + performance.now() - started;
      return { count: request.count, ...sizesOf(shape), data: rgba, latencyMs };
    },
    async activations(request, options) {
      const { data, shape } = await run(
        request.handle,
        (n) => ({ ...latentBatch(n, request), to: n.indexOf(request.layer) }),
        options,
      );
      return { count: request.count, ...sizesOf(shape), filters: shape.channels, data };
    },
    async forward(request, options) {
      const { data, shape } = await run(request.handle, (n) => forwardBatch(n, request), options);
      return { count: request.count, ...sizesOf(shape), filters: shape.channels, data };
    },
    memory: () =>
      onDevice((backend) => {
        const { numTensors, numBytes } = tf.memory();
        const bytes = numBytes + backend.ownBytes();
        const pooledBytes = backend.pooledBytes();
        return Promise.resolve({ tensors: numTensors, bytes, pooledBytes });
      }, undefined),
    // Not queued: a driver does not wait for its turn either.
    async loseDevice() {
      const backend = await keeper.current();
      if (backend.lose()) return;
      throw new AppError({
        code: 'device-not-losable',
        message: `The ${backend.name} backend has no device that could be lost.`,
        hint: 'Start the engine with ?backend=webgpu or ?backend=webgl to try this.',
      });
    },
  };
}

async function retryOnLoss<T>(
  current: () => Promise<Backend>,
  task: (backend: Backend) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const backend = await current();
    try {
      const result = await task(backend);
      if (!backend.isGone()) {
        throwFault(backend);
        return result;
      }
    } catch (error) {
      // A lost WebGPU device ends its reads with AbortErrors too, so the signal is asked.
      if (error instanceof AppError || signal?.aborted || !backend.canBeLost) throw error;
      if (!(await isLostSoon(backend))) throw error;
    }
    // Worthless results before the news: the rebuild begins with the news.
    await isLostSoon(backend);
  }
  throw new AppError({
    code: 'device-lost',
    message: 'The graphics device was lost twice during this request.',
    hint: 'Nothing of your work is gone. Try again; if it stays so, close other pages that use the GPU, or add ?backend=wasm to the address.',
  });
}

/** Whether the device is gone, or is reported gone within the grace. */
async function isLostSoon({ lost }: Backend): Promise<boolean> {
  if (!lost.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOSS_GRACE_MS);
      lost.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return lost.aborted;
}

function latentBatch(network: Network, request: GenerateRequest): Batch {
  const { z, count, units, statistics, reference } = request;
  const size = sizeOf(network.input);
  checkSize('The latents', z, count, size);
  if (reference) checkSize('The reference latents', reference, reference.length / size, size);
  const to = network.layers.length - 1;
  return { data: z, count, shape: network.input, from: 0, to, units, statistics, reference };
}

function forwardBatch(network: Network, request: ForwardRequest): Batch {
  const { data, count, after, layer, units } = request;
  const from = after === undefined ? 0 : network.indexOf(after) + 1;
  const to = layer === undefined ? network.layers.length - 1 : network.indexOf(layer);
  const shape = network.layers[from - 1] ?? network.input;
  if (to < from) {
    throw new AppError({
      code: 'layer-order',
      message: `Nothing is left to run from after layer '${after ?? ''}' to '${network.layers[to]?.id ?? ''}'.`,
      hint: 'Choose a wanted layer that comes after the one that the data are from.',
    });
  }
  checkSize('The input', data, count, sizeOf(shape));
  return { data, count, shape, from, to, units };
}

function sizesOf({ height, width }: { height: number; width: number }) {
  return { height, width };
}

/** Errors of the device draw zeros without a word, so they must not pass for a result. */
function throwFault(backend: Backend): void {
  const fault = backend.takeFault();
  if (fault === null) return;
  throw new AppError({
    code: 'device-fault',
    message: `The graphics device refused a piece of work: ${fault}`,
    hint: 'The picture would have been wrong, so it is not shown. Try fewer at once, or add ?backend=wasm to the address.',
  });
}
