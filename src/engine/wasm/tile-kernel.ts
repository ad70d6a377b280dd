/**
 * The inner loop of every weighted layer on WASM, written for 128-bit SIMD: a tile of `rows` output
 * pixels times 4 or 8 filters is kept in registers while the inputs stream by.
 *
 * Rows are found through a table of offsets (an "indirect" matrix product: no im2col copy, and padding
 * costs a pointer to zeros), so convolution, transposed convolution and dense layers differ in their
 * tables only. TensorFlow.js' own kernel spends two instructions on a product and a sum; where relaxed
 * SIMD is known this one spends one. See docs/performance.md for measurements.
 */
import { gradientFunction } from './gradient-kernel';
import { tanhFunction } from './tanh-kernel';
import {
  assembleModule,
  block,
  branchIf,
  f32Load,
  f32Store,
  F32,
  f32x4Add,
  f32x4Max,
  f32x4Mul,
  f32x4RelaxedMadd,
  f32x4Splat,
  I32,
  i32Add,
  i32Const,
  i32Eq,
  i32Eqz,
  i32GeS,
  i32Load,
  i32LtS,
  i32Mul,
  i32Sub,
  ifElse,
  localGet,
  localSet,
  localTee,
  loop,
  select,
  V128,
  v128Load,
  v128Load32Splat,
  v128Store,
  type Code,
  type WasmFunction,
} from './assembler';

/** Most rows of a tile by how many vectors of filters it has: what fits the 16 registers of x86. */
export const MAX_ROWS = { 1: 8, 2: 6 } as const;

/** Vectors of four filters in a tile. */
export type Vectors = keyof typeof MAX_ROWS;

/** Input channels that are handled between two steps of the pointers. */
const UNROLL = 8;

/**
 * Runs `tiles` tiles of one block of filters. All but `slope` are byte addresses or counts.
 *
 * `table` holds for each tile: taps × rows offsets into `x` (−1: a row of zeros), then `rows` offsets
 * into `out`. `weights` holds one bias a filter, then taps × channels rows of filters. What is stored is
 * max(y, slope·y): no activation for slope 1, ReLU for 0, LeakyReLU between. `scratch` is written when
 * `filters` is less than the tile has.
 */
export type TileFunction = (
  table: number,
  tiles: number,
  weights: number,
  taps: number,
  channelBytes: number,
  x: number,
  zeros: number,
  out: number,
  filters: number,
  scratch: number,
  slope: number,
) => void;

const PARAMETERS = [...Array<number>(10).fill(I32), F32];

export function tileName(rows: number, vectors: Vectors): string {
  return `tile${rows}x${vectors}`;
}

/** The module with the functions for each tile size. `fused`: multiply-add of relaxed SIMD. */
export function assembleTileKernels(
  fused: boolean,
  sharedPages: number | null,
): Uint8Array<ArrayBuffer> {
  const functions: WasmFunction[] = [];
  for (const vectors of [1, 2] as const) {
    for (let rows = 1; rows <= MAX_ROWS[vectors]; rows++) {
      functions.push(tileFunction(rows, vectors, fused), gradientFunction(rows, vectors, fused));
    }
  }
  return assembleModule([...functions, tanhFunction()], sharedPages);
}

/** Indices of parameters and locals. */
interface Locals {
  table: number;
  tiles: number;
  weights: number;
  taps: number;
  channelBytes: number;
  x: number;
  zeros: number;
  out: number;
  filters: number;
  scratch: number;
  slope: number;
  w: number;
  tap: number;
  left: number;
  offset: number;
  copied: number;
  pointers: number[];
  sums: number[][];
  filterVectors: number[];
  input: number;
  slopes: number;
}

const SCALARS = 5;

function locals(rows: number, vectors: Vectors): Locals {
  const [table, tiles, weights, taps, channelBytes, x, zeros, out, filters, scratch, slope] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ] as const;
  let next = PARAMETERS.length;
  const take = (count: number) => Array.from({ length: count }, () => next++);
  const [w = 0, tap = 0, left = 0, offset = 0, copied = 0] = take(SCALARS);
  const pointers = take(rows);
  const sums = pointers.map(() => take(vectors));
  const filterVectors = take(vectors);
  const [input = 0, slopes = 0] = take(2);
  return {
    ...{ table, tiles, weights, taps, channelBytes, x, zeros, out, filters, scratch, slope },
    ...{ w, tap, left, offset, copied, pointers, sums, filterVectors, input, slopes },
  };
}

function tileFunction(rows: number, vectors: Vectors, fused: boolean): WasmFunction {
  const l = locals(rows, vectors);
  const body = [
    ...[localGet(l.slope), f32x4Splat, localSet(l.slopes)],
    loop(
      ...startTile(l),
      ...[localGet(l.taps), localSet(l.tap)],
      loop(...findRows(l), ...sumChannels(l, fused), ...[...countDown(l.tap, 1), branchIf(0)]),
      ...activate(l),
      ...storeTile(l, vectors),
      ...advance(l.table, 4 * rows),
      ...[...countDown(l.tiles, 1), branchIf(0)],
    ),
  ];
  const vectorCount = rows * vectors + vectors + 2;
  return {
    name: tileName(rows, vectors),
    parameters: PARAMETERS,
    locals: [
      [SCALARS + rows, I32],
      [vectorCount, V128],
    ],
    body,
  };
}

