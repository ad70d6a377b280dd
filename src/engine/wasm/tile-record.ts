/**
 * A gather plan as it lies in memory: one record of 32-bit numbers that every thread reads, and the work
 * that it stands for, cut into items that threads can take one by one.
 */
import type { GatherPlan } from './gather-plan';
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
export type TileKernels = Record<Vectors, TileFunction[]> & { tanh: TanhFunction };

/** Looks the functions of an instance up. */
export function readKernels({ exports }: WebAssembly.Instance): TileKernels {
  const read = (vectors: Vectors) =>
    Array.from({ length: MAX_ROWS[vectors] + 1 }, (_, rows) => {
      return exports[tileName(rows, vectors)] as TileFunction;
    });
  return { 1: read(1), 2: read(2), tanh: exports[TANH] as TanhFunction };
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

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

function floatOfBits(value: number): number {
  bits[0] = value;
  return float[0] ?? 0;
}
