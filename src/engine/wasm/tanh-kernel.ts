/**
 * tanh of a whole array, four numbers at a time: the odd rational approximation of degree 13 by 6 that
 * Eigen uses (Eigen/src/Core/MathFunctionsImpl.h). Within 5e-7 of the exact value.
 */
import {
  branchIf,
  f32x4Add,
  f32x4Const,
  f32x4Div,
  f32x4Max,
  f32x4Min,
  f32x4Mul,
  I32,
  i32Add,
  i32Const,
  i32Sub,
  localGet,
  localSet,
  localTee,
  loop,
  V128,
  v128Load,
  v128Store,
  type Code,
  type WasmFunction,
} from './assembler';

/** Replaces `vectors` × 4 floats from byte address `at` on by their tanh. */
export type TanhFunction = (at: number, vectors: number) => void;

export const TANH = 'tanh';

/** Beyond it the approximation leaves [−1, 1], and tanh is ±1 in 32 bits. */
const LIMIT = 7.90531110763549805;

/** Coefficients of x¹³, x¹¹ … x¹ and of x⁶ … x⁰. */
const NUMERATOR = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
];
const DENOMINATOR = [
  1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3,
];

export function tanhFunction(): WasmFunction {
  const [at, vectors, x, square] = [0, 1, 2, 3];
  /** Horner's rule in x². */
  const polynomial = ([first = 0, ...rest]: number[]): Code[] => [
    f32x4Const(first),
    ...rest.flatMap((c) => [localGet(square), f32x4Mul, f32x4Const(c), f32x4Add]),
  ];
  const clamp = [f32x4Const(-LIMIT), f32x4Max, f32x4Const(LIMIT), f32x4Min];
  return {
    name: TANH,
    parameters: [I32, I32],
    locals: [[2, V128]],
    body: [
      loop(
        ...[localGet(at), localGet(at), v128Load(), ...clamp, localTee(x)],
        ...[localGet(x), f32x4Mul, localSet(square)],
        ...[localGet(x), ...polynomial(NUMERATOR), f32x4Mul],
        ...[...polynomial(DENOMINATOR), f32x4Div, v128Store()],
        ...[localGet(at), i32Const(16), i32Add, localSet(at)],
        ...[localGet(vectors), i32Const(1), i32Sub, localTee(vectors), branchIf(0)],
      ),
    ],
  };
}
