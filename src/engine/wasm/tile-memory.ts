import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { createHeap, outOfMemory } from './heap';

/** Where weights, tables and activations lie for the tile kernel. */
export interface TileMemory {
  readonly memory: WebAssembly.Memory;
  /** Copies an array in. */
  put(data: Float32Array | Int32Array): Placed;
  /** Runs `work` with the byte addresses of `x` and of an output of `shape`, and returns the output. */
  run(
    x: tf.Tensor4D,
    shape: [number, number, number, number],
    work: (x: number, out: number) => void,
  ): tf.Tensor4D;
  /** Room for so many floats, whatever they were before. */
  borrow(length: number): Placed;
  /** A tensor's numbers where the kernels find them; no more of it is to be read after `free`. */
  lend(x: tf.Tensor): Placed;
  /** Room for a tensor of this shape, and the tensor once it is filled. */
  create<R extends tf.Rank>(shape: tf.ShapeMap[R]): { address: number; finish(): tf.Tensor<R> };
  /** A view of a tensor's numbers, good until the next allocation. */
  view(x: tf.Tensor): Float32Array;
  /** Bytes in use that TensorFlow.js does not know of. */
  usedBytes(): number;
}

/** An array in the memory. */
export interface Placed {
  address: number;
  free(): void;
}

/** What Emscripten's module shows of itself. */
interface EmscriptenModule {
  asm?: { memory?: WebAssembly.Memory };
}

/**
 * TensorFlow.js' own memory: tensors are worked on where they lie. It cannot be shared, so this is for
 * one thread.
 */
export function createTensorMemory(backend: BackendWasm): TileMemory {
  const memory = (backend.wasm as unknown as EmscriptenModule).asm?.memory;
  if (!memory) throw new TypeError('The WASM backend does not show its memory.');
  // A tensor never moves, even when the memory grows; address 0 is what a failed allocation returns.
  const addressOf = ({ dataId, size }: tf.Tensor | (tf.TensorInfo & { size: number })): number => {
    const address = backend.getMemoryOffset(dataId);
    if (address === 0 && size > 0) throw outOfMemory(4 * size);
    return address;
  };
  return {
    memory,
    put(data) {
      const dtype = data instanceof Int32Array ? 'int32' : 'float32';
      const tensor = tf.keep(tf.tensor1d(data, dtype));
      return { address: addressOf(tensor), free: () => tensor.dispose() };
    },
    run(x, shape, work) {
      const info = backend.makeOutput(shape, 'float32');
      const out = tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor4D;
      work(addressOf(x), addressOf(out));
      return out;
    },
    borrow(length) {
      const info = backend.makeOutput([length], 'float32');
      const tensor = tf.engine().makeTensorFromTensorInfo(info);
      return { address: addressOf(tensor), free: () => tensor.dispose() };
    },
    lend: (x) => ({ address: addressOf(x), free: () => undefined }),
    create<R extends tf.Rank>(shape: tf.ShapeMap[R]) {
      const info = backend.makeOutput(shape, 'float32');
      const tensor = tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<R>;
      return { address: addressOf(tensor), finish: () => tensor };
    },
    view: (x) => backend.typedArrayFromHeap(x) as Float32Array,
    usedBytes: () => 0,
  };
}

/** Kernels may read so many bytes past the end of a matrix whose rows are no whole vectors. */
const OVERRUN = 64;

const PAGE = 65536;
/** Pages that are asked for at least when the memory grows: 4 MiB. */
const GROWTH = 64;

/** A memory of our own that threads share; activations are copied in and out. Addresses start at `start`. */
export function createSharedMemory(
  backend: BackendWasm,
  memory: WebAssembly.Memory,
  start: number,
): TileMemory {
  const heap = createHeap(start, memory.buffer.byteLength);
  const allocate = (bytes: number): number => {
    const address = heap.allocate(bytes);
    if (address !== null) return address;
    try {
      memory.grow(Math.max(GROWTH, Math.ceil(bytes / PAGE) + 1));
    } catch {
      throw outOfMemory(bytes);
    }
    heap.extend(memory.buffer.byteLength);
    return heap.allocate(bytes) ?? 0;
  };
  return {
    memory,
    put(data) {
      const address = allocate(data.byteLength);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      new Uint8Array(memory.buffer).set(bytes, address);
      return { address, free: () => heap.free(address) };
    },
    run(x, shape, work) {
      const size = shape.reduce((product, n) => product * n, 1);
      const from = allocate(4 * x.size);
      const to = allocate(4 * size);
      try {
        // The view must be taken after the last allocation, which may have made a new buffer.
        new Float32Array(memory.buffer, from, x.size).set(backend.typedArrayFromHeap(x));
        work(from, to);
        const info = backend.makeOutput(shape, 'float32');
        backend.typedArrayFromHeap(info).set(new Float32Array(memory.buffer, to, size));
        return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor4D;
      } finally {
        heap.free(from);
        heap.free(to);
      }
    },
    borrow(length) {
      const address = allocate(4 * length + OVERRUN);
      return { address, free: () => heap.free(address) };
    },
    lend(x) {
      const address = allocate(4 * x.size + OVERRUN);
      new Float32Array(memory.buffer, address, x.size).set(backend.typedArrayFromHeap(x));
      return { address, free: () => heap.free(address) };
    },
    create<R extends tf.Rank>(shape: tf.ShapeMap[R]) {
      const size = shape.reduce((product: number, n: number) => product * n, 1);
      const address = allocate(4 * size);
      return {
        address,
        finish() {
          const info = backend.makeOutput(shape, 'float32');
          backend.typedArrayFromHeap(info).set(new Float32Array(memory.buffer, address, size));
          heap.free(address);
          return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<R>;
        },
      };
    },
    view: (x) => backend.typedArrayFromHeap(x) as Float32Array,
    usedBytes: () => heap.usedBytes(),
  };
}
