/**
 * The session: one set of React-free zustand stores with the actions that change them. Panels and the
 * console (`window.latentarium`) use the same object. State is plain and serialisable; tensors, workers
 * and canvases never enter it. Pixels go straight from `generator.render` to a canvas.
 */
import type { StoreApi } from 'zustand/vanilla';
import type {
  Activations,
  BackendName,
  CallOptions,
  DeviceReport,
  Engine,
  FloatImages,
  LayerInfo,
  MemoryReport,
  Progress,
  RgbaImages,
} from '../engine/api';
import type { ErrorReport } from '../lib/errors';
import type { BoxSet } from '../model/box-set';
import type { Card, ManifestEntry } from '../model/manifest';
import type { NetworkSource, UnitMask } from '../model/source';
import type { GeneratorSpec, ImageSpec, JudgeOutput, NormStatistics } from '../model/spec';
import type { Architecture } from './architecture';
import type { Datasets } from './datasets';
import type { Shelf } from './shelf';
import type { Training } from './training/training';
import type { UrlState } from './url';

export interface DeviceState {
  status: 'starting' | 'ready' | 'lost' | 'rebuilding' | 'failed';
  /** Present from the first 'ready' on. */
  report: DeviceReport | null;
  progress: Progress | null;
  error: ErrorReport | null;
}

/** The generator that all panels work on. */
export interface CurrentModel {
  /** Slug of a bundled model, or `local:<16 hex>`. */
  id: string;
  title: string;
  /** sha256 of the generator file, hex. */
  modelHash: string;
  spec: GeneratorSpec;
  /** Every layer's output shape, in order. */
  layers: LayerInfo[];
  /** Engine handle; new after each open, the same after a lost device was rebuilt. */
  handle: number;
  /** What the model's judge can tell; null without a judge. */
  judge: { handle: number; input: ImageSpec; outputs: JudgeOutput[] } | null;
  card: Card | null;
}

/** A named z from the model's own library of exemplars (exemplars.json). */
export interface Exemplar {
  /** `${conceptId}/${index}`. */
  id: string;
  conceptId: string;
  label: string;
  z: Float32Array;
}

export interface ModelState {
  /** 'failed' only where no model is open; after a failed switch it is 'ready' again, with `error` set. */
  status: 'idle' | 'loading' | 'ready' | 'failed';
  /** Bundled models in the manifest's order, then local ones (of this session and kept from earlier ones). */
  entries: ManifestEntry[];
  progress: Progress | null;
  current: CurrentModel | null;
  /** Why the last open failed; the model that was open before stays open. */
  error: ErrorReport | null;
}

export interface Models {
  store: StoreApi<ModelState>;
  /**
   * Opens a bundled model by id, a file by content, or a URL of this origin. Resolves with the model;
   * on failure keeps what was open, sets `error`, posts a notice with a retry, and rejects.
   */
  open(source: string | File | File[], options?: CallOptions): Promise<CurrentModel>;
  /** Opens again what was opened last. */
  retry(): Promise<CurrentModel>;
  /** Deletes a file of the visitor's own from this browser; not the open one. The answer puts it back. */
  forget(id: string): Promise<() => Promise<void>>;
  /** The open model's weights as its file has them, read again. */
  network(): Promise<NetworkSource & { spec: GeneratorSpec }>;
  /** The current model's judge, loaded now if it is not yet; null where it has none. */
  judge(): Promise<CurrentModel['judge']>;
  /** Exemplars of the current model; empty where it has none. Loaded once, when first asked for. */
  exemplars(): Promise<Exemplar[]>;
  /** The boxes that ship with the current model; null where none do. */
  boxSet(): Promise<BoxSet | null>;
  /** Norm of each kernel of a layer of the current model, as its file has it; null without weights. */
  kernelNorms(layer: string): Float32Array | null;
}

export interface RenderOptions extends CallOptions {
  units?: UnitMask;
  statistics?: NormStatistics;
  reference?: Float32Array[];
}

/** Runs the current model. Rejects with AppError 'no-model' before the first one is open. */
export interface Generator {
  /** Pictures for the screen, one a latent. */
  render(z: readonly Float32Array[], options?: RenderOptions): Promise<RgbaImages>;
  /** Floats in the model's own range. */
  generate(z: readonly Float32Array[], options?: RenderOptions): Promise<FloatImages>;
  activations(
    z: readonly Float32Array[],
    layer: string,
    options?: RenderOptions,
  ): Promise<Activations>;
  /**
   * A channel for one place on the screen where only the newest picture matters (a dragged slider).
   * `render` resolves with null when a newer request overtook it.
   */
  createPreview(): {
    render(z: readonly Float32Array[], options?: RenderOptions): Promise<RgbaImages | null>;
    dispose(): void;
  };
}

export type NoticeLevel = 'info' | 'success' | 'warning' | 'error';

export interface Notice {
  id: number;
  level: NoticeLevel;
  message: string;
  /** What to do next. */
  hint?: string;
  /** One thing that the visitor may do about it: 'Undo', 'Try again'. */
  action?: { label: string; run: () => void };
}

export interface Notices {
  store: StoreApi<{ notices: Notice[] }>;
  post(notice: Omit<Notice, 'id'>): number;
  /** Posts an error with its message and hint; aborted work is not an error and posts nothing. */
  postError(error: unknown, action?: Notice['action']): void;
  dismiss(id: number): void;
}

export interface Session {
  device: StoreApi<DeviceState>;
  models: Models;
  /** How foreign weights were read, and other ways to read them. */
  architecture: Architecture;
  generator: Generator;
  /** Pictures to train on. */
  datasets: Datasets;
  shelf: Shelf;
  /** Trains a generator of the visitor's own. */
  training: Training;
  notices: Notices;
  url: UrlState;
  engine: Engine;
  memory(): Promise<MemoryReport>;
  dispose(): void;
}

export interface SessionOptions {
  engine: Engine;
  /** Where index.json and the models lie, relative to the page: 'models/'. */
  modelsUrl: string;
  /** Where index.json and the sets of pictures lie, relative to the page: 'datasets/'. */
  datasetsUrl: string;
  force?: BackendName | undefined;
}
