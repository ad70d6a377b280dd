import type { BackendName } from '../api';
import type { LinearFactory } from '../layers/linear';
import type { TrainOps } from '../train/ops';

/** A backend that is set up: TensorFlow.js runs on it until `close`. */
export interface Backend {
  readonly name: BackendName;
  /** GPU name, or for WASM e.g. 'SIMD, 2 threads'. */
  readonly adapter: string;
  readonly software: boolean;
  /** How layers with weights are computed here. */
  readonly createLinear: LinearFactory;
  /** How a training run is computed here; loaded when it is first asked for. Disposed by who asked. */
  createTrainOps(): Promise<TrainOps>;
  /** Aborts when the device is gone, its reason a sentence; never where that cannot happen. */
  readonly lost: AbortSignal;
  /** False where `lost` never aborts. */
  readonly canBeLost: boolean;
  /** Whether results are worthless by now, even if `lost` has not been delivered yet. */
  isGone(): boolean;
  /** What the device has complained about since it was last asked; results until then are not to be trusted. */
  takeFault(): string | null;
  /** Destroys the device as a driver reset would; false where the backend has none to lose. */
  lose(): boolean;
  /** Bytes in use that TensorFlow.js does not count. */
  ownBytes(): number;
  /** Bytes that are kept for reuse. */
  pooledBytes(): number;
  /** Gives kept bytes back to the system where the backend allows it. */
  trimPool(): void;
  /** Drops the backend and everything on it. */
  close(): void;
}

/** What one backend's probe found; the backend itself is not opened yet. */
export interface Finding {
  available: boolean;
  adapter: string;
  software: boolean;
  reason: string | null;
}

/** Training on TensorFlow.js' own kernels. */
export async function createStockTrainOps(): Promise<TrainOps> {
  return (await import('../train/ops')).stockOps();
}

/** For devices that cannot be lost. */
export const neverLost: AbortSignal = new AbortController().signal;

const SOFTWARE_NAMES =
  /swiftshader|llvmpipe|softpipe|lavapipe|basic render|software|\bwarp\b|subzero/i;

/** Whether an adapter's or renderer's name is that of a software rasterizer. */
export function isSoftwareName(name: string): boolean {
  return SOFTWARE_NAMES.test(name);
}

/** A finding for a backend that cannot run. */
export function unavailable(reason: string, adapter = ''): Finding {
  return { available: false, adapter, software: false, reason };
}

/** What was thrown, as one line for a person. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : messageOf(error);
  return text.split('\n')[0] ?? '';
}

// TensorFlow.js rejects with plain objects ({message}) in places.
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return String(error);
}
