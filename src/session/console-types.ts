/** What `window.latentarium` looks like. docs/console.md has an example of each. */
import type { Box } from '../core/boxes';
import type { Easing } from '../core/interpolate';
import type { PathMode } from '../core/path';
import type { BackendCandidate, BackendName, MemoryReport } from '../engine/api';
import type { UnitMask } from '../model/source';
import type { NormStatistics, Prior } from '../model/spec';
import type { Datasets } from './datasets';
import type { Dissection } from './dissect';
import type { BoxEffects } from './effects';
import type { ArithmeticRequest, ArithmeticResult } from './arithmetic';
import type { ConsoleTrain } from './console-train';
import type { Judgement } from './judge';
import type { ShelfItem } from './shelf';

/** A latent as a script may write it. */
export type LatentLike = Float32Array | readonly number[];

export interface ConsoleModel {
  id: string;
  title: string;
  /** Length of z. */
  zSize: number;
  /** Of the pictures, in pixels. */
  height: number;
  width: number;
  channels: number;
  /** In order; `name` is what `activations` and `units` take. */
  layers: { name: string; height: number; width: number; filters: number }[];
}

export interface ConsoleImage {
  height: number;
  width: number;
  channels: number;
  /** height × width × channels, channels last, in [−1, 1]. */
  data: Float32Array;
}

interface ConsoleActivations {
  height: number;
  width: number;
  filters: number;
  /** height × width × filters, filters last. */
  data: Float32Array;
}

export interface SampleOptions {
  /** What is not given is as in the link, and so as in the Explore panel. */
  seed?: number;
  truncation?: number;
  prior?: Prior;
}

interface WalkOptions {
  /** From one keyframe to the next; 24 unless told otherwise. */
  frames?: number;
  /** Straight (the default) or along the sphere. */
  mode?: PathMode;
  /** From the last keyframe back to the first. */
  closed?: boolean;
  easing?: Easing;
}

export interface LatentariumConsole {
  /** Resolves with the first model that is open; rejects when none could be opened at the start. */
  readonly ready: Promise<ConsoleModel>;
  /** What the engine runs on; null until it is known. */
  device(): {
    backend: BackendName;
    adapter: string;
    software: boolean;
    candidates: BackendCandidate[];
  } | null;
  /** What can be opened by id. */
  models(): Pick<ConsoleModel, 'id' | 'title' | 'zSize' | 'height' | 'width' | 'channels'>[];
  /** Opens a bundled or kept model by id, files of your own, or a URL of this site. */
  open(source: string | File | File[]): Promise<ConsoleModel>;
  /** Samples 0 to n − 1 of a seed: for the same seed those that the Explore panel shows. */
  sample(n: number, options?: SampleOptions): Float32Array[];
  /** Pictures of latents, with units dropped (0) or scaled. */
  generate(
    z: readonly LatentLike[],
    options?: { units?: UnitMask; statistics?: NormStatistics },
  ): Promise<ConsoleImage[]>;
  /** A layer's output for one latent. */
  activations(
    z: LatentLike,
    layer: string,
    options?: { units?: UnitMask },
  ): Promise<ConsoleActivations>;
  /** What the model's judge says about pictures of `generate`. */
  judge(images: readonly ConsoleImage[]): Promise<Judgement[]>;
  /** The filters that are switched off or scaled; `generate` and the panels draw with them. */
  readonly mask: ConsoleMask;
  /** Which filters draw what boxes hold. */
  readonly dissect: ConsoleDissect;
  /**
   * How much the picture changes without each filter of a layer, in levels of 0 to 255, averaged over
   * samples of the model's prior (64 unless told otherwise).
   */
  effect(layer: string, options?: { samples?: number; seed?: number }): Promise<Float32Array>;
  /** Latents along a walk through the keyframes. */
  walk(keyframes: readonly LatentLike[], options?: WalkOptions): Float32Array[];
  /**
   * Groups of exemplars averaged, added and taken away, as in section 6.3.2 of the paper: the result and
   * eight neighbours around it.
   */
  arithmetic(request: ArithmeticRequest): ArithmeticResult;
  /** The way from the mean of `a` to the mean of `b`: added to a latent, it makes it more like `b`. */
  direction(a: readonly LatentLike[], b: readonly LatentLike[]): Float32Array;
  readonly shelf: ConsoleShelf;
  /** Pictures to train on: bundled, drawn, the visitor's own. */
  readonly datasets: Datasets;
  /** Trains a generator of your own. */
  readonly train: ConsoleTrain;
  /** What the engine holds on the device. */
  memory(): Promise<MemoryReport>;
}

interface ConsoleMask {
  /** Makes it the active mask, and part of the link. {} for none. */
  set(units: UnitMask): void;
  /** The mask of the link, whether it is applied or only kept. */
  get(): { units: UnitMask; on: boolean };
  clear(): void;
}

interface ConsoleDissect {
  /**
   * Logistic regression of 'inside a box' on a layer's filters, as in section 6.3.1 of the paper. A box's
   * `sample` is an index into `samples`; x0, y0, x1, y1 are half-open, in output pixels.
   */
  fit(
    samples: readonly LatentLike[],
    boxes: readonly Box[],
    layer: string,
    options?: {
      seed?: number;
      heldOut?: number;
      /** Inverse strength of the regularisation; 1. */
      c?: number;
      /** Both classes weigh the same; true. */
      balanced?: boolean;
    },
  ): Promise<Dissection>;
  /**
   * What each filter of a layer alone does to the samples with boxes (64 of them at most): mean absolute
   * change of a pixel without it, in levels of 0 to 255, inside the boxes and outside; `scores` is inside
   * less 1.5 times outside.
   */
  effect(samples: readonly LatentLike[], boxes: readonly Box[], layer: string): Promise<BoxEffects>;
}

interface ConsoleShelf {
  /** Keeps a latent of the open model, with its picture. */
  add(z: LatentLike, options?: { label?: string; tags?: string[] }): Promise<ShelfItem>;
  /** In the visitor's order. */
  list(): ShelfItem[];
  /** By id. */
  remove(...ids: string[]): void;
  clear(): void;
  /** The whole shelf as JSON. */
  export(): string;
  /** Adds what `export` gave. */
  import(json: string): { added: number; skipped: number };
}
