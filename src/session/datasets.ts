/**
 * Pictures to train on: sets that ship with the page, digits that it draws, the visitor's own files, and
 * sets that the visitor keeps. Nothing leaves the page. What does the work is loaded when first asked for.
 */
import type { DataFile, ReadImagesAnswer, ReadImagesRequest } from '../data/api';
import type { CallOptions } from '../engine/api';
import type { TrainingConfig } from '../model/training';
import type { DataInput } from './data-input';
import type { Database } from './database';
import type { DatasetRef, TrainingData } from './training/training';

/** A set that can be opened without choosing files. */
export interface DatasetEntry {
  source: Exclude<DatasetRef, { kind: 'own' }>;
  title: string;
  /** What the pictures are. */
  about: string;
  licence: string;
  count: number;
  /** Of the pictures as they lie there; null: drawn at whatever size is wished. */
  size: number | null;
  channels: 1 | 3;
  /** To be downloaded, or on the visitor's disk. */
  bytes: number;
}

export interface OwnFilesRequest extends Omit<ReadImagesRequest, 'source'> {
  files: DataFile[];
  /** As the set is called; default: after the files. */
  title?: string;
}

export interface Datasets {
  /**
   * Bundled sets, the digits, then kept ones, the newest first. Where it is not to be known which are bundled
   * (no network), `onMissing` is told why and the others come; without it, the call rejects.
   */
  list(options?: { onMissing?: (error: unknown) => void }): Promise<DatasetEntry[]>;
  /**
   * The pictures of a bundled, drawn or kept set, shuffled, at the size of a run. Those that lie at another
   * size are reduced or enlarged. Rejects with AppError `dataset-…`, `data-…` or `download-…`.
   */
  open(
    source: DatasetRef,
    image: TrainingConfig['image'],
    options?: CallOptions,
  ): Promise<TrainingData>;
  /** The visitor's own files as a set, with what was found and left out. Rejects with AppError `data-…`. */
  read(
    request: OwnFilesRequest,
    options?: CallOptions,
  ): Promise<{ data: TrainingData; report: ReadImagesAnswer['report'] }>;
  /** Keeps a set in IndexedDB; `source` of what comes back finds it again. Rejects with `dataset-full` or `dataset-not-stored`. */
  keep(data: TrainingData): Promise<TrainingData>;
  /** Forgets a kept set. */
  remove(id: string): Promise<void>;
}

export interface DatasetsOptions {
  database: Database;
  /** Where index.json and the sheets lie. */
  datasetsUrl: URL;
  /** What reads pictures; workers, unless told otherwise. */
  input?: DataInput | undefined;
}

export function createDatasets(options: DatasetsOptions): Datasets {
  let loading: Promise<Datasets> | null = null;
  const library = (): Promise<Datasets> => {
    loading ??= import('./dataset-library').then(
      ({ createDatasetLibrary }) => createDatasetLibrary(options),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  return {
    list: async (options) => (await library()).list(options),
    open: async (...call) => (await library()).open(...call),
    read: async (...call) => (await library()).read(...call),
    keep: async (...call) => (await library()).keep(...call),
    remove: async (...call) => (await library()).remove(...call),
  };
}
