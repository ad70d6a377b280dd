/**
 * Just enough of WebAssembly's binary format to write one module by hand. Instructions are arrays of
 * bytes; names are those of the text format. Spec: https://webassembly.github.io/spec/core/binary/
 */
export type Code = number[];

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** Unsigned LEB128. */
export function unsigned(value: number): Code {
  const bytes: Code = [];
  let rest = value;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
export function signed(value: number): Code {
  const bytes: Code = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
/** Alignment (log2 of bytes; a hint only) and offset of a memory access. */
const access = (align: number, offset: number): Code => [align, ...unsigned(offset)];

export const localGet = (index: number): Code => [0x20, ...unsigned(index)];
export const localSet = (index: number): Code => [0x21, ...unsigned(index)];
export const localTee = (index: number): Code => [0x22, ...unsigned(index)];
export const i32Const = (value: number): Code => [0x41, ...signed(value)];
export const i32Load = (offset = 0): Code => [0x28, ...access(2, offset)];
export const f32Load = (offset = 0): Code => [0x2a, ...access(2, offset)];
export const f32Store = (offset = 0): Code => [0x38, ...access(2, offset)];
export const i32Eqz: Code = [0x45];
export const i32Eq: Code = [0x46];
export const i32LtS: Code = [0x48];
export const i32GeS: Code = [0x4e];
export const i32Add: Code = [0x6a];
export const i32Sub: Code = [0x6b];
export const i32Mul: Code = [0x6c];
export const select: Code = [0x1b];
export const v128Load = (offset = 0): Code => [...simd(0x00), ...access(4, offset)];
export const v128Load32Splat = (offset = 0): Code => [...simd(0x09), ...access(2, offset)];
export const v128Store = (offset = 0): Code => [...simd(0x0b), ...access(4, offset)];
export const f32x4Splat: Code = simd(0x13);
/** A constant vector of four equal floats. */
export const f32x4Const = (value: number): Code => {
  const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
  return [...simd(0x0c), ...bytes];
};
export const f32x4Gt: Code = simd(0x44);
/** (a, b, mask): bits of a where the mask has ones, of b elsewhere. */
export const v128Bitselect: Code = simd(0x52);
export const f32x4Sqrt: Code = simd(0xe3);
export const f32x4Add: Code = simd(0xe4);
export const f32x4Sub: Code = simd(0xe5);
export const f32x4Mul: Code = simd(0xe6);
export const f32x4Div: Code = simd(0xe7);
export const f32x4Min: Code = simd(0xe8);
export const f32x4Max: Code = simd(0xe9);
/** a·b + c, rounded once or twice as the processor likes (relaxed SIMD). */
export const f32x4RelaxedMadd: Code = simd(0x105);

/** `block … end`; a branch to depth 0 leaves it. */
export const block = (...body: Code[]): Code => [0x02, 0x40, ...body.flat(), 0x0b];
/** `loop … end`; a branch to depth 0 repeats it. */
export const loop = (...body: Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0b];
export const branchIf = (depth: number): Code => [0x0d, ...unsigned(depth)];
export const ifElse = (then: Code[], otherwise: Code[]): Code => [
  0x04,
  0x40,
  ...then.flat(),
  0x05,
  ...otherwise.flat(),
  0x0b,
];

function vector(items: Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return vector([...value].map((character) => [character.charCodeAt(0)]));
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

export interface WasmFunction {
  name: string;
  parameters: number[];
  /** Runs of locals after the parameters: how many of which type. */
  locals: [count: number, type: number][];
  body: Code[];
}

/**
 * A module of exported functions without results, on a memory imported as `env.memory`,
 * shared and of at most `sharedPages` pages unless that is null.
 */
export function assembleModule(
  functions: WasmFunction[],
  sharedPages: number | null,
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map((type) => [type])),
    ...vector([]),
  ]);
  const limits = sharedPages === null ? [0, 0] : [3, 0, ...unsigned(sharedPages)];
  const memory = [...text('env'), ...text('memory'), 2, ...limits];
  const exports = functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]);
  const bodies = functions.map(({ locals, body }) => {
    const runs = vector(locals.map(([count, kind]) => [...unsigned(count), kind]));
    const code = [...runs, ...body.flat(), 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exports)),
    ...section(10, vector(bodies)),
  ]);
}
