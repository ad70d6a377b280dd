/**
 * Matrix products whose left factor is read straight out of images, as WGSL programs: no columns of patches
 * are written or read. One template; what differs is where a number of either factor lies, and where a result goes.
 *
 * A workgroup computes a tile of rows × columns; its invocations hold 4 × 4 results each and pass the factors
 * on through workgroup memory, `depth` of the summed index at a time.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Geometry } from './geometry';

/** The shape of a program that TensorFlow.js' WebGPU backend runs. */
export type Program = Parameters<WebGPUBackend['runWebGPUProgram']>[0];
export type Uniforms = NonNullable<Parameters<WebGPUBackend['runWebGPUProgram']>[3]>;

interface Tile {
  rows: number;
  columns: number;
  depth: number;
}

const SQUARE: Tile = { rows: 64, columns: 64, depth: 16 };
/** For the three channels of a picture. */
const THIN: Tile = { rows: 256, columns: 4, depth: 8 };

/** Results of an invocation in either direction. */
const EACH = 4;

/** WGSL of one product; `row`, `column` and `k` are i32 expressions. */
interface Product {
  name: string;
  /** Statements that find what depends on a row alone; names end with the given suffix. */
  row(suffix: string, row: string): string;
  /** The same for a place in the summed index. */
  k(suffix: string, k: string): string;
  /** Number of the left factor, by the suffixes of a row and of a place. */
  left(row: string, k: string): string;
  /** Number of the right factor. */
  right(k: string, place: string, column: string): string;
  /** Index of a result. */
  result(row: string, column: string): string;
  /** Neighbors in memory: of the left factor along rows (else along k), of the right along columns (else along k). */
  leftByRow: boolean;
  rightByColumn: boolean;
}

const UNIFORMS =
  'rows : i32, columns : i32, depth : i32, chunk : i32, wide : i32, narrow : i32, logHeight : i32, logWidth : i32,';

/** A pixel of the narrow image from its index: `image`, `i`, `j` with the suffix. */
const pixel = (suffix: string, index: string): string => `
  let j${suffix} = (${index}) & ((1 << u32(uniforms.logWidth)) - 1);
  let i${suffix} = ((${index}) >> u32(uniforms.logWidth)) & ((1 << u32(uniforms.logHeight)) - 1);
  let image${suffix} = (${index}) >> u32(uniforms.logWidth + uniforms.logHeight);`;

/** A number of the wide image's patch at a narrow pixel, zero outside. */
const PATCH = `
  fn patchAt(image : i32, i : i32, j : i32, tap : i32, channel : i32) -> f32 {
    let height = 2 << u32(uniforms.logHeight);
    let width = 2 << u32(uniforms.logWidth);
    let y = 2 * i + (tap >> 2u) - 1;
    let x = 2 * j + (tap & 3) - 1;
    if (y < 0 || x < 0 || y >= height || x >= width) { return 0.0; }
    return a[((image * height + y) * width + x) * uniforms.wide + channel];
  }`;

/** im2col(a) · b: rows are narrow pixels, k is (tap, channel). */
const DOWN: Product = {
  name: 'down',
  row: pixel,
  k: (s, k) => `
  let tap${s} = (${k}) / uniforms.wide;
  let channel${s} = (${k}) % uniforms.wide;`,
  left: (r, k) => `patchAt(image${r}, i${r}, j${r}, tap${k}, channel${k})`,
  right: (k, _place, column) => `b[(${k}) * uniforms.narrow + ${column}]`,
  result: (row, column) => `(${row}) * uniforms.narrow + ${column}`,
  leftByRow: false,
  rightByColumn: true,
};

/**
 * col2im(a · bᵀ) for the wide pixels of one phase (z): rows are narrow pixels (i, j) that stand for the wide
 * pixel (2i + phaseY, 2j + phaseX), k is (one of the 2 × 2 narrow pixels that reach it, narrow channel).
 */
const UP: Product = {
  name: 'up',
  row: pixel,
  k: (s, k) => `
  let reach${s} = (${k}) / uniforms.narrow;
  let channel${s} = (${k}) % uniforms.narrow;
  let reachY${s} = reach${s} >> 1u;
  let reachX${s} = reach${s} & 1;`,
  left: (r, k) =>
    `narrowPixel(image${r}, i${r} + phaseY() - reachY${k}, j${r} + phaseX() - reachX${k}, channel${k})`,
  right: (_k, s, column) =>
    `b[(((1 - phaseY() + 2 * reachY${s}) * 4 + 1 - phaseX() + 2 * reachX${s}) * uniforms.wide + ${column}) * uniforms.narrow + channel${s}]`,
  result: (row, column) => `wideIndex(${row}) * uniforms.wide + ${column}`,
  leftByRow: false,
  rightByColumn: false,
};

