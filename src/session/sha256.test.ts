import { createHash } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { sha256Hex, sha256HexPortable } from './sha256';

const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it('agrees with another implementation at every length around a block', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    expect(sha256HexPortable(bytes)).toBe(expected(bytes));
  }
});

it('reads only its part of a buffer', () => {
  const part = Uint8Array.from({ length: 300 }, (_, i) => i & 255).subarray(7, 201);
  expect(sha256HexPortable(part)).toBe(expected(part));
});

it('gives the same without crypto.subtle', async () => {
  const bytes = new TextEncoder().encode('abc');
  const native = await sha256Hex(bytes);
  vi.stubGlobal('crypto', {});
  expect(await sha256Hex(bytes)).toBe(native);
  vi.unstubAllGlobals();
  expect(native).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
