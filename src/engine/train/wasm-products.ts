/**
 * The products of training on the tile kernels of src/engine/wasm, without columns of patches: pixels are
 * found through tables as in inference, and weights are packed anew when they have changed.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { BoundLayer } from '../../model/bind';
import type { LayerSpec, Shape } from '../../model/spec';
import { planGather, type GatherPlan } from '../wasm/gather-plan';
import type { TileEngine, TileLayer } from '../wasm/tile-engine';
import type { Placed } from '../wasm/tile-memory';
import {
  encodeRecord,
  GRADIENT_RECORD_LENGTH,
  gradientItems,
  writeGradientRecord,
  type GradientJob,
} from '../wasm/tile-record';
import { KERNEL, TAPS, type Geometry } from './geometry';
import type { Matrix, TrainOps } from './ops';

type Products = Pick<TrainOps, 'down' | 'up' | 'weightGradient' | 'dispose'>;
type Direction = 'down' | 'up';

/** A direction of a layer with its tables and packed weights in the memory. */
interface Slot {
  plan: GatherPlan;
  work: TileLayer;
  panels: Placed[];
  /** The tensor that is packed now. */
  packed: object | null;
  free(): void;
}

/** Padded images of so many bytes are gone through at once, for all of the weights: the second-level cache. */
const CACHE_BYTES = 512 * 1024;

export function createWasmProducts(engine: TileEngine): Products {
  const { memory } = engine;
  const slots = new Map<Geometry, Partial<Record<Direction, Slot>>>();
  const record = memory.put(new Int32Array(GRADIENT_RECORD_LENGTH));

  const slotOf = (geometry: Geometry, direction: Direction, w: Matrix): Slot => {
    const ofLayer = slots.get(geometry) ?? {};
    slots.set(geometry, ofLayer);
    const slot = (ofLayer[direction] ??= createSlot(engine, geometry, direction));
    if (slot.packed !== w.dataId) pack(slot, memory.view(w), geometry, direction);
    slot.packed = w.dataId;
    return slot;
  };

  function pack(slot: Slot, w: Float32Array, geometry: Geometry, direction: Direction): void {
    slot.plan.phases.forEach(({ taps }, phase) => {
      const panels = slot.panels[phase];
      const source = slot.plan.phases[phase]?.panels;
      if (!panels || !source) return;
      const target = new Float32Array(memory.memory.buffer, panels.address, source.length);
      if (direction === 'down') packDown(w, geometry.narrow, slot.plan.vectors, target);
      else packUp(w, geometry, { phase, taps, vectors: slot.plan.vectors }, target);
    });
  }

  const run = (x: Matrix, w: Matrix, geometry: Geometry, direction: Direction): Matrix => {
    const { plan, work } = slotOf(geometry, direction, w);
    const count = (4 * x.size) / plan.inputBytes;
    const columns = direction === 'down' ? geometry.narrow : geometry.wide;
    const size = (count * plan.outputBytes) / 4;
    const from = memory.lend(x);
    const to = memory.create<tf.Rank.R2>([size / columns, columns]);
    engine.run(work, from.address, to.address, count);
    from.free();
    return to.finish();
  };

  return {
    down: (x, w, geometry) => run(x, w, geometry, 'down'),
    up: (y, w, geometry) => run(y, w, geometry, 'up'),
    weightGradient: (x, y, geometry) => weightGradient(engine, record.address, x, y, geometry),
    dispose() {
      record.free();
      for (const { down, up } of slots.values()) {
        down?.free();
        up?.free();
      }
      slots.clear();
    },
  };
}

function createSlot(engine: TileEngine, geometry: Geometry, direction: Direction): Slot {
  const { memory } = engine;
  const plan = planGather(layerOf(geometry, direction), {
    weight: new Float32Array(TAPS * geometry.wide * geometry.narrow),
    bias: new Float32Array(
      geometry.dense && direction === 'up' ? TAPS * geometry.wide : geometry.wide + geometry.narrow,
    ),
  });
  const placed: Placed[] = [];
  const put = (data: Float32Array | Int32Array): Placed => {
    const place = memory.put(data);
    placed.push(place);
    return place;
  };
  const panels = plan.phases.map((phase) => put(phase.panels));
  const phases = plan.phases.map(({ tables }, index) => ({
    panels: panels[index]?.address ?? 0,
    tables: tables.map(({ offsets }) => put(offsets).address),
  }));
  const zeros = put(new Float32Array(plan.channels)).address;
  const { address } = put(encodeRecord(plan, { phases, zeros }, 1));
  const work: TileLayer = {
    record: address,
    items: plan.phases.length * plan.blocks,
    imageBytes: plan.inputBytes + plan.outputBytes,
  };
  return { plan, work, panels, packed: null, free: () => placed.forEach((place) => place.free()) };
}

