/**
 * What a run computes beside the device: distances between sets of pictures, files. In a worker of its
 * own, for each of it takes the page's thread longer than a picture may wait.
 */
import {
  meanPairwiseDistance,
  randomDirections,
  slicedWasserstein,
  sortedProjections,
  type SortedProjections,
} from '../../core/distribution';
import type { FloatImages } from '../../engine/api';
import type { TrainingState } from '../../engine/training-api';
import { readNetwork } from '../../formats/network';
import { createRpcClient } from '../../lib/rpc';
import { imageSize, type ImageSet } from '../../model/image-set';
import type { NetworkSource } from '../../model/source';
import { halfPrecisionBytes } from './half-precision';
import { optimizerFile, readRunFile, writeRunFile, type RunFile } from './run-file';
import type { RunMeasure } from './training';

/** What crosses to the worker. */
export interface WorkApi {
  setReference(reference: ImageSet): { diversity: number };
  measure(fakes: FloatImages): Omit<RunMeasure, 'step'>;
  pack(network: NetworkSource): Blob;
  unpack(file: Uint8Array<ArrayBuffer>): NetworkSource;
  optimizer(state: TrainingState): Uint8Array<ArrayBuffer>;
  writeRun(run: RunFile): Uint8Array<ArrayBuffer>;
  readRun(file: { bytes: Uint8Array<ArrayBuffer>; name: string }): RunFile;
}

export interface Work {
  /** Pictures that fakes are measured against; gives their own diversity. */
  setReference(reference: ImageSet): Promise<{ diversity: number }>;
  /** Of fakes in [−1, 1], against the reference. */
  measure(fakes: FloatImages): Promise<Omit<RunMeasure, 'step'>>;
  /**
   * A network as a file of ours with weights in half precision; the network is handed over. The Blob is made
   * there too: making one waits for the browser, which the page must not.
   */
  pack(network: NetworkSource): Promise<Blob>;
  /** The opposite. */
  unpack(file: Uint8Array<ArrayBuffer>): Promise<NetworkSource>;
  /** Both optimizers' moments as a file; the state is handed over. */
  optimizer(state: TrainingState): Promise<Uint8Array<ArrayBuffer>>;
  /** The whole run as a zip, and back. Rejects with AppError `run-file-…`. */
  writeRun(run: RunFile): Promise<Uint8Array<ArrayBuffer>>;
  readRun(file: { bytes: Uint8Array<ArrayBuffer>; name: string }): Promise<RunFile>;
  dispose(): void;
}

const DIRECTIONS = 128;
const DIRECTIONS_SEED = 1;
/** Pairs grow with the square; this many pictures are 8,128 pairs. */
const DIVERSITY_OF = 128;

/** The work itself, wherever it runs. */
export function createWorkHandlers() {
  let directions: Float32Array[] = [];
  let reference: SortedProjections = [];

  const handlers: {
    [K in keyof WorkApi]: (argument: Parameters<WorkApi[K]>[0]) => ReturnType<WorkApi[K]>;
  } = {
    setReference(images) {
      const size = imageSize(images);
      directions = randomDirections(DIRECTIONS, size, DIRECTIONS_SEED);
      const rows = { count: images.count, size, data: images.data };
      reference = sortedProjections(rows, directions);
      return { diversity: diversityOf(rows) };
    },
    measure({ count, data }) {
      const size = data.length / count;
      const rows = { count, size, data: data.map((x) => (x + 1) * 127.5) };
      return {
        slicedWasserstein: slicedWasserstein(sortedProjections(rows, directions), reference),
        diversity: diversityOf(rows),
      };
    },
    pack: (network) => new Blob([halfPrecisionBytes(network)]),
    unpack: (file) => readNetwork(file, 'the snapshot'),
    optimizer: optimizerFile,
    writeRun: writeRunFile,
    readRun: ({ bytes, name }) => readRunFile(bytes, name),
  };
  return handlers;
}

function diversityOf(rows: { count: number; size: number; data: ArrayLike<number> }): number {
  return meanPairwiseDistance({ ...rows, count: Math.min(DIVERSITY_OF, rows.count) });
}

/** Starts the worker; where there are none (Node) the work is done in place. */
export function createWork(): Work {
  if (typeof Worker === 'undefined') return inPlace();
  const worker = new Worker(new URL('./work-worker.ts', import.meta.url), {
    type: 'module',
    name: 'training',
  });
  const client = createRpcClient<WorkApi>(worker);
  return {
    setReference: (images) => client.call('setReference', images),
    measure: (fakes) =>
      client.call('measure', fakes, { transfer: [fakes.data.buffer as ArrayBuffer] }),
    pack: (network) => client.call('pack', network, { transfer: buffersOf(network) }),
    unpack: (file) => client.call('unpack', file, { transfer: [file.buffer] }),
    optimizer: (state) => client.call('optimizer', state, { transfer: buffersOf(state) }),
    // Its checkpoint is still the run's own.
    writeRun: (run) => client.call('writeRun', run),
    readRun: (file) => client.call('readRun', file, { transfer: [file.bytes.buffer] }),
    dispose() {
      client.dispose();
      worker.terminate();
    },
  };
}

function inPlace(): Work {
  const handlers = createWorkHandlers();
  return {
    setReference: (images) => Promise.resolve(handlers.setReference(images)),
    measure: (fakes) => Promise.resolve(handlers.measure(fakes)),
    pack: (network) => Promise.resolve(handlers.pack(network)),
    unpack: (file) => Promise.resolve(handlers.unpack(file)),
    optimizer: (state) => Promise.resolve(handlers.optimizer(state)),
    writeRun: (run) => Promise.resolve(handlers.writeRun(run)),
    readRun: async (file) => Promise.resolve(handlers.readRun(file)),
    dispose: () => undefined,
  };
}

/** Each once. */
export function buffersOf({ tensors }: Pick<NetworkSource, 'tensors'>): ArrayBuffer[] {
  return [...new Set(Object.values(tensors).map(({ data }) => data.buffer as ArrayBuffer))];
}
