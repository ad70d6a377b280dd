import type { NetworkSource } from '../model/source';
import type { TrainingTuning } from '../model/training';
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
import type {
  CreatedTraining,
  CreateTrainingRequest,
  TrainingEngine,
  TrainingPicturesRequest,
  TrainingState,
  TrainingStats,
  TrainStepsRequest,
} from './training-api';

type TrainingNetworkRequest = Parameters<TrainingEngine['network']>[0];

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
  createTraining(request: CreateTrainingRequest): CreatedTraining;
  trainSteps(request: TrainStepsRequest): TrainingStats;
  /** Ends a run's steps after the one that runs; their call is answered with what was done. */
  haltTraining(run: { handle: number }): void;
  tuneTraining(request: { handle: number; tuning: TrainingTuning }): void;
  trainingPictures(request: TrainingPicturesRequest): FloatImages;
  trainingState(run: { handle: number }): TrainingState;
  trainingNetwork(request: TrainingNetworkRequest): NetworkSource;
  closeTraining(run: { handle: number }): void;
  /** Answers as soon as the worker is between two pieces of work. */
  ping(argument: undefined): void;
}