/** local += bytes */
function advance(local: number, bytes: number): Code[] {
  return [localGet(local), i32Const(bytes), i32Add, localSet(local)];
}

/** local −= step, and leaves the new value on the stack. */
function countDown(local: number, step: number): Code[] {
  return [localGet(local), i32Const(step), i32Sub, localTee(local)];
}

/** Sums start at the bias; w points at the first row of filters. */
function startTile(l: Locals): Code[] {
  const vectors = l.filterVectors.length;
  return [
    ...l.sums.flatMap((row, r) =>
      row.flatMap((sum, v) => {
        const first = l.sums[0]?.[v] ?? sum;
        const value = r === 0 ? [localGet(l.weights), v128Load(16 * v)] : [localGet(first)];
        return [...value, localSet(sum)];
      }),
    ),
    ...[localGet(l.weights), i32Const(16 * vectors), i32Add, localSet(l.w)],
  ];
}

/** pointer = offset is −1 ? zeros : x + offset, for each row of this tap. */
function findRows(l: Locals): Code[] {
  const find = (pointer: number, row: number): Code[] => [
    ...[localGet(l.zeros), localGet(l.x)],
    ...[localGet(l.table), i32Load(4 * row), localTee(l.offset), i32Add],
    ...[localGet(l.offset), i32Const(-1), i32Eq, select, localSet(pointer)],
  ];
  return [...l.pointers.flatMap(find), ...advance(l.table, 4 * l.pointers.length)];
}

/** All channels of one tap: UNROLL at a time, then the rest one by one. */
function sumChannels(l: Locals, fused: boolean): Code[] {
  const bytes = 4 * UNROLL;
  const steps = Array.from({ length: UNROLL }, (_, step) => multiplyAdd(l, step, fused)).flat();
  return [
    ...[localGet(l.channelBytes), localSet(l.left)],
    block(
      ...[localGet(l.left), i32Const(bytes), i32LtS, branchIf(0)],
      loop(
        ...steps,
        ...advanceAll(l, UNROLL),
        ...[...countDown(l.left, bytes), i32Const(bytes), i32GeS, branchIf(0)],
      ),
    ),
    block(
      ...[localGet(l.left), i32Eqz, branchIf(0)],
      loop(
        ...multiplyAdd(l, 0, fused),
        ...advanceAll(l, 1),
        ...[...countDown(l.left, 4), branchIf(0)],
      ),
    ),
  ];
}

function advanceAll(l: Locals, channels: number): Code[] {
  return [
    ...l.pointers.flatMap((pointer) => advance(pointer, 4 * channels)),
    ...advance(l.w, 16 * l.filterVectors.length * channels),
  ];
}

/** sums += input · filters for one channel, `step` channels behind the pointers. */
function multiplyAdd(l: Locals, step: number, fused: boolean): Code[] {
  const vectors = l.filterVectors.length;
  const loads = l.filterVectors.flatMap((local, v) => [
    ...[localGet(l.w), v128Load(16 * (step * vectors + v)), localSet(local)],
  ]);
  const add = (sum: number, filter: number): Code[] =>
    fused
      ? [localGet(l.input), localGet(filter), localGet(sum), f32x4RelaxedMadd, localSet(sum)]
      : [localGet(l.input), localGet(filter), f32x4Mul, localGet(sum), f32x4Add, localSet(sum)];
  const rows = l.pointers.flatMap((pointer, r) => [
    ...[localGet(pointer), v128Load32Splat(4 * step), localSet(l.input)],
    ...(l.sums[r] ?? []).flatMap((sum, v) => add(sum, l.filterVectors[v] ?? 0)),
  ]);
  return [...loads, ...rows];
}

/** y = max(y, slope·y) */
function activate(l: Locals): Code[] {
  return l.sums
    .flat()
    .flatMap((sum) => [
      ...[localGet(sum), localGet(sum), localGet(l.slopes), f32x4Mul, f32x4Max, localSet(sum)],
    ]);
}

/** Whole tiles go straight out; of a partial one each row goes to scratch, and its filters from there. */
function storeTile(l: Locals, vectors: Vectors): Code[] {
  const target = (row: number): Code[] => [
    ...[localGet(l.out), localGet(l.table), i32Load(4 * row), i32Add, localSet(l.offset)],
  ];
  const store = (local: number, row: number[]): Code[] =>
    row.flatMap((sum, v) => [localGet(local), localGet(sum), v128Store(16 * v)]);
  const copy: Code[] = [
    ...[i32Const(0), localSet(l.copied)],
    loop(
      ...[localGet(l.offset), localGet(l.copied), i32Add],
      ...[localGet(l.scratch), localGet(l.copied), i32Add, f32Load(), f32Store()],
      ...[localGet(l.copied), i32Const(4), i32Add, localTee(l.copied)],
      ...[localGet(l.filters), i32Const(4), i32Mul, i32LtS, branchIf(0)],
    ),
  ];
  const whole = l.sums.flatMap((row, r) => [...target(r), ...store(l.offset, row)]);
  const partial = l.sums.flatMap((row, r) => [...target(r), ...store(l.scratch, row), ...copy]);
  return [localGet(l.filters), i32Const(4 * vectors), i32Eq, ifElse(whole, partial)];
}
