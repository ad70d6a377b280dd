/** What batch norm, activations and Adam do to each number, as WGSL programs. Matrices are rows × columns. */
import type { ActivationSpec } from '../../model/spec';
import type { Program, Uniforms } from './gemm-program';

export interface ColumnRun {
  program: Program;
  uniforms: Uniforms;
}

const WORKGROUP = 64;
/** Rows are summed in at most so many pieces, of at least so many rows. */
const PIECES = 256;
const SHORTEST = 64;

const int = (value: number) => ({ type: 'int32', data: [value] });
const float = (value: number) => ({ type: 'float32', data: [value] });

/** How rows are cut for sums. */
export interface Pieces {
  count: number;
  rows: number;
}

export function piecesOf(rows: number): Pieces {
  const wished = Math.max(1, Math.min(PIECES, Math.floor(rows / SHORTEST)));
  const size = Math.ceil(rows / wished);
  return { count: Math.ceil(rows / size), rows: size };
}

/** Two numbers for each column of each piece: pieces × 2 × columns. */
function pieceRun(
  key: string,
  variableNames: string[],
  [rows, columns]: [number, number],
  piece: { begin: string; add: string; result: [string, string] },
  more: { uniforms: string; data: Uniforms },
): ColumnRun {
  const pieces = piecesOf(rows);
  return {
    program: {
      variableNames,
      variableComponents: variableNames.map(() => 1),
      outputComponent: 1,
      uniforms: `rows : i32, columns : i32, piece : i32, ${more.uniforms}`,
      outputShape: [pieces.count, 2, columns],
      dispatchLayout: { x: [2], y: [0], z: [1] },
      dispatch: [Math.ceil(columns / WORKGROUP), pieces.count, 1],
      workgroupSize: [WORKGROUP, 1, 1],
      shaderKey: `train_${key}`,
      getUserCode: () => `
  fn main() {
    let column = i32(globalId.x);
    if (column >= uniforms.columns) { return; }
    let piece = i32(workgroupId.y);
    let first = piece * uniforms.piece;
    let last = min(uniforms.rows, first + uniforms.piece);
    ${piece.begin}
    for (var row = first; row < last; row++) {
      let at = row * uniforms.columns + column;
      ${piece.add}
    }
    result[piece * 2 * uniforms.columns + column] = ${piece.result[0]};
    result[(piece * 2 + 1) * uniforms.columns + column] = ${piece.result[1]};
  }`,
    },
    uniforms: [int(rows), int(columns), int(pieces.rows), ...more.data],
  };
}

/** Mean and summed squared distance from it, of `u`. */
export function momentPieces(shape: [number, number]): ColumnRun {
  const piece = {
    begin: `var mean = 0.0;
    for (var row = first; row < last; row++) { mean += u[row * uniforms.columns + column]; }
    mean /= f32(last - first);
    var squares = 0.0;`,
    add: 'let distance = u[at] - mean; squares += distance * distance;',
    result: ['mean', 'squares'] as [string, string],
  };
  return pieceRun('moments', ['u'], shape, piece, { uniforms: '', data: [] });
}

/** Sums of dy and of dy · hat, where dy = dOut · activation′. */
export function gradientPieces(shape: [number, number], activation: ActivationSpec): ColumnRun {
  const piece = {
    begin: 'var shift = 0.0; var gain = 0.0;',
    add: `let dy = ${slopeOf(activation, 'dAfter[at]', 'after[at]')}; shift += dy; gain += dy * hat[at];`,
    result: ['shift', 'gain'] as [string, string],
  };
  const more = { uniforms: 'slope : f32,', data: [float(slope(activation))] };
  const key = `gradientSums_${activation.kind}`;
  return pieceRun(key, ['dAfter', 'after', 'hat'], shape, piece, more);
}

/** A vector out of pieces (`x`); `which` is its place among the two. */
function joinRun(
  key: string,
  rows: number,
  columns: number,
  body: string,
  data: Uniforms,
): ColumnRun {
  const pieces = piecesOf(rows);
  return {
    program: {
      variableNames: ['x'],
      variableComponents: [1],
      outputComponent: 1,
      uniforms: 'rows : i32, columns : i32, piece : i32, pieces : i32, eps : f32,',
      outputShape: [columns],
      dispatchLayout: { x: [0] },
      dispatch: [Math.ceil(columns / WORKGROUP), 1, 1],
      workgroupSize: [WORKGROUP, 1, 1],
      shaderKey: `train_join_${key}`,
      getUserCode: () => `
  fn main(index : i32) {
    if (index >= uniforms.columns) { return; }
    let stride = 2 * uniforms.columns;
    ${body}
  }`,
    },
    uniforms: [int(rows), int(columns), int(pieces.rows), int(pieces.count), ...data],
  };
}

export type Moment = 'mean' | 'variance' | 'scale';

/** One moment of all rows from those of the pieces: their means, and squares about those. */
export function joinMoments(
  which: Moment,
  [rows, columns]: [number, number],
  eps: number,
): ColumnRun {
  const result = {
    mean: 'mean',
    variance: 'variance',
    scale: 'inverseSqrt(variance + uniforms.eps)',
  }[which];
  const body = `
    var mean = 0.0;
    for (var p = 0; p < uniforms.pieces; p++) {
      let count = f32(min(uniforms.piece, uniforms.rows - p * uniforms.piece));
      mean += x[p * stride + index] * count;
    }
    mean /= f32(uniforms.rows);
    var variance = 0.0;
    for (var p = 0; p < uniforms.pieces; p++) {
      let count = f32(min(uniforms.piece, uniforms.rows - p * uniforms.piece));
      let distance = x[p * stride + index] - mean;
      variance += x[p * stride + uniforms.columns + index] + count * distance * distance;
    }
    variance /= f32(uniforms.rows);
    result[index] = ${result};`;
  return joinRun(which, rows, columns, body, [float(eps)]);
}

