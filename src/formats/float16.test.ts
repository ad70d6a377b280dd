import { describe, expect, it } from 'vitest';
import { decodeBfloat16, decodeFloat16, encodeFloat16 } from './float16';

const all = Uint16Array.from({ length: 65536 }, (_, half) => half);
const decoded = decodeFloat16(all);

/** The value of a half as IEEE 754 defines it. */
function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = (half & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction) * 2 ** (exponent - 15) : fraction * 2 ** -14);
}

describe('half precision', () => {
  it('decodes all 65,536 halves to their values', () => {
    const wrong = all.filter((half) => !Object.is(decoded[half], Math.fround(valueOf(half))));
    expect(Array.from(wrong)).toEqual([]);
  });

  it('encodes all of them back; NaN stays NaN', () => {
    const back = encodeFloat16(decoded);
    const isNaNHalf = (half: number) => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
    const wrong = all.filter((half) =>
      isNaNHalf(half) ? !isNaNHalf(back[half]!) : back[half] !== half,
    );
    expect(Array.from(wrong)).toEqual([]);
  });

  it('rounds to the nearest half, ties to even, between every two neighbours', () => {
    const finite = Array.from({ length: 0x7bff }, (_, half) => half);
    const low: number[] = [];
    const middle: number[] = [];
    const high: number[] = [];
    for (const half of finite) {
      const a = valueOf(half);
      const b = valueOf(half + 1);
      // A quarter of the step is exact in 32 bits: halves have 11 significant bits, floats 24.
      low.push(a + (b - a) / 4);
      middle.push(a + (b - a) / 2);
      high.push(a + (3 * (b - a)) / 4);
    }
    const encoded = (values: number[]) => Array.from(encodeFloat16(Float32Array.from(values)));
    expect(encoded(low)).toEqual(finite);
    expect(encoded(high)).toEqual(finite.map((half) => half + 1));
    expect(encoded(middle)).toEqual(finite.map((half) => half + (half & 1)));
    const negative = encoded(low.map((x) => -x));
    expect(negative).toEqual(finite.map((half) => half | 0x8000));
  });

  it('goes to infinity from 65,520 on and to zero from 2⁻²⁵ down', () => {
    const values = [65519.996, 65520, 1e38, Infinity, -65520, 2 ** -25, -(2 ** -25), 2.1 ** -25];
    const expected = [0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00, 0, 0x8000, 0];
    expect(Array.from(encodeFloat16(Float32Array.from(values)))).toEqual(expected);
    expect(encodeFloat16(Float32Array.of(2 ** -25 * 1.0001))[0]).toBe(1);
  });

  it('reads a view that does not begin at its buffer', () => {
    expect(encodeFloat16(Float32Array.of(9, 1, 2).subarray(1))).toEqual(
      Uint16Array.of(0x3c00, 0x4000),
    );
  });
});

describe('bfloat16', () => {
  it('is the upper half of a float', () => {
    const values = decodeBfloat16(Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x0001, 0x8000));
    expect(Array.from(values)).toEqual([1, -3, Infinity, 2 ** -133, -0]);
  });
});
