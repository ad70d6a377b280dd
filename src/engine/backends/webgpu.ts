import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../lib/errors';
import { createWebgpuLinear } from '../webgpu/linear-webgpu';
import { activateBackend, dropBackend } from './activate';
import { describeError, isSoftwareName, unavailable, type Backend, type Finding } from './backend';

/** A browser that has not answered by now is not going to: its GPU process hangs. */
const ADAPTER_TIMEOUT_MS = 3000;

/** Asks for an adapter, without a device. */
export async function probeWebgpu(): Promise<Finding> {
  if (!('gpu' in navigator)) return unavailable('This browser has no WebGPU.');
  try {
    const adapter = await requestAdapter();
    if (!adapter) return unavailable('The browser has WebGPU but offers no adapter.');
    const facts = await factsOf(adapter);
    const software = isSoftwareAdapter(facts);
    const reason = software
      ? 'Only a software rasterizer answers, which is slower than WASM.'
      : null;
    return { available: true, adapter: adapterName(facts), software, reason };
  } catch (error) {
    return unavailable(`Asking for a WebGPU adapter failed: ${describeError(error)}`);
  }
}

/**
 * Sets up the WebGPU backend on a device of our own, so that its loss and its errors can be seen.
 *
 * Throws AppError `backend-refused` when no device is given.
 */
export async function openWebgpu(): Promise<Backend> {
  const webgpu = await import('@tensorflow/tfjs-backend-webgpu');
  const adapter = await requestAdapter();
  if (!adapter) throw refused('no adapter answers');
  const facts = await factsOf(adapter);
  const device = await requestDevice(adapter);
  dropBackend('webgpu');
  const instance = new webgpu.WebGPUBackend(device, facts as GPUAdapterInfo);
  tf.registerBackend('webgpu', () => instance, 3);
  await activateBackend('webgpu');
  let fault: string | null = null;
  // Validation errors draw zeros without a word otherwise.
  device.addEventListener('uncapturederror', (event) => {
    fault ??= event.error.message;
  });
  const loss = new AbortController();
  void device.lost.then((info) => loss.abort(info.message || 'The GPU device was lost.'));
  return {
    name: 'webgpu',
    createLinear: createWebgpuLinear(instance),
    createTrainOps: async () => (await import('../train/webgpu-ops')).createWebgpuOps(instance),
    adapter: adapterName(facts),
    software: isSoftwareAdapter(facts),
    lost: loss.signal,
    canBeLost: true,
    isGone: () => loss.signal.aborted,
    takeFault() {
      const taken = fault;
      fault = null;
      return taken;
    },
    lose() {
      device.destroy();
      return true;
    },
    ownBytes: () => 0,
    pooledBytes: () => {
      const { numBytesAllocatedInGPU, numBytesInGPU } = instance.memory();
      return numBytesAllocatedInGPU - numBytesInGPU;
    },
    trimPool: () => trimBuffers(instance.bufferManager),
    close() {
      dropBackend('webgpu');
      device.destroy();
    },
  };
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const message = `no answer within ${ADAPTER_TIMEOUT_MS / 1000} seconds`;
    timer = setTimeout(() => reject(new Error(message)), ADAPTER_TIMEOUT_MS);
  });
  const request = navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return Promise.race([request, timeout]).finally(() => clearTimeout(timer));
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { limits } = adapter;
  try {
    return await adapter.requestDevice({
      requiredLimits: {
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      },
    });
  } catch (error) {
    throw refused(describeError(error));
  }
}

function refused(why: string): AppError {
  return new AppError({
    code: 'backend-refused',
    message: `The WebGPU device could not be set up: ${why}.`,
    hint: 'The engine tries the next backend by itself. Pictures are the same, only slower.',
  });
}

/** What an adapter says about itself; any of it may be empty. */
type AdapterFacts = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'
>;

/** Browsers before 2024 have no `info`: they are asked by a call, and say elsewhere that they fall back. */
interface OldAdapter {
  info?: Partial<AdapterFacts>;
  requestAdapterInfo?: () => Promise<Partial<AdapterFacts>>;
  isFallbackAdapter?: boolean;
}

async function factsOf(adapter: GPUAdapter): Promise<AdapterFacts> {
  const old = adapter as unknown as OldAdapter;
  const info = old.info ?? (await old.requestAdapterInfo?.().catch(() => undefined));
  return {
    vendor: info?.vendor ?? '',
    architecture: info?.architecture ?? '',
    device: info?.device ?? '',
    description: info?.description ?? '',
    isFallbackAdapter: info?.isFallbackAdapter ?? old.isFallbackAdapter ?? false,
  };
}

function isSoftwareAdapter(facts: AdapterFacts): boolean {
  return facts.isFallbackAdapter || isSoftwareName(adapterText(facts));
}

function adapterText(facts: AdapterFacts): string {
  return `${facts.vendor} ${facts.architecture} ${facts.device} ${facts.description}`;
}

/** What a person would call the adapter; browsers leave most of the fields empty. */
function adapterName(facts: AdapterFacts): string {
  if (/swiftshader/i.test(adapterText(facts))) return 'SwiftShader';
  return facts.description || `${facts.vendor} ${facts.architecture}`.trim() || 'GPU';
}

/** What the pool of TensorFlow.js looks like inside; it offers no way to shrink. */
interface BufferPool {
  freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesAllocated: number;
}

function trimBuffers(manager: unknown): void {
  const pool = manager as BufferPool;
  for (const buffers of pool.freeBuffers.values()) {
    for (const buffer of buffers) {
      pool.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
    pool.numFreeBuffers -= buffers.length;
    buffers.length = 0;
  }
}
