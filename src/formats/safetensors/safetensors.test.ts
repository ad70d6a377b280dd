import { describe, expect, it } from 'vitest';
import { AppError } from '../../lib/errors';
import { caughtAppError } from '../../lib/testing';
import { MAX_FILE_BYTES, openSafetensors, safetensors } from './read';
import { writeSafetensors } from './write';

/** A file of this header (an object, or text as it is) and these data bytes. */
function file(header: unknown, data: ArrayLike<number> = [], length?: number): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const opened = (bytes: Uint8Array) => openSafetensors(bytes);
const failure = (bytes: Uint8Array) => caughtAppError(() => opened(bytes));
const bytesOf = (array: ArrayBufferView) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('reading', () => {
  it.each([
    ['F32', Float32Array.of(1.5, -2), [1.5, -2]],
    ['F64', Float64Array.of(0.1, -2), [Math.fround(0.1), -2]],
    ['F16', Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ['BF16', Uint16Array.of(0x3f80, 0xc000), [1, -2]],
    ['I64', BigInt64Array.of(5n, -7n), [5, -7]],
    ['U64', BigUint64Array.of(5n, 2n ** 40n), [5, 2 ** 40]],
    ['I32', Int32Array.of(5, -7), [5, -7]],
    ['U32', Uint32Array.of(5, 4e9), [5, 4e9]],
    ['I16', Int16Array.of(5, -7), [5, -7]],
    ['U16', Uint16Array.of(5, 65535), [5, 65535]],
    ['I8', Int8Array.of(5, -7), [5, -7]],
    ['U8', Uint8Array.of(5, 255), [5, 255]],
    ['BOOL', Uint8Array.of(0, 1), [0, 1]],
  ] as const)('%s', (dtype, array, expected) => {
    const bytes = file({ t: entry(dtype, [2], 0, array.byteLength) }, bytesOf(array));
    const tensor = opened(bytes).arrays.get('t');
    expect(tensor?.dtype).toBe(dtype);
    expect(Array.from(tensor?.toFloat32() ?? [])).toEqual(expected);
  });

  it('reads scalars, empty tensors, padding, metadata and tensors out of order', () => {
    const header = {
      __metadata__: { spec: '{}', other: 'text' },
      b: entry('U8', [2, 1], 1, 3),
      empty: entry('F32', [0, 5], 1, 1),
      scalar: entry('U8', [], 0, 1),
    };
    const { arrays, metadata } = opened(file(`${JSON.stringify(header)}     `, [7, 8, 9]));
    expect([...arrays.keys()]).toEqual(['b', 'empty', 'scalar']);
    expect(arrays.get('b')?.toFloat32()).toEqual(Float32Array.of(8, 9));
    expect(arrays.get('scalar')?.toFloat32()).toEqual(Float32Array.of(7));
    expect(arrays.get('empty')?.toFloat32()).toEqual(new Float32Array(0));
    expect(metadata.get('other')).toBe('text');
  });

  it('reads unaligned tensors, and bytes that do not begin at their buffer', () => {
    const header = { a: entry('U8', [1], 0, 1), b: entry('F32', [1], 1, 5) };
    const bytes = file(header, [9, ...bytesOf(Float32Array.of(2.5))]);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const { arrays } = opened(shifted.subarray(3));
    expect(arrays.get('b')?.toFloat32()).toEqual(Float32Array.of(2.5));
  });

  it('keeps names that JavaScript treats specially', () => {
    const bytes = file('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', [4]);
    expect(opened(bytes).arrays.get('__proto__')?.toFloat32()).toEqual(Float32Array.of(4));
  });
});

describe('what is refused', () => {
  const one = { t: entry('F32', [2], 0, 8) };
  const data = new Uint8Array(8);
  const tooLarge = Object.defineProperty(new Uint8Array(0), 'byteLength', {
    value: MAX_FILE_BYTES + 1,
  });
  it.each([
    ['too-large', tooLarge, String(MAX_FILE_BYTES + 1)],
    ['truncated', new Uint8Array(7), '7 bytes'],
    ['truncated', file(one, data, 5000), '5000'],
    ['truncated', file(one, data.subarray(3)), "'t' goes up to byte 8"],
    ['header-length', file(one, data, 1), '1 bytes'],
    ['header-length', file(one, data, 2 ** 40), String(2 ** 40)],
    ['header-encoding', file('{"\u0000').fill(0xff, 9), 'UTF-8'],
    ['header-json', file('{"t":'), 'not JSON'],
    ['header-json', file('[1,2]'), 'object'],
    ['header-json', file('{"unterminated'), 'not JSON'],
    ['header-depth', file(`{"t":${'['.repeat(20)}${']'.repeat(20)}}`), '8 levels'],
    ['duplicate-name', file('{"a":1,"\\u0061":2}'), "'a'"],
    ['duplicate-name', file('{"t":{"dtype":"F32","dtype" : "U8"}}'), "'dtype'"],
    ['metadata', file({ __metadata__: { step: 5 } }), "'step'"],
    ['metadata', file({ __metadata__: [] }), 'object'],
    ['entry', file({ t: 5 }), "'t'"],
    ['offsets', file({ t: { dtype: 'F32', shape: [2] } }), 'missing'],
    ['offsets', file({ t: entry('F32', [2], 8, 0) }), '[8,0]'],
    ['offsets', file({ t: entry('F32', [2], -8, 0) }), '[-8,0]'],
    ['offsets', file({ t: { ...one.t, data_offsets: [0, 8, 9] } }), '[0,8,9]'],
    ['shape', file({ t: { ...one.t, shape: [1.5] } }), '[1.5]'],
    ['shape', file({ t: { ...one.t, shape: 'x' } }), 'x'],
    ['dtype', file({ t: entry('F8_E4M3', [8], 0, 8) }, data), 'F8_E4M3'],
    ['dtype', file({ t: entry('toString', [8], 0, 8) }, data), 'toString'],
    ['size', file({ t: entry('F32', [3], 0, 8) }, data), 'needs 12 bytes, but has 8 (0 to 8)'],
    ['size', file({ t: entry('F32', [2 ** 50, 2 ** 50], 0, 8) }, data), '[1125899906842624, '],
    [
      'overlap',
      file({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 2, 6) }, data),
      "'b' begins at byte 2, inside 'a', which ends at 4",
    ],
    ['gap', file({ a: entry('F32', [1], 2, 6) }, data), 'Bytes 0 to 2'],
    ['gap', file({ a: entry('F32', [1], 0, 4) }, data), 'last 4 bytes'],
  ])('%s (%#)', (code, bytes, text) => {
    const error = failure(bytes);
    expect(error.code).toBe(`safetensors-${code}`);
    expect(error.message).toContain(text);
    expect(error.hint).not.toBe('');
  });

  it('does not repeat absurdly long names in full', () => {
    const bytes = file({ ['x'.repeat(1e6)]: 5 });
    expect(failure(bytes).message.length).toBeLessThan(300);
  });

  it('scans a hostile header in linear time', () => {
    const started = performance.now();
    expect(failure(file(`{"${'\\"'.repeat(4e6)}`)).code).toBe('safetensors-header-json');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('writing', () => {
  const tensors = [
    { name: '7', dtype: 'F16', shape: [3], data: Float32Array.of(1, -2, 0.5) },
    { name: 'b.ü"', dtype: 'F32', shape: [2, 1], data: Float32Array.of(Math.PI, NaN) },
    { name: '1', dtype: 'F32', shape: [], data: Float32Array.of(7) },
  ] as const;

  it('writes what is read back, aligned', () => {
    const bytes = writeSafetensors(tensors, { spec: '{"v":1}' });
    const { arrays, metadata } = opened(bytes);
    expect([...metadata]).toEqual([['spec', '{"v":1}']]);
    for (const { name, dtype, shape, data } of tensors) {
      expect(arrays.get(name)).toMatchObject({ dtype, shape });
      expect(arrays.get(name)?.toFloat32()).toEqual(data);
    }
    const headerBytes = new DataView(bytes.buffer).getUint32(0, true);
    expect(headerBytes % 8).toBe(0);
    // F32 before F16: 3 floats, then 3 halves.
    expect(bytes.length).toBe(8 + headerBytes + 12 + 6);
  });

  it('writes a file without tensors', () => {
    expect(opened(writeSafetensors([])).arrays.size).toBe(0);
  });

  it('refuses what could not be read back', () => {
    const [a] = tensors;
    const written = (list: Parameters<typeof writeSafetensors>[0]) =>
      caughtAppError(() => writeSafetensors(list)).code;
    expect(written([a, a])).toBe('safetensors-duplicate-name');
    expect(written([{ ...a, name: '__metadata__' }])).toBe('safetensors-duplicate-name');
    expect(written([{ ...a, shape: [4] }])).toBe('safetensors-size');
    expect(written([{ ...a, data: Float32Array.of(0, 70000, 0) }])).toBe('safetensors-overflow');
  });
});

describe('match', () => {
  it('knows its files by their start or their name', () => {
    const bytes = writeSafetensors([]);
    expect(safetensors.match(bytes, 'blob')).toBe(true);
    expect(safetensors.match(new Uint8Array(0), 'a.SafeTensors')).toBe(true);
    expect(safetensors.match(new TextEncoder().encode('<!doctype html>'), 'x.html')).toBe(false);
    expect(safetensors.match(new TextEncoder().encode('PK\x03\x04 and so on'), 'x.zip')).toBe(
      false,
    );
  });
});

describe('damaged files', () => {
  const good = writeSafetensors(
    [
      { name: 'a', dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      { name: 'b', dtype: 'F16', shape: [3], data: Float32Array.of(1, 2, 3) },
    ],
    { spec: '{}' },
  );

  /** Opens and converts everything; anything but an AppError passes through and fails the test. */
  function survives(bytes: Uint8Array): boolean {
    try {
      for (const array of opened(bytes).arrays.values()) array.toFloat32();
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  it('refuses every truncation with an AppError', () => {
    for (let length = 0; length < good.length; length++) {
      expect(survives(good.slice(0, length))).toBe(false);
    }
    expect(survives(Uint8Array.of(...good, 0))).toBe(false);
  });

  it('never throws anything else, whatever byte is flipped', () => {
    for (let at = 0; at < good.length; at++) {
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const bytes = good.slice();
        bytes[at]! ^= flip;
        survives(bytes);
      }
    }
  });

  it('nor when pieces of it are shuffled', () => {
    let state = 1;
    const random = (below: number) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    for (let round = 0; round < 2000; round++) {
      const bytes = good.slice();
      bytes.copyWithin(random(good.length), random(good.length), random(good.length));
      survives(bytes);
    }
  });
});
