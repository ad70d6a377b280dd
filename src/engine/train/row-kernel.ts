/**
 * Passes over matrices of rows × columns on WASM's SIMD: what batch norm, activations and Adam do to each
 * number, in as few passes as there are sums to wait for. A kernel is said as what it does to four columns.
 */
import {
  assembleModule,
  branchIf,
  F32,
  f32x4Add,
  f32x4Const,
  f32x4Div,
  f32x4Gt,
  f32x4Max,
  f32x4Mul,
  f32x4Splat,
  f32x4Sqrt,
  f32x4Sub,
  I32,
  i32Add,
  i32Const,
  i32Sub,
  localGet,
  localSet,
  localTee,
  loop,
  V128,
  v128Bitselect,
  v128Load,
  v128Store,
  type Code,
  type WasmFunction,
} from '../wasm/assembler';

/** Something on the stack: code that leaves one vector there. */
type Value = Code[];

/** What a kernel is said with. */
interface Columns {
  /** Four columns of a matrix or of a vector (one number a column). */
  load(name: string): Value;
  store(name: string, value: Value): Code[];
  /** vector += value */
  addTo(name: string, value: Value): Code[];
  /** A number that is the same everywhere. */
  number(name: string): Value;
  /** Computes a value once; `load` knows it by its name from then on. */
  let(name: string, value: Value): Code[];
}

interface RowKernel {
  /** rows × columns each, read or written. */
  matrices: readonly string[];
  /** One number a column. */
  vectors: readonly string[];
  numbers: readonly string[];
  temporaries?: readonly string[];
  body(c: Columns): Code[];
}

const add = (a: Value, b: Value): Value => [...a, ...b, f32x4Add];
const sub = (a: Value, b: Value): Value => [...a, ...b, f32x4Sub];
const mul = (a: Value, b: Value): Value => [...a, ...b, f32x4Mul];
const div = (a: Value, b: Value): Value => [...a, ...b, f32x4Div];
const max = (a: Value, b: Value): Value => [...a, ...b, f32x4Max];
const one: Value = [f32x4Const(1)];

/** value where `out` is above zero, slope · value elsewhere. */
const masked = (c: Columns, value: Value, out: Value): Value => [
  ...mul(value, [...one, ...c.number('slope'), ...out, f32x4Const(0), f32x4Gt, v128Bitselect]),
];

/** out = max(value, slope · value): ReLU for slope 0. */
const leaky = (c: Columns, name: string): Value =>
  max(c.load(name), mul(c.load(name), c.number('slope')));

const kernels = {
  sum: {
    ...{ matrices: ['u'], vectors: ['sum'], numbers: [] },
    body: (c) => c.addTo('sum', c.load('u')),
  },
  squares: {
    ...{ matrices: ['u'], vectors: ['mean', 'sum'], numbers: [], temporaries: ['d'] },
    body: (c) => [
      ...c.let('d', sub(c.load('u'), c.load('mean'))),
      ...c.addTo('sum', mul(c.load('d'), c.load('d'))),
    ],
  },
  normalize: {
    matrices: ['u', 'hat', 'out'],
    vectors: ['mean', 'scale', 'gain', 'shift'],
    ...{ numbers: ['slope'], temporaries: ['h', 'y'] },
    body: (c) => [
      ...c.let('h', mul(sub(c.load('u'), c.load('mean')), c.load('scale'))),
      ...c.store('hat', c.load('h')),
      ...c.let('y', add(mul(c.load('h'), c.load('gain')), c.load('shift'))),
      ...c.store('out', leaky(c, 'y')),
    ],
  },
  gradientSums: {
    ...{ matrices: ['dOut', 'out', 'hat'], vectors: ['shift', 'gain'] },
    ...{ numbers: ['slope'], temporaries: ['dy'] },
    body: (c) => [
      ...c.let('dy', masked(c, c.load('dOut'), c.load('out'))),
      ...c.addTo('shift', c.load('dy')),
      ...c.addTo('gain', mul(c.load('dy'), c.load('hat'))),
    ],
  },
  /** du = (dy − shift/rows − hat · gain/rows) · factor */
  normalizeGradient: {
    matrices: ['dOut', 'out', 'hat', 'du'],
    vectors: ['shift', 'gain', 'factor'],
    ...{ numbers: ['slope', 'share'], temporaries: ['rest'] },
    body: (c) => [
      ...c.let('rest', masked(c, c.load('dOut'), c.load('out'))),
      ...c.let('rest', sub(c.load('rest'), mul(c.load('shift'), c.number('share')))),
      ...c.let(
        'rest',
        sub(c.load('rest'), mul(c.load('hat'), mul(c.load('gain'), c.number('share')))),
      ),
      ...c.store('du', mul(c.load('rest'), c.load('factor'))),
    ],
  },
  activate: {
    ...{ matrices: ['u', 'out'], vectors: [], numbers: ['slope'] },
    body: (c) => c.store('out', leaky(c, 'u')),
  },
  activateGradient: {
    ...{ matrices: ['dOut', 'out', 'du'], vectors: [], numbers: ['slope'] },
    body: (c) => c.store('du', masked(c, c.load('dOut'), c.load('out'))),
  },
  tanhGradient: {
    ...{ matrices: ['dOut', 'out', 'du'], vectors: [], numbers: [] },
    body: (c) => c.store('du', mul(c.load('dOut'), sub(one, mul(c.load('out'), c.load('out'))))),
  },
  adam: {
    matrices: ['value', 'first', 'second', 'gradient', 'newValue', 'newFirst', 'newSecond'],
    vectors: [],
    numbers: ['beta1', 'rest1', 'beta2', 'rest2', 'rate', 'epsilon'],
    temporaries: ['g', 'm', 'v'],
    body: (c) => [
      ...c.let('g', c.load('gradient')),
      ...c.let(
        'm',
        add(mul(c.load('first'), c.number('beta1')), mul(c.load('g'), c.number('rest1'))),
      ),
      ...c.let(
        'v',
        add(
          mul(c.load('second'), c.number('beta2')),
          mul(mul(c.load('g'), c.load('g')), c.number('rest2')),
        ),
      ),
      ...c.store('newFirst', c.load('m')),
      ...c.store('newSecond', c.load('v')),
      ...c.store(
        'newValue',
        sub(
          c.load('value'),
          div(
            mul(c.load('m'), c.number('rate')),
            add([...c.load('v'), f32x4Sqrt], c.number('epsilon')),
          ),
        ),
      ),
    ],
  },
} satisfies Record<string, RowKernel>;

