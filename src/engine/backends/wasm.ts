import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { createWasmLinear } from '../wasm/linear-wasm';
import { createTileEngine } from '../wasm/tile-engine';
import { activateBackend, dropBackend, registerAgain } from './activate';
import { neverLost, unavailable, type Backend, type Finding } from './backend';

// (module (func (drop (v128.const 0)))): valid only where 128-bit SIMD is known.
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11,
]);

/** More threads than this give little for layers of this size, and each costs memory. */
const MAX_THREADS = 8;

function threadCount(): number {
  const canShare = globalThis.crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined';
  return canShare ? Math.min(navigator.hardwareConcurrency || 1, MAX_THREADS) : 1;
}

function adapterName(threads: number): string {
  return threads > 1 ? `SIMD, ${threads} threads` : 'SIMD, 1 thread';
}

/** Whether WebAssembly with SIMD runs here; without SIMD it is slower than it is worth. */
export function probeWasm(): Finding {
  if (typeof WebAssembly === 'undefined') {
    return unavailable('This browser has no WebAssembly, or a policy forbids it.');
  }
  if (!WebAssembly.validate(SIMD_MODULE)) {
    return unavailable(
      'This browser runs WebAssembly without SIMD, which is too slow to be of use.',
    );
  }
  return { available: true, adapter: adapterName(threadCount()), software: false, reason: null };
}

/** Sets up the WASM backend. `threads` overrides the number that fits this machine. */
export async function openWasm(threads = threadCount()): Promise<Backend> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
  });
  // Its threaded build starts eight workers and still runs on one thread inside a worker; the layers
  // that matter have threads of our own.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  registerAgain('wasm', 2);
  await activateBackend('wasm');
  const instance = tf.findBackend('wasm') as BackendWasm;
  const tiles = await createTileEngine(instance, threads);
  return {
    name: 'wasm',
    createLinear: createWasmLinear(tiles),
    createTrainOps: async () => (await import('../train/wasm-ops')).createWasmOps(instance, tiles),
    adapter: adapterName(tiles.threads),
    software: false,
    lost: neverLost,
    canBeLost: false,
    isGone: () => false,
    takeFault: () => null,
    lose: () => false,
    pooledBytes: () => 0,
    trimPool: () => undefined,
    close() {
      tiles.close();
      dropBackend('wasm');
    },
    ownBytes: () => tiles.memory.usedBytes(),
  };
}
