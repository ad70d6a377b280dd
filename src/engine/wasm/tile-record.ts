/**
 * A gather plan as it lies in memory: one record of 32-bit numbers that every thread reads, and the work
 * that it stands for, cut into items that threads can take one by one.
 */
import type { GatherPlan } from './gather-plan';
import { gradientName, type GradientFunction } from './gradient-kernel';
import { TANH, type TanhFunction } from './tanh-kernel';
import { MAX_ROWS, tileName, type TileFunction, type Vectors } from './tile-kernel';

/** Fields at the start of a record. */
const FIELD = {
  vectors: 0,
  filters: 1,
  blocks: 2,
  channels: 3,
  inputBytes: 4,
  outputBytes: 5,
  phases: 6,
  /** Tables of each phase: table g serves g + 1 images at once. */
  groups: 7,
  zeros: 8,
  /** Bits of a 32-bit float: max(y, slope·y) is applied. */
  slope: 9,
} as const;

const HEADER = 10;
const PHASE = { taps: 0, panels: 1 } as const;
const PHASE_HEADER = 2;
const TABLE = { address: 0, fullTiles: 1, restRows: 2 } as const;
const TABLE_SIZE = 3;

/** Byte addresses of a plan's arrays. */
export interface PlanAddresses {
  phases: { panels: number; tables: number[] }[];
  /** As many zeros as a pixel has channels. */
  zeros: number;
}

/** The record of a plan whose arrays lie at `addresses`. */
export function encodeRecord(
  plan: GatherPlan,
  addresses: PlanAddresses,
  slope: number,
): Int32Array<ArrayBuffer> {
  const groups = plan.phases[0]?.tables.length ?? 0;
  const record = [
    ...[plan.vectors, plan.filters, plan.blocks, plan.channels, plan.inputBytes, plan.outputBytes],
    ...[plan.phases.length, groups, addresses.zeros],
    new Int32Array(Float32Array.of(slope).buffer)[0] ?? 0,
  ];
  plan.phases.forEach(({ taps, tables }, index) => {
    const phase = addresses.phases[index];
    record.push(taps, phase?.panels ?? 0);
    tables.forEach(({ fullTiles, restRows }, group) => {
      record.push(phase?.tables[group] ?? 0, fullTiles, restRows);
    });
  });
  return Int32Array.from(record);
}

/** The functions of an instance: tiles by vectors and rows. */
export type TileKernels = Record<Vectors, TileFunction[]> & {
  gradients: Record<Vectors, GradientFunction[]>;
  tanh: TanhFunction;
};

/** Looks the functions of an instance up. */
export function readKernels({ exports }: WebAssembly.Instance): TileKernels {
  const read = (vectors: Vectors) =>
    Array.from({ length: MAX_ROWS[vectors] + 1 }, (_, rows) => {
      return exports[tileName(rows, vectors)] as TileFunction;
    });
  const readGradients = (vectors: Vectors) =>
    Array.from({ length: MAX_ROWS[vectors] + 1 }, (_, rows) => {
      return exports[gradientName(rows, vectors)] as GradientFunction;
    });
  const gradients = { 1: readGradients(1), 2: readGradients(2) };
  return { 1: read(1), 2: read(2), gradients, tanh: exports[TANH] as TanhFunction };
}

/** One layer's run. */
export interface TileJob {
  /** Byte addresses of the record, the input and the output. */
  record: number;
  x: number;
  out: number;
  count: number;
  /** Into how many ranges of images the work is cut. */
  splits: number;
  /** phases × blocks × splits */
  items: number;
}

/**
 * Runs one item: one block of filters of one phase over a range of images, which its weights are read
 * for once. `memory` is a view of all of it; `scratch` is this thread's own.
 */