const UP_FUNCTIONS = `
  fn phaseY() -> i32 { return i32(workgroupId.z) >> 1u; }
  fn phaseX() -> i32 { return i32(workgroupId.z) & 1; }
  fn narrowPixel(image : i32, i : i32, j : i32, channel : i32) -> f32 {
    let height = 1 << u32(uniforms.logHeight);
    let width = 1 << u32(uniforms.logWidth);
    if (i < 0 || j < 0 || i >= height || j >= width) { return 0.0; }
    return a[((image * height + i) * width + j) * uniforms.narrow + channel];
  }
  fn wideIndex(row : i32) -> i32 {
    ${pixel('', 'row')}
    let height = 2 << u32(uniforms.logHeight);
    let width = 2 << u32(uniforms.logWidth);
    return (image * height + 2 * i + phaseY()) * width + 2 * j + phaseX();
  }`;

/** im2col(a)ᵀ · b over one range of pixels (z): rows are (tap, channel), k is narrow pixels. */
const GRADIENT: Product = {
  name: 'gradient',
  row: (s, row) => `
  let tap${s} = (${row}) / uniforms.wide;
  let channel${s} = (${row}) % uniforms.wide;`,
  k: pixel,
  left: (r, k) => `patchAt(image${k}, i${k}, j${k}, tap${r}, channel${r})`,
  right: (k, _place, column) => `b[(${k}) * uniforms.narrow + ${column}]`,
  result: (row, column) =>
    `(i32(workgroupId.z) * uniforms.rows + ${row}) * uniforms.narrow + ${column}`,
  leftByRow: true,
  rightByColumn: true,
};

const FUNCTIONS: Record<string, string> = { down: PATCH, up: UP_FUNCTIONS, gradient: PATCH };

/** A program with the numbers that it needs. */
export interface GemmRun {
  program: Program;
  uniforms: Uniforms;
}

export function downRun(geometry: Geometry, pixels: number): GemmRun {
  const { wide, narrow } = geometry;
  const size = { rows: pixels, columns: narrow, depth: 16 * wide };
  return createRun(DOWN, geometry, size, [pixels, narrow], 1, 16 * wide);
}

export function upRun(geometry: Geometry, pixels: number): GemmRun {
  const { wide, narrow } = geometry;
  const size = { rows: pixels, columns: wide, depth: 4 * narrow };
  return createRun(UP, geometry, size, [4 * pixels, wide], 4, 4 * narrow);
}

/** As many workgroups as keep a large GPU busy are made by cutting the sum over pixels. */
const WORKGROUPS = 512;
/** But no piece is shorter than this. */
const SHORTEST = 512;

/** The result has a piece of the sum for each first index. */
export function gradientRun(geometry: Geometry, pixels: number): GemmRun {
  const { wide, narrow } = geometry;
  const tiles = Math.ceil((16 * wide) / SQUARE.rows) * Math.ceil(narrow / SQUARE.columns);
  const pieces = Math.max(
    1,
    Math.min(Math.ceil(WORKGROUPS / tiles), Math.floor(pixels / SHORTEST)),
  );
  const chunk = Math.ceil(pixels / pieces / SQUARE.depth) * SQUARE.depth;
  const used = Math.ceil(pixels / chunk);
  const size = { rows: 16 * wide, columns: narrow, depth: pixels };
  return createRun(GRADIENT, geometry, size, [used, 16 * wide, narrow], used, chunk);
}

function createRun(
  product: Product,
  { height, width, wide, narrow }: Geometry,
  { rows, columns, depth }: Tile,
  outputShape: number[],
  layers: number,
  chunk: number,
): GemmRun {
  const tile = columns <= THIN.columns ? THIN : SQUARE;
  const logs = [Math.log2(height / 2), Math.log2(width / 2)];
  const program: Program = {
    variableNames: ['a', 'b'],
    variableComponents: [1, 1],
    outputComponent: 1,
    uniforms: UNIFORMS,
    outputShape,
    dispatchLayout: outputShape.length === 3 ? { x: [2], y: [1], z: [0] } : { x: [1], y: [0] },
    // Rows along x, of which there may be more than 65,535 tiles' worth in no other direction.
    dispatch: [Math.ceil(rows / tile.rows), Math.ceil(columns / tile.columns), layers],
    workgroupSize: [(tile.rows / EACH) * (tile.columns / EACH), 1, 1],
    shaderKey: `train_${product.name}_${tile.rows}`,
    getUserCode: () => shader(product, tile),
  };
  const data = [rows, columns, depth, chunk, wide, narrow, ...logs];
  return { program, uniforms: data.map((value) => ({ type: 'int32', data: [value] })) };
}

const each = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('\n');