/** Sum over the pieces of the first number (of each column) or of the second. */
export function joinSums(which: 0 | 1, [rows, columns]: [number, number]): ColumnRun {
  const body = `
    var sum = 0.0;
    for (var p = 0; p < uniforms.pieces; p++) {
      sum += x[p * stride + ${which} * uniforms.columns + index];
    }
    result[index] = sum;`;
  return joinRun(`sum${which}`, rows, columns, body, [float(0)]);
}

/** Each number by itself: `body` is what `result[index]` becomes. */
export function eachRun(
  key: string,
  variableNames: string[],
  outputShape: number[],
  body: string,
  more: { uniforms: string; data: Uniforms },
): ColumnRun {
  const size = outputShape.reduce((product, n) => product * n, 1);
  return {
    program: {
      variableNames,
      variableComponents: variableNames.map(() => 1),
      outputComponent: 1,
      uniforms: more.uniforms,
      size: true,
      outputShape,
      dispatchLayout: { x: outputShape.map((_, axis) => axis) },
      dispatch: [Math.ceil(size / WORKGROUP), 1, 1],
      workgroupSize: [WORKGROUP, 1, 1],
      shaderKey: `train_${key}`,
      getUserCode: () => `
  fn main(index : i32) {
    if (index >= uniforms.size) { return; }
    ${body}
  }`,
    },
    uniforms: more.data,
  };
}

/** (u − mean) · scale */
export function hatRun(shape: [number, number]): ColumnRun {
  return eachRun(
    'hat',
    ['u', 'mean', 'scale'],
    shape,
    `let column = index % uniforms.columns;
    result[index] = (u[index] - mean[column]) * scale[column];`,
    { uniforms: 'columns : i32,', data: [int(shape[1])] },
  );
}

/** activation(hat · gain + shift) */
export function outRun(shape: [number, number], activation: ActivationSpec): ColumnRun {
  return eachRun(
    `out_${activation.kind}`,
    ['hat', 'gain', 'shift'],
    shape,
    `let column = index % uniforms.columns;
    let y = hat[index] * gain[column] + shift[column];
    result[index] = select(y * uniforms.slope, y, y > 0.0);`,
    { uniforms: 'columns : i32, slope : f32,', data: [int(shape[1]), float(slope(activation))] },
  );
}

/** The way back through batch norm (ops.ts, normalizeGradient). */
export function normRun(shape: [number, number], activation: ActivationSpec): ColumnRun {
  return eachRun(
    `norm_${activation.kind}`,
    ['dAfter', 'after', 'hat', 'shift', 'gainSum', 'factor'],
    shape,
    `let column = index % uniforms.columns;
    let dy = ${slopeOf(activation, 'dAfter[index]', 'after[index]')};
    let explained = (shift[column] + hat[index] * gainSum[column]) * uniforms.share;
    result[index] = (dy - explained) * factor[column];`,
    {
      uniforms: 'columns : i32, slope : f32, share : f32,',
      data: [int(shape[1]), float(slope(activation)), float(1 / shape[0])],
    },
  );
}

/** dOut · activation′ */
export function activationGradientRun(shape: number[], activation: ActivationSpec): ColumnRun {
  return eachRun(
    `activationGradient_${activation.kind}`,
    ['dAfter', 'after'],
    shape,
    `result[index] = ${slopeOf(activation, 'dAfter[index]', 'after[index]')};`,
    { uniforms: 'slope : f32,', data: [float(slope(activation))] },
  );
}

/** What Adam's three results are made of. */
const ADAM = {
  first: 'first[index] * uniforms.beta1 + gradient[index] * uniforms.rest1',
  second: 'second[index] * uniforms.beta2 + gradient[index] * gradient[index] * uniforms.rest2',
};

export type AdamResult = 'value' | 'first' | 'second';

export function adamRun(
  which: AdamResult,
  shape: number[],
  step: { beta1: number; beta2: number; rate: number; epsilon: number },
): ColumnRun {
  const names = {
    value: ['value', 'first', 'second', 'gradient'],
    first: ['first', 'gradient'],
    second: ['second', 'gradient'],
  }[which];
  const body =
    which === 'value'
      ? `let m = ${ADAM.first};
    let v = ${ADAM.second};
    result[index] = value[index] - uniforms.rate * m / (sqrt(v) + uniforms.epsilon);`
      : `result[index] = ${ADAM[which]};`;
  const { beta1, beta2, rate, epsilon } = step;
  const data = [beta1, 1 - beta1, beta2, 1 - beta2, rate, epsilon].map(float);
  const uniforms = 'beta1 : f32, rest1 : f32, beta2 : f32, rest2 : f32, rate : f32, epsilon : f32,';
  return eachRun(`adam_${which}`, names, shape, body, { uniforms, data });
}

/** WGSL of d · activation′, from the activation's output. */
function slopeOf({ kind }: ActivationSpec, d: string, out: string): string {
  if (kind === 'tanh') return `${d} * (1.0 - ${out} * ${out}) + 0.0 * uniforms.slope`;
  return `select(${d} * uniforms.slope, ${d}, ${out} > 0.0)`;
}

/** The slope below zero of a piecewise linear activation. */
function slope(activation: ActivationSpec): number {
  if (activation.kind === 'leakyRelu') return activation.slope;
  return activation.kind === 'none' ? 1 : 0;
}
