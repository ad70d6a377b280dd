import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { assembleTileKernels } from './tile-kernel';
import type { HelperStart } from './tile-helper';
import { createSharedMemory, createTensorMemory, type TileMemory } from './tile-memory';
import { readKernels, runItem, type TileJob, type TileKernels } from './tile-record';
import { CONTROL_BYTES, isShareable, runShared } from './tile-threads';

/** The tile kernels on one thread or several. */
export interface TileEngine {
  readonly memory: TileMemory;
  readonly threads: number;
  /** Whether products and sums are fused (relaxed SIMD). */
  readonly fused: boolean;
  run(layer: TileLayer, x: number, out: number, count: number): void;
  /** Runs a weight gradient whose record lies in the memory (tile-record.ts). */
  runGradient(record: number, items: number, x: number, out: number): void;
  /** Replaces `length` floats from a byte address on by their tanh. */
  tanh(at: number, length: number): void;
  close(): void;
}

/** A layer whose record lies in the memory. */
export interface TileLayer {
  /** Byte address of the record. */
  record: number;
  /** phases × blocks of filters */
  items: number;
  /** Bytes of one image's input and output. */
  imageBytes: number;
}

/** A page of the shared memory is for control words and each thread's scratch. */
const RESERVED = 4096;
const SCRATCH_BYTES = 64;
/** 1 GiB of addresses; pages are taken only when they are used. */
const MAX_PAGES = 16384;

/** Compiles the kernels; with more than one thread on a shared memory and with helpers in workers. */
export async function createTileEngine(backend: BackendWasm, threads: number): Promise<TileEngine> {
  const shared = threads > 1 ? createMemory() : null;
  if (!shared) {
    const memory = createTensorMemory(backend);
    const { module, fused } = await compile(null);
    const kernels = await instantiate(module, memory.memory);
    const scratch = memory.put(new Float32Array(SCRATCH_BYTES / 4));
    return {
      ...{ memory, fused, threads: 1 },
      run(layer, x, out, count) {
        const job = createJob(layer, x, out, count, 1);
        runAlone(kernels, memory.memory, job, scratch.address);
      },
      runGradient(record, items, x, out) {
        const job = { record, x, out, count: 1, splits: 1, items };
        runAlone(kernels, memory.memory, job, scratch.address);
      },
      tanh: (at, length) => runTanh(kernels, memory.memory, at, length),
      close: () => scratch.free(),
    };
  }
  const { module, fused } = await compile(MAX_PAGES);
  const kernels = await instantiate(module, shared);
  const memory = createSharedMemory(backend, shared, RESERVED);
  const helpers = startHelpers(module, shared, threads - 1);
  const share = (job: TileJob): void => {
    const view = new Int32Array(shared.buffer);
    if (isShareable(job.items)) runShared(view, 0, job, kernels, CONTROL_BYTES);
    else runAlone(kernels, shared, job, CONTROL_BYTES);
  };
  return {
    ...{ memory, fused, threads },
    run: (layer, x, out, count) => share(createJob(layer, x, out, count, threads)),
    runGradient: (record, items, x, out) => share({ record, x, out, count: 1, splits: 1, items }),
    tanh: (at, length) => runTanh(kernels, shared, at, length),
    close: () => helpers.forEach((helper) => helper.terminate()),
  };
}

function runAlone(
  kernels: TileKernels,
  memory: WebAssembly.Memory,
  job: TileJob,
  scratch: number,
): void {
  const view = new Int32Array(memory.buffer);
  for (let item = 0; item < job.items; item++) runItem(kernels, view, job, item, scratch);
}

function runTanh(
  kernels: TileKernels,
  { buffer }: WebAssembly.Memory,
  at: number,
  length: number,
): void {
  const vectors = length >> 2;
  if (vectors > 0) kernels.tanh(at, vectors);
  // What follows the last floats belongs to somebody else.
  const rest = new Float32Array(buffer, at + 16 * vectors, length - 4 * vectors);
  rest.forEach((value, index) => (rest[index] = Math.tanh(value)));
}

/** Images whose activations fit the second-level cache of most processors run through a layer together. */
const CACHE_BYTES = 384 * 1024;

/**
 * Cuts a layer into items: into so few images at a time that all blocks of filters find them in the
 * cache, and into enough that no thread waits long for the last one. Weights are read again for each cut.
 */
function createJob(
  { record, items, imageBytes }: TileLayer,
  x: number,
  out: number,
  count: number,
  threads: number,
): TileJob {
  const forCache = Math.ceil((count * imageBytes) / CACHE_BYTES);
  const forThreads = threads === 1 ? 1 : Math.ceil((4 * threads) / items);
  const splits = Math.max(1, Math.min(count, Math.max(forCache, forThreads)));
  return { record, x, out, count, splits, items: items * splits };
}

/** Null where so much shared memory is not to be had; then one thread does it all. */
function createMemory(): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial: 64, maximum: MAX_PAGES, shared: true });
  } catch {
    return null;
  }
}

async function compile(
  sharedPages: number | null,
): Promise<{ module: WebAssembly.Module; fused: boolean }> {
  const fusedBytes = assembleTileKernels(true, sharedPages);
  const fused = WebAssembly.validate(fusedBytes);
  const bytes = fused ? fusedBytes : assembleTileKernels(false, sharedPages);
  return { module: await WebAssembly.compile(bytes), fused };
}

async function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<TileKernels> {
  return readKernels(await WebAssembly.instantiate(module, { env: { memory } }));
}

function startHelpers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  count: number,
): Worker[] {
  return Array.from({ length: count }, (_, index) => {
    const helper = new Worker(new URL('./tile-helper.ts', import.meta.url), {
      type: 'module',
      name: `engine helper ${index + 1}`,
    });
    const scratch = CONTROL_BYTES + (index + 1) * SCRATCH_BYTES;
    helper.postMessage({ module, memory, control: 0, scratch } satisfies HelperStart);
    return helper;
  });
}