/** The convolution or its adjoint as a layer that inference could run. */
function layerOf(geometry: Geometry, direction: Direction): BoundLayer {
  const { height, width, wide, narrow, dense } = geometry;
  const wideShape: Shape = dense
    ? { height: 1, width: 1, channels: TAPS * wide }
    : { height, width, channels: wide };
  const narrowShape: Shape = dense
    ? { height: 1, width: 1, channels: narrow }
    : { height: height / 2, width: width / 2, channels: narrow };
  const [input, output] =
    direction === 'down' ? [wideShape, narrowShape] : [narrowShape, wideShape];
  const base = {
    id: direction,
    filters: output.channels,
    bias: false,
    norm: { kind: 'none' },
    order: 'norm-activation',
    activation: { kind: 'none' },
  } as const;
  const kernelled = {
    ...base,
    kernel: [KERNEL, KERNEL],
    stride: [2, 2],
    padding: { top: 1, right: 1, bottom: 1, left: 1 },
  } as const;
  const spec: LayerSpec = dense
    ? { ...base, kind: 'dense' }
    : direction === 'down'
      ? { ...kernelled, kind: 'conv' }
      : { ...kernelled, kind: 'convTranspose', outputPadding: { bottom: 0, right: 0 } };
  return { spec, input, output };
}

/** Blocks of columns of the matrix; each panel begins with a row of biases, which stay zero. */
function packDown(w: Float32Array, narrow: number, vectors: number, target: Float32Array): void {
  const size = 4 * vectors;
  const rows = w.length / narrow;
  let at = 0;
  for (let first = 0; first < narrow; first += size) {
    const count = Math.min(size, narrow - first);
    at += size;
    for (let row = 0; row < rows; row++, at += size) {
      const from = row * narrow + first;
      for (let i = 0; i < count; i++) target[at + i] = w[from + i] ?? 0;
    }
  }
}

/** Of the matrix' rows those that a phase's kernel taps name, turned: rows are narrow channels then. */
function packUp(
  w: Float32Array,
  { wide, narrow, dense }: Geometry,
  { phase, taps, vectors }: { phase: number; taps: number; vectors: number },
  target: Float32Array,
): void {
  const size = 4 * vectors;
  const filters = dense ? TAPS * wide : wide;
  let at = 0;
  for (let first = 0; first < filters; first += size) {
    const count = Math.min(size, filters - first);
    at += size;
    for (let tap = 0; tap < taps; tap++, at += narrow * size) {
      const kernelTap = dense ? 0 : kernelTapOf(phase, tap);
      for (let i = 0; i < count; i++) {
        const from = (kernelTap * wide + first + i) * narrow;
        for (let n = 0, to = at + i; n < narrow; n++, to += size) target[to] = w[from + n] ?? 0;
      }
    }
  }
}

/** Tap t of phase p of a 4×4 kernel of stride 2 (gather-plan.ts). */
function kernelTapOf(phase: number, tap: number): number {
  const row = (tap >> 1) * 2 + (phase >> 1);
  const column = (tap & 1) * 2 + (phase & 1);
  return row * KERNEL + column;
}

function weightGradient(
  engine: TileEngine,
  record: number,
  x: Matrix,
  y: Matrix,
  geometry: Geometry,
): Matrix {
  const { memory } = engine;
  const { wide, narrow } = geometry;
  const padded = pad(engine, x, geometry);
  const grads = memory.lend(y);
  const out = memory.create<tf.Rank.R2>([TAPS * wide, narrow]);
  for (let first = 0; first < padded.count; first += padded.group) {
    const images = Math.min(padded.group, padded.count - first);
    const job: GradientJob = {
      ...padded.steps,
      ...{ filters: narrow, images, fresh: first === 0 },
      y: grads.address + first * padded.steps.height * padded.steps.width * narrow * 4,
    };
    writeGradientRecord(new Int32Array(memory.memory.buffer), record, job);
    const from = padded.place.address + first * padded.steps.xImage;
    engine.runGradient(record, gradientItems(job), from, out.address);
  }
  padded.place.free();
  grads.free();
  return out.finish();
}

interface Padded {
  place: Placed;
  count: number;
  /** Images that fit the cache together with what belongs to them. */
  group: number;
  steps: Omit<GradientJob, 'filters' | 'images' | 'fresh' | 'y'>;
}

/** The wide images with a border of zeros, so that every tap of every pixel exists. */
function pad({ memory }: TileEngine, x: Matrix, geometry: Geometry): Padded {
  const { height, width, wide, narrow, dense } = geometry;
  if (dense) {
    const rows = TAPS * wide;
    const count = x.size / rows;
    return {
      ...{ place: memory.lend(x), count, group: count },
      steps: {
        ...{ rows, kernelRows: 1, kernelRowBytes: 0, height: 1, width: 1 },
        ...{ xStep: 0, xRow: 0, xImage: 4 * rows },
      },
    };
  }
  const row = (width + 2) * wide;
  const image = (height + 2) * row;
  const count = x.size / (height * width * wide);
  const place = memory.borrow(count * image);
  const source = memory.view(x);
  const target = new Float32Array(memory.memory.buffer, place.address, count * image);
  target.fill(0);
  for (let i = 0, from = 0; i < count; i++) {
    for (let line = 1; line <= height; line++, from += width * wide) {
      target.set(source.subarray(from, from + width * wide), i * image + line * row + wide);
    }
  }
  const bytes = 4 * (image + (height * width * narrow) / 4);
  return {
    ...{ place, count, group: Math.max(1, Math.floor(CACHE_BYTES / bytes)) },
    steps: {
      ...{ rows: KERNEL * wide, kernelRows: KERNEL, kernelRowBytes: 4 * row },
      ...{ height: height / 2, width: width / 2 },
      ...{ xStep: 8 * wide, xRow: 8 * row, xImage: 4 * image },
    },
  };
}
