import type { NetworkSource } from '../model/source';
import type {
  Activations,
  ActivationsRequest,
  BackendName,
  DeviceReport,
  FloatImages,
  ForwardRequest,
  GenerateRequest,
  LoadedNetwork,
  MemoryReport,
  RgbaImages,
} from './api';

/** The engine's calls as they cross to the worker (lib/rpc.ts): one argument each. */
export interface EngineWorkerApi {
  start(options: { force: BackendName | undefined }): DeviceReport;
  load(source: NetworkSource): LoadedNetwork;
  unload(network: { handle: number }): void;
  warmUp(options: { handle: number; batchSizes: number[] }): void;
  generate(request: GenerateRequest): FloatImages;
  render(request: GenerateRequest): RgbaImages;
  activations(request: ActivationsRequest): Activations;
  forward(request: ForwardRequest): Activations;
  memory(argument: undefined): MemoryReport;
  loseDevice(argument: undefined): void;
  /** Answers as soon as the worker is between two pieces of work. */
  ping(argument: undefined): void;
}
