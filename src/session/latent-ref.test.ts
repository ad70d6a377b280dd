import { expect, it } from 'vitest';
import { decodeFloats, encodeFloats } from './base64';
import { floatCodec, intCodec } from './codecs';
import { latentRefCodec, type LatentRef } from './latent-ref';

it('writes samples in a few characters', () => {
  const cases: [LatentRef, string][] = [
    [{ kind: 'sample', seed: 7, index: 3 }, 's7.3'],
    [{ kind: 'sample', seed: 7, index: 3, prior: 'uniform' }, 's7.3u'],
    [{ kind: 'sample', seed: 0, index: 0, prior: 'sphere', truncation: 0.7 }, 's0.0o@0.7'],
    [{ kind: 'sample', seed: 4294967295, index: 99, truncation: 1 }, 's4294967295.99@1'],
  ];
  for (const [ref, text] of cases) {
    expect(latentRefCodec.format(ref)).toBe(text);
    expect(latentRefCodec.parse(text)).toEqual(ref);
  }
});

it('refuses what is no sample', () => {
  for (const text of ['', 's', 's7', 's-1.2', 's4294967296.0', 's1.2x', 's1.2@1.5', 's1.2@', 'q']) {
    expect(latentRefCodec.parse(text)).toBeUndefined();
  }
});

it('carries exact latents to the last bit, as little-endian floats', () => {
  const z = Float32Array.from({ length: 100 }, (_, i) => Math.fround(Math.sin(i * i) * 3));
  const text = latentRefCodec.format({ kind: 'exact', z });
  expect(text).toMatch(/^z[A-Za-z0-9_-]+$/);
  expect(latentRefCodec.parse(text)).toEqual({ kind: 'exact', z });
  expect(encodeFloats(Float32Array.of(1))).toBe('AACAPw');
});

it('refuses broken and non-finite floats', () => {
  for (const text of ['', 'A', 'AAAA', '!!!!', 'AADAfw', 'AACAfw']) {
    expect(decodeFloats(text)).toBeUndefined();
  }
});

it('keeps numbers within their range', () => {
  expect(intCodec(4, 100).parse('3')).toBeUndefined();
  expect(intCodec(4, 100).parse('4.5')).toBeUndefined();
  expect(intCodec(-5, 5).parse('-5')).toBe(-5);
  expect(floatCodec(0, 2).parse('1e1')).toBeUndefined();
  expect(floatCodec(0, 2).parse('NaN')).toBeUndefined();
  expect(floatCodec(0, 2).format(0.1 + 0.2)).toBe('0.3');
});
