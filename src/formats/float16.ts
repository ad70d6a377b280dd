// IEEE 754 half precision, and its cousin bfloat16. Conversions work on bit patterns, because not every
// browser that we support has Float16Array.

/** Bit patterns of the 32-bit floats that all 65,536 halves stand for; made on first use. */
let table: Uint32Array | undefined;

/** The 32-bit float (as bits) that a half (as bits) stands for: always exact. NaNs keep their payload. */
function expandHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 31) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
  // Subnormal halves are normal floats: shift until the leading one is the implicit one.
  if (fraction === 0) return sign >>> 0;
  const shift = Math.clz32(fraction) - 21;
  return (sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)) >>> 0;
}

/** Halves as 32-bit floats. Exact. */
export function decodeFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const known = (table ??= Uint32Array.from({ length: 65536 }, (_, half) => expandHalf(half)));
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = known[halves[i]!]!;
  return new Float32Array(bits.buffer);
}

/** Bfloat16 is the upper half of a 32-bit float. Exact. */
export function decodeBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i]! << 16) >>> 0;
  return new Float32Array(bits.buffer);
}

/**
 * 32-bit floats as the nearest halves, ties to even; from 65,520 on (in magnitude) to infinity. NaN stays NaN.
 */
export function encodeFloat16(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < bits.length; i++) halves[i] = roundToHalf(bits[i]!, Math.abs(floats[i]!));
  return halves;
}

function roundToHalf(bits: number, magnitude: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const absolute = bits & 0x7fffffff;
  if (absolute > 0x7f800000) return sign | 0x7e00 | ((absolute >> 13) & 0x1ff);
  if (absolute >= 0x47800000) return sign | 0x7c00;
  if (absolute < 0x38800000) {
    // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴; doubles near 2⁵² have no fraction left, so adding it rounds to even.
    return sign | (magnitude * 2 ** 24 + 2 ** 52 - 2 ** 52);
  }
  const rebiased = absolute - 0x38000000;
  // Just under one half of the last kept bit, plus that bit: ties go to even; a carry may reach infinity.
  return sign | ((rebiased + 0xfff + ((rebiased >> 13) & 1)) >> 13);
}
