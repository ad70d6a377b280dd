// Counter-based random numbers: number `index` of a stream is a function of (seed, stream, index) alone,
// so sample i is the same however many are drawn, and nothing keeps a state.
//
// Philox4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
// as 1, 2, 3" (SC 2011), https://doi.org/10.1145/2063384.2063405; passes TestU01's BigCrush.

type Words4 = [number, number, number, number];

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** The golden ratio and √3 − 1 as fractions of 2³²: what the key grows by from round to round. */
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** Philox4x32-10: four unsigned 32-bit words out of a counter of four and a key of two. */
export function philox4x32(counter: Readonly<Words4>, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highProduct(MULTIPLIER_0, c0);
    const high1 = highProduct(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The block of four words in which number `index` lies. */
function blockOf(seed: number, stream: number, index: number, lane: number): Words4 {
  const block = Math.floor(index / 4);
  const counter: Words4 = [block >>> 0, Math.floor(block / 2 ** 32), stream >>> 0, lane >>> 0];
  return philox4x32(counter, [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]);
}

/** A word as a fraction in (0, 1), open at both ends. */
function fraction(word: number): number {
  return (word + 0.5) / 2 ** 32;
}

/**
 * Number `index` of U(0, 1), ends excluded, in steps of 2⁻³². `seed` and `index` are whole numbers from 0
 * to 2⁵³ − 1, `stream` (what the numbers are for) and `lane` (further draws for the same index) from 0 to
 * 2³² − 1. A stream serves either uniform or normal numbers: both come from the same words.
 */
export function uniform(seed: number, stream: number, index: number, lane = 0): number {
  return fraction(blockOf(seed, stream, index, lane)[index % 4]!);
}

/**
 * Number `index` of N(0, 1), |x| ≤ 6.8, by Box and Muller's transform: each two words of a block make two
 * numbers. Arguments as for `uniform`. Engines may differ in the last bits of log, sin and cos.
 */
export function normal(seed: number, stream: number, index: number, lane = 0): number {
  return boxMuller(blockOf(seed, stream, index, lane), index % 4);
}

/** Fills `out` with `normal(seed, stream, start + i, lane)`: four numbers from each block of words. */
export function fillNormal(
  out: Float32Array,
  seed: number,
  stream: number,
  start = 0,
  lane = 0,
): Float32Array {
  for (let at = 0; at < out.length;) {
    const index = start + at;
    const words = blockOf(seed, stream, index, lane);
    for (let i = index % 4; i < 4 && at < out.length; i++) out[at++] = boxMuller(words, i);
  }
  return out;
}

/** Number 0 to 3 of a block as a normal one. */
function boxMuller(words: Words4, index: number): number {
  const pair = index < 2 ? 0 : 2;
  const radius = Math.sqrt(-2 * Math.log(fraction(words[pair])));
  const angle = 2 * Math.PI * fraction(words[pair + 1]!);
  return radius * (index % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
}
