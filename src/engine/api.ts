/**
 * The engine's contract: what crosses between the page and the engine's worker. Typed arrays and plain
 * objects only, never a Tensor. `createEngine` (client.ts) gives the page an `Engine`; worker.ts answers.
 *
 * Layouts: a batch of latents is a Float32Array of count × latent.size; images and activations are NHWC
 * Float32Arrays; `rgba` pictures are Uint8ClampedArrays of count × height × width × 4, ready for ImageData.
 */
import type { NetworkSource, UnitMask } from '../model/source';
import type { ModelSpec, NormStatistics, Shape } from '../model/spec';
import type { TrainingEngine } from './training-api';

export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** What the probe found out about one backend. A value, never an exception. */
export interface BackendCandidate {
  backend: BackendName;
  /** False where it cannot run at all; `reason` says why, in words for a person. */
  available: boolean;
  /** GPU name or 'SwiftShader'; for WASM e.g. 'SIMD, 2 threads'. */
  adapter: string;
  /** A software rasteriser answers: counts as no GPU. */
  software: boolean;
  /** Median milliseconds of the probe's small transposed convolution; null where it was not measured. */
  measuredMs: number | null;
  reason: string | null;
}

export interface DeviceReport {
  backend: BackendName;
  adapter: string;
  software: boolean;
  measuredMs: number | null;
  /** The backend was forced (`?backend=`) rather than chosen. */
  forced: boolean;
  candidates: BackendCandidate[];
}

export interface MemoryReport {
  tensors: number;
  bytes: number;
  /** Bytes kept in the backend's buffer pool for reuse (WebGPU, WebGL); 0 elsewhere. */
  pooledBytes: number;
}

/** Which layer's output of a loaded network; ids as in the spec. */
export interface LayerInfo extends Shape {
  id: string;
  kind: string;
}

/** Answer to `load`: the handle is the key for all later calls. */
export interface LoadedNetwork {
  handle: number;
  spec: ModelSpec;
  layers: LayerInfo[];
  /** How many of the layers take the phase-decomposed fast path. */
  fastLayers: number;
}

export interface Progress {
  /** 0 to 1. */
  fraction: number;
  /** What is going on, in words: 'compiling layer 3 of 5'. */
  label: string;
}

export interface CallOptions {
  /** Aborting rejects with the signal's reason; work between chunks stops. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface GenerateRequest {
  handle: number;
  /** count × latent.size. */
  z: Float32Array;
  count: number;
  units?: UnitMask;
  /** Overrides the spec's choice for every batch-norm layer. */
  statistics?: NormStatistics;
  /**
   * For batch statistics: further latents that are run together with z (m × latent.size) so that the
   * result does not depend on `count` alone; their pictures are not returned.
   */
  reference?: Float32Array;
}

export interface FloatImages {
  count: number;
  height: number;
  width: number;
  channels: number;
  /** NHWC, in the spec's own range. */
  data: Float32Array;
}

export interface RgbaImages {
  count: number;
  height: number;
  width: number;
  data: Uint8ClampedArray<ArrayBuffer>;
  /** From the request's start on the device to the pixels' arrival in memory. */
  latencyMs: number;
}

export interface ActivationsRequest extends GenerateRequest {
  layer: string;
}

export interface Activations {
  count: number;
  height: number;
  width: number;
  filters: number;
  /** NHWC. */
  data: Float32Array;
}

/** Runs a discriminator or judge, or the rest of a network from a layer's own output on. */
export interface ForwardRequest {
  handle: number;
  /** NHWC, count × the input's shape, in the spec's range. */
  data: Float32Array;
  count: number;
  /** Id of the layer whose OUTPUT `data` is; the input of the whole network when absent. */
  after?: string;
  /** Id of the layer whose output is wanted; the last one when absent. */
  layer?: string;
  units?: UnitMask;
}

export type EngineEvent =
  | { type: 'lost'; reason: string }
  | { type: 'rebuilding' }
  | { type: 'rebuilt'; device: DeviceReport }
  | { type: 'failed'; code: string; message: string; hint: string };

/** The engine as the page sees it. Every call may reject with an AppError (lib/errors). */
export interface Engine {
  /**
   * Probes, chooses and warms the backend. Call once, first; and again after a 'failed' event of code
   * `engine-died`, when networks have to be loaded again too.
   */
  start(options?: { force?: BackendName | undefined } & CallOptions): Promise<DeviceReport>;
  /** Weights are copied to the device; the engine keeps a copy in memory so that a lost device can be rebuilt. */
  load(source: NetworkSource, options?: CallOptions): Promise<LoadedNetwork>;
  unload(handle: number): Promise<void>;
  /** Compiles everything that batches of these sizes need, with progress. */
  warmUp(handle: number, batchSizes: number[], options?: CallOptions): Promise<void>;
  generate(request: GenerateRequest, options?: CallOptions): Promise<FloatImages>;
  /** As generate, but pixels for the screen: sRGB bytes, alpha 255. */
  render(request: GenerateRequest, options?: CallOptions): Promise<RgbaImages>;
  activations(request: ActivationsRequest, options?: CallOptions): Promise<Activations>;
  forward(request: ForwardRequest, options?: CallOptions): Promise<Activations>;
  memory(): Promise<MemoryReport>;
  /** For tests: destroys the device under the engine, as a driver reset would. */
  loseDevice(): Promise<void>;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  dispose(): void;
  readonly training: TrainingEngine;
}
