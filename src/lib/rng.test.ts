import { describe, expect, it } from 'vitest';
import { fillNormal, normal, philox4x32, uniform } from './rng';

describe('philox4x32', () => {
  // The three lines "philox4x32 10" of tests/kat_vectors in the authors' library Random123.
  it.each([
    [
      '00000000 00000000 00000000 00000000 00000000 00000000',
      '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
    ],
    [
      'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff',
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0',
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('gives the published words for %s', (input, expected) => {
    const [c0, c1, c2, c3, k0, k1] = input.split(' ').map((word) => parseInt(word, 16)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const words = philox4x32([c0, c1, c2, c3], [k0, k1]);
    expect(words.map((word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(expected);
  });
});

/** The first four standardised moments of n numbers. */
function moments(n: number, draw: (index: number) => number) {
  const values = Array.from({ length: n }, (_, i) => draw(i));
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const central = (power: number) => values.reduce((sum, x) => sum + (x - mean) ** power, 0) / n;
  const sd = Math.sqrt(central(2));
  return { mean, sd, skew: central(3) / sd ** 3, kurtosis: central(4) / sd ** 4 };
}

const n = 40_000;

describe('uniform', () => {
  it('has the moments of U(0, 1) and stays inside', () => {
    const { mean, sd, skew, kurtosis } = moments(n, (i) => uniform(1, 0, i));
    expect(mean).toBeCloseTo(0.5, 2);
    expect(sd).toBeCloseTo(Math.sqrt(1 / 12), 2);
    expect(skew).toBeCloseTo(0, 1);
    expect(kurtosis).toBeCloseTo(1.8, 1);
  });

  it('differs between seeds, streams, indices and lanes, also far ones', () => {
    const values = [
      uniform(0, 0, 0),
      uniform(1, 0, 0),
      uniform(2 ** 32, 0, 0),
      uniform(2 ** 53 - 1, 0, 0),
      uniform(0, 1, 0),
      uniform(0, 2 ** 32 - 1, 0),
      uniform(0, 0, 1),
      uniform(0, 0, 2 ** 34),
      uniform(0, 0, 2 ** 53 - 1),
      uniform(0, 0, 0, 1),
    ];
    expect(new Set(values).size).toBe(values.length);
    expect(uniform(1, 2, 3, 4)).toBe(uniform(1, 2, 3, 4));
  });
});

describe('normal', () => {
  it('has the moments of N(0, 1)', () => {
    const { mean, sd, skew, kurtosis } = moments(n, (i) => normal(7, 3, i));
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(sd).toBeCloseTo(1, 1);
    expect(Math.abs(skew)).toBeLessThan(0.05);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.15);
  });

  it('has uncorrelated neighbours, seeds and streams', () => {
    const correlation = (other: (i: number) => number) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += normal(1, 0, i) * other(i);
      return Math.abs(sum / n);
    };
    for (let shift = 1; shift <= 4; shift++) {
      expect(correlation((i) => normal(1, 0, i + shift))).toBeLessThan(0.02);
    }
    expect(correlation((i) => normal(2, 0, i))).toBeLessThan(0.02);
    expect(correlation((i) => normal(1, 1, i))).toBeLessThan(0.02);
  });

  it('keeps its numbers: links depend on them', () => {
    const first = [0, 1, 2, 3, 4].map((i) => normal(1, 0, i).toFixed(6));
    expect(first).toMatchInlineSnapshot(`
      [
        "0.380401",
        "-0.296278",
        "-0.249233",
        "-1.003837",
        "0.626948",
      ]
    `);
  });
});

describe('fillNormal', () => {
  it.each([0, 1, 2, 3, 4, 2 ** 34 + 3])('gives the numbers of normal from %i on', (start) => {
    const filled = fillNormal(new Float32Array(11), 5, 6, start, 7);
    const singly = Float32Array.from({ length: 11 }, (_, i) => normal(5, 6, start + i, 7));
    expect(filled).toEqual(singly);
  });
});