export type RowKernelName = keyof typeof kernels;

/** rows, columns / 4, byte addresses of matrices and of vectors, numbers. */
export type RowFunction = (...parameters: number[]) => void;

/** Assembles and starts the kernels in a memory. */
export async function createRowKernels(
  memory: WebAssembly.Memory,
): Promise<Record<RowKernelName, RowFunction>> {
  const functions = Object.entries(kernels).map(([name, kernel]) => rowFunction(name, kernel));
  const module = await WebAssembly.compile(assembleModule(functions, null));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as Record<RowKernelName, RowFunction>;
}

function rowFunction(name: string, kernel: RowKernel): WasmFunction {
  const { matrices, vectors, numbers, temporaries = [] } = kernel;
  const pointers = [...matrices, ...vectors];
  const [rows, quads, firstPointer] = [0, 1, 2];
  const firstNumber = firstPointer + pointers.length;
  const left = firstNumber + numbers.length;
  const firstCursor = left + 1;
  const firstSplat = firstCursor + vectors.length;
  const firstTemporary = firstSplat + numbers.length;
  const pointerOf = (of: string): number => {
    const vector = vectors.indexOf(of);
    return vector < 0 ? firstPointer + matrices.indexOf(of) : firstCursor + vector;
  };
  const columns: Columns = {
    load(of) {
      const temporary = temporaries.indexOf(of);
      if (temporary >= 0) return [localGet(firstTemporary + temporary)];
      return [localGet(pointerOf(of)), v128Load()];
    },
    store: (of, value) => [localGet(pointerOf(of)), ...value, v128Store()],
    addTo: (of, value) => columns.store(of, add(columns.load(of), value)),
    number: (of) => [localGet(firstSplat + numbers.indexOf(of))],
    let: (of, value) => [...value, localSet(firstTemporary + temporaries.indexOf(of))],
  };
  const step = (local: number): Code[] => [
    ...[localGet(local), i32Const(16), i32Add, localSet(local)],
  ];
  const repeat = (local: number): Code[] => [
    ...[localGet(local), i32Const(1), i32Sub, localTee(local), branchIf(0)],
  ];
  const body = [
    ...numbers.flatMap((_, i) => [
      ...[localGet(firstNumber + i), f32x4Splat, localSet(firstSplat + i)],
    ]),
    loop(
      ...vectors.flatMap((_, i) => [
        ...[localGet(firstPointer + matrices.length + i), localSet(firstCursor + i)],
      ]),
      ...[localGet(quads), localSet(left)],
      loop(
        ...kernel.body(columns),
        ...matrices.flatMap((_, i) => step(firstPointer + i)),
        ...vectors.flatMap((_, i) => step(firstCursor + i)),
        ...repeat(left),
      ),
      ...repeat(rows),
    ),
  ];
  return {
    name,
    parameters: [...[I32, I32, ...pointers.map(() => I32)], ...numbers.map(() => F32)],
    locals: [
      [1 + vectors.length, I32],
      [numbers.length + temporaries.length, V128],
    ],
    body,
  };
}