// All workgroups run as many rounds: a barrier may not depend on where one of them begins.
function shader(product: Product, tile: Tile): string {
  const threads = (tile.rows / EACH) * (tile.columns / EACH);
  const across = tile.columns / EACH;
  const down = tile.rows / EACH;
  const leftStride = tile.rows + 1;
  const rightStride = tile.columns + 1;
  return `
  var<workgroup> leftTile : array<f32, ${tile.depth * leftStride}>;
  var<workgroup> rightTile : array<f32, ${tile.depth * rightStride}>;
  ${FUNCTIONS[product.name] ?? ''}

  fn main() {
    let local = i32(localIndex);
    let firstRow = i32(workgroupId.x) * ${tile.rows};
    let firstColumn = i32(workgroupId.y) * ${tile.columns};
    let start = ${product === GRADIENT ? 'i32(workgroupId.z) * uniforms.chunk' : '0'};
    let end = min(uniforms.depth, start + uniforms.chunk);
    let myRow = local / ${across};
    let myColumn = local % ${across};
    ${each(EACH, (i) => `var sum${i} = vec4<f32>(0.0);`)}
    ${rowsOf(product, tile, threads)}
    let rounds = (uniforms.chunk + ${tile.depth - 1}) / ${tile.depth};
    for (var turn = 0; turn < rounds; turn++) {
      let base = start + turn * ${tile.depth};
      ${loadLeft(product, tile, threads)}
      ${loadRight(product, tile, threads)}
      workgroupBarrier();
      for (var k = 0; k < ${tile.depth}; k++) {
        let r = k * ${rightStride} + myColumn;
        let right = vec4<f32>(${[0, 1, 2, 3].map((j) => `rightTile[r + ${j * across}]`).join(', ')});
        let l = k * ${leftStride} + myRow;
        ${each(EACH, (i) => `sum${i} += leftTile[l + ${i * down}] * right;`)}
      }
      workgroupBarrier();
    }
    ${each(EACH, (i) => storeRow(product, i, tile))}
  }`;
}

/** So many loads of an invocation are written out, their rows found once; more are left to a loop. */
const UNROLLED = 8;

/** Rows that an invocation loads in each round. */
function rowsOf(product: Product, tile: Tile, threads: number): string {
  const loads = (tile.rows * tile.depth) / threads;
  if (product.leftByRow) {
    return `let row = firstRow + local % ${tile.rows}; ${product.row('R', 'row')}`;
  }
  if (loads > UNROLLED) return '';
  return each(loads, (l) => {
    const row = `firstRow + local / ${tile.depth} + ${(l * threads) / tile.depth}`;
    return `let row${l} = ${row}; ${product.row(`R${l}`, `row${l}`)}`;
  });
}

function loadLeft(product: Product, tile: Tile, threads: number): string {
  const loads = (tile.rows * tile.depth) / threads;
  const stride = tile.rows + 1;
  if (product.leftByRow) {
    return each(
      loads,
      (l) => `{
      let place = local / ${tile.rows} + ${(l * threads) / tile.rows};
      let at = base + place;
      ${product.k('K', 'at')}
      var value = 0.0;
      if (at < end && row < uniforms.rows) { value = ${product.left('R', 'K')}; }
      leftTile[place * ${stride} + local % ${tile.rows}] = value;
    }`,
    );
  }
  const body = (suffix: string, target: string) => `var value = 0.0;
        if (at < end && row${suffix} < uniforms.rows) { value = ${product.left(`R${suffix}`, 'K')}; }
        leftTile[place * ${stride} + ${target}] = value;`;
  const loop = `for (var into = local / ${tile.depth}; into < ${tile.rows}; into += ${threads / tile.depth}) {
        let row = firstRow + into; ${product.row('R', 'row')}
        ${body('', 'into')}
      }`;
  const unrolled = each(
    loads,
    (l) => `{ ${body(String(l), `local / ${tile.depth} + ${(l * threads) / tile.depth}`)} }`,
  );
  return `{
      let place = local % ${tile.depth};
      let at = base + place;
      ${product.k('K', 'at')}
      ${loads > UNROLLED ? loop : unrolled}
    }`;
}

function loadRight(product: Product, tile: Tile, threads: number): string {
  const size = tile.columns * tile.depth;
  const loads = Math.ceil(size / threads);
  const stride = tile.columns + 1;
  return each(loads, (l) => {
    const index = `local + ${l * threads}`;
    const [place, column] = product.rightByColumn
      ? [`(${index}) / ${tile.columns}`, `(${index}) % ${tile.columns}`]
      : [`(${index}) % ${tile.depth}`, `(${index}) / ${tile.depth}`];
    const load = `{
      let place = ${place};
      let column = ${column};
      let at = base + place;
      ${product.k('K', 'at')}
      var value = 0.0;
      if (at < end && firstColumn + column < uniforms.columns) {
        value = ${product.right('at', 'K', '(firstColumn + column)')};
      }
      rightTile[place * ${stride} + column] = value;
    }`;
    return size % threads === 0 ? load : `if (${index} < ${size}) ${load}`;
  });
}

function storeRow(product: Product, i: number, { rows, columns }: Tile): string {
  const across = columns / EACH;
  const column = (j: number) => `firstColumn + myColumn + ${j * across}`;
  return `{
      let row = firstRow + myRow + ${i * (rows / EACH)};
      if (row < uniforms.rows) {
        ${each(
          EACH,
          (j) => `if (${column(j)} < uniforms.columns) {
          result[${product.result('row', `(${column(j)})`)}] = sum${i}[${j}];
        }`,
        )}
      }
    }`;
}
