/**
 * The inner loop of weight gradients on WASM: a tile of `rows` input channels × 4 or 8 filters of
 * Σ input · output gradient over all pixels stays in registers while both stream by. Nothing is copied
 * into columns or transposed; the pixels of one kernel row are found by constant steps in a padded image.
 */
import {
  block,
  branchIf,
  f32Load,
  f32Store,
  f32x4Add,
  f32x4Const,
  f32x4Mul,
  f32x4RelaxedMadd,
  I32,
  i32Add,
  i32Const,
  i32Eq,
  i32LtS,
  i32Mul,
  i32Sub,
  ifElse,
  localGet,
  localSet,
  localTee,
  loop,
  V128,
  v128Load,
  v128Load32Splat,
  v128Store,
  type Code,
  type WasmFunction,
} from './assembler';
import type { Vectors } from './tile-kernel';

/**
 * Adds up a tile over images × height × width output pixels. Addresses and steps are bytes: the output
 * gradient's pixels follow each other by `yStep`; the input's by `xStep`, its rows by `xRow`, its images by
 * `xImage`. The tile's rows lie `outStep` apart; what stands there is added to unless `fresh`. `scratch` is
 * used where `filters` is less than the tile has.
 */
export type GradientFunction = (
  x: number,
  y: number,
  images: number,
  height: number,
  width: number,
  xStep: number,
  xRow: number,
  xImage: number,
  yStep: number,
  out: number,
  outStep: number,
  filters: number,
  scratch: number,
  fresh: number,
) => void;

const P = {
  ...{ x: 0, y: 1, images: 2, height: 3, width: 4, xStep: 5, xRow: 6, xImage: 7, yStep: 8 },
  ...{ out: 9, outStep: 10, filters: 11, scratch: 12, fresh: 13 },
} as const;
const PARAMETERS = Array<number>(14).fill(I32);
/** Locals after the parameters. */
const L = { row: 14, line: 15, pixel: 16, column: 17, copied: 18 } as const;
const SCALARS = 5;

export function gradientName(rows: number, vectors: Vectors): string {
  return `gradient${rows}x${vectors}`;
}

export function gradientFunction(rows: number, vectors: Vectors, fused: boolean): WasmFunction {
  const first = PARAMETERS.length + SCALARS;
  const sums = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: vectors }, (_, v) => first + r * vectors + v),
  );
  const ys = Array.from({ length: vectors }, (_, v) => first + rows * vectors + v);
  const input = first + rows * vectors + vectors;
  return {
    name: gradientName(rows, vectors),
    parameters: PARAMETERS,
    locals: [
      [SCALARS, I32],
      [rows * vectors + vectors + 1, V128],
    ],
    body: [
      ...sums.flat().flatMap((sum) => [f32x4Const(0), localSet(sum)]),
      loop(
        ...[localGet(P.x), localSet(L.row), localGet(P.height), localSet(L.line)],
        loop(
          ...[localGet(L.row), localSet(L.pixel), localGet(P.width), localSet(L.column)],
          loop(
            ...ys.flatMap((local, v) => [localGet(P.y), v128Load(16 * v), localSet(local)]),
            ...sums.flatMap((row, r) => [
              ...[localGet(L.pixel), v128Load32Splat(4 * r), localSet(input)],
              ...row.flatMap((sum, v) => multiplyAdd(sum, input, ys[v] ?? 0, fused)),
            ]),
            ...advance(L.pixel, P.xStep),
            ...advance(P.y, P.yStep),
            ...repeat(L.column),
          ),
          ...advance(L.row, P.xRow),
          ...repeat(L.line),
        ),
        ...advance(P.x, P.xImage),
        ...repeat(P.images),
      ),
      ...storeRows(sums, vectors),
    ],
  };
}

function multiplyAdd(sum: number, a: number, b: number, fused: boolean): Code[] {
  return fused
    ? [localGet(a), localGet(b), localGet(sum), f32x4RelaxedMadd, localSet(sum)]
    : [localGet(a), localGet(b), f32x4Mul, localGet(sum), f32x4Add, localSet(sum)];
}

const advance = (local: number, step: number): Code[] => [
  ...[localGet(local), localGet(step), i32Add, localSet(local)],
];

/** Once more while the counter, less one, is not zero. */
const repeat = (counter: number): Code[] => [
  ...[localGet(counter), i32Const(1), i32Sub, localTee(counter), branchIf(0)],
];

function storeRows(sums: number[][], vectors: Vectors): Code[] {
  const store = (target: number, row: number[]): Code[] =>
    row.flatMap((sum, v) => [localGet(target), localGet(sum), v128Store(16 * v)]);
  const addTo = (row: number[]): Code =>
    block(
      ...[localGet(P.fresh), branchIf(0)],
      ...row.flatMap((sum, v) => [
        ...[localGet(P.out), v128Load(16 * v), localGet(sum), f32x4Add, localSet(sum)],
      ]),
    );
  const whole = sums.flatMap((row) => [
    ...[addTo(row), ...store(P.out, row)],
    ...advance(P.out, P.outStep),
  ]);
  const partial = sums.flatMap((row) => [
    ...[addTo(row), ...store(P.scratch, row), ...copyFilters()],
    ...advance(P.out, P.outStep),
  ]);
  return [localGet(P.filters), i32Const(4 * vectors), i32Eq, ifElse(whole, partial)];
}

/** The filters that exist, from scratch to the output. */
function copyFilters(): Code[] {
  return [
    ...[i32Const(0), localSet(L.copied)],
    loop(
      ...[localGet(P.out), localGet(L.copied), i32Add],
      ...[localGet(P.scratch), localGet(L.copied), i32Add, f32Load(), f32Store()],
      ...[localGet(L.copied), i32Const(4), i32Add, localTee(L.copied)],
      ...[localGet(P.filters), i32Const(4), i32Mul, i32LtS, branchIf(0)],
    ),
  ];
}