export function runItem(
  kernels: TileKernels,
  memory: Int32Array,
  job: TileJob,
  item: number,
  scratch: number,
): void {
  const at = job.record >> 2;
  const field = (index: number): number => memory[at + index] ?? 0;
  if (field(FIELD.vectors) === GRADIENT) {
    runGradientItem(kernels, field, job, item, scratch);
    return;
  }
  const vectors = field(FIELD.vectors) as Vectors;
  // Ranges of images come one after the other, so that theirs stay in the cache.
  const block = item % field(FIELD.blocks);
  const phaseIndex = Math.floor(item / field(FIELD.blocks)) % field(FIELD.phases);
  const split = Math.floor(item / (field(FIELD.blocks) * field(FIELD.phases)));
  const groups = field(FIELD.groups);
  const phase = HEADER + phaseIndex * (PHASE_HEADER + groups * TABLE_SIZE);
  const taps = field(phase + PHASE.taps);
  const width = 4 * vectors;
  const channels = field(FIELD.channels);
  const filters = Math.min(width, field(FIELD.filters) - block * width);
  const weights = field(phase + PHASE.panels) + block * (1 + taps * channels) * width * 4;
  const slope = floatOfBits(field(FIELD.slope));
  const rows = MAX_ROWS[vectors];
  const end = Math.floor((job.count * (split + 1)) / job.splits);
  for (let image = Math.floor((job.count * split) / job.splits); image < end;) {
    const group = Math.min(groups, end - image);
    const entry = phase + PHASE_HEADER + (group - 1) * TABLE_SIZE;
    const table = field(entry + TABLE.address);
    const fullTiles = field(entry + TABLE.fullTiles);
    const restRows = field(entry + TABLE.restRows);
    const x = job.x + image * field(FIELD.inputBytes);
    const out = job.out + image * field(FIELD.outputBytes) + block * width * 4;
    const run = (tileRows: number, tableAt: number, tiles: number): void =>
      kernels[vectors][tileRows]?.(
        ...([tableAt, tiles, weights, taps, 4 * channels, x, field(FIELD.zeros)] as const),
        ...([out, filters, scratch, slope] as const),
      );
    if (fullTiles > 0) run(rows, table, fullTiles);
    if (restRows > 0) run(restRows, table + fullTiles * rows * (taps + 1) * 4, 1);
    image += group;
  }
}

/** In place of `vectors`: the record of a weight gradient. */
const GRADIENT = 3;

/** A weight gradient over some images, in numbers and bytes; its input is padded (gradient-kernel.ts). */
export interface GradientJob {
  filters: number;
  /** Rows of the result that share a kernel row, and how many kernel rows there are. */
  rows: number;
  kernelRows: number;
  kernelRowBytes: number;
  images: number;
  height: number;
  width: number;
  xStep: number;
  xRow: number;
  xImage: number;
  /** Address of the output's gradient. */
  y: number;
  fresh: boolean;
}

const JOB_FIELDS = [
  ...(['filters', 'rows', 'kernelRows', 'kernelRowBytes', 'images', 'height', 'width'] as const),
  ...(['xStep', 'xRow', 'xImage', 'y'] as const),
];
export const GRADIENT_RECORD_LENGTH = JOB_FIELDS.length + 2;

/** Writes a gradient's record to where `record` (a byte address) points. */
export function writeGradientRecord(memory: Int32Array, record: number, job: GradientJob): void {
  const values = JOB_FIELDS.map((key) => job[key]);
  memory.set([GRADIENT, ...values, job.fresh ? 1 : 0], record >> 2);
}

/** Vectors and rows of a gradient's tiles, and into how many items it is cut. */
function gradientTiles({
  filters,
  rows,
  kernelRows,
}: Pick<GradientJob, 'filters' | 'rows' | 'kernelRows'>) {
  const vectors: Vectors = filters <= 4 ? 1 : 2;
  const blocks = Math.ceil(filters / (4 * vectors));
  const tiles = Math.ceil(rows / MAX_ROWS[vectors]);
  return { vectors, blocks, tiles, items: blocks * tiles * kernelRows };
}

export function gradientItems(job: GradientJob): number {
  return gradientTiles(job).items;
}

function runGradientItem(
  kernels: TileKernels,
  field: (index: number) => number,
  job: TileJob,
  item: number,
  scratch: number,
): void {
  const [
    filters = 0,
    rows = 0,
    kernelRows = 0,
    kernelRowBytes = 0,
    images = 0,
    height = 0,
    width = 0,
  ] = [1, 2, 3, 4, 5, 6, 7].map(field);
  const { vectors, blocks, tiles } = gradientTiles({ filters, rows, kernelRows });
  const block = item % blocks;
  const tile = Math.floor(item / blocks) % tiles;
  const kernelRow = Math.floor(item / (blocks * tiles));
  const firstRow = tile * MAX_ROWS[vectors];
  const firstFilter = block * 4 * vectors;
  const out = job.out + ((kernelRow * rows + firstRow) * filters + firstFilter) * 4;
  kernels.gradients[vectors][Math.min(MAX_ROWS[vectors], rows - firstRow)]?.(
    ...([job.x + kernelRow * kernelRowBytes + 4 * firstRow, field(11) + 4 * firstFilter] as const),
    ...([images, height, width, field(8), field(9), field(10), 4 * filters] as const),
    ...([
      out,
      4 * filters,
      Math.min(4 * vectors, filters - firstFilter),
      scratch,
      field(12),
    ] as const),
  );
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

function floatOfBits(value: number): number {
  bits[0] = value;
  return float[0] ?? 0;
}
