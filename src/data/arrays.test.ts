import { describe, expect, it } from 'vitest';
import { caughtAppError } from '../lib/testing';
import { arrayReader, describeArray } from './arrays';
import { mayBeCifar, readCifar } from './cifar';
import { readIdx } from './idx';
import { idxFile } from './testing';

const counted = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

describe('IDX', () => {
  it('reads grey pictures', () => {
    const array = readIdx(idxFile([3, 2, 4], counted(24)));
    expect(array).toMatchObject({ count: 3, height: 2, width: 4, channels: 1 });
    expect([...array.pixels(1)]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect(describeArray(array)).toBe('IDX, 4×2, grey');
  });

  it('reads colour with channels last or as planes', () => {
    const last = readIdx(idxFile([2, 1, 2, 3], counted(12)));
    expect([...last.pixels(1)]).toEqual([6, 7, 8, 9, 10, 11]);
    const planes = readIdx(idxFile([2, 3, 1, 2], counted(12)));
    expect(planes).toMatchObject({ height: 1, width: 2, channels: 3 });
    expect([...planes.pixels(1)]).toEqual([6, 8, 10, 7, 9, 11]);
  });

  it.each([
    ['labels', idxFile([5], counted(5)), 'unsupported', /labels/],
    ['too many axes', idxFile([1, 2, 2, 2, 2], counted(16)), 'unsupported', /5 axes/],
    ['floats', Uint8Array.of(0, 0, 0x0d, 3), 'unsupported', /other numbers/],
    ['no lengths', Uint8Array.of(0, 0, 8, 3, 0, 0), 'truncated', /lengths/],
    ['too short', idxFile([3, 2, 4], counted(23)), 'truncated', /24 bytes/],
    ['too long', idxFile([3, 2, 4], counted(25)), 'damaged', /25 bytes/],
    ['none', idxFile([0, 28, 28], counted(0)), 'damaged', /no pictures/],
    ['flat', idxFile([4, 0, 28], counted(0)), 'damaged', /28×0/],
    ['wide', idxFile([1, 1, 5000], counted(5000)), 'damaged', /5000×1/],
    [
      'hostile',
      idxFile([0xffffffff, 0xffffffff, 0xffffffff], counted(9)),
      'truncated',
      /4294967295/,
    ],
  ])('refuses one with %s', (_, bytes, code, says) => {
    const error = caughtAppError(() => readIdx(bytes));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
  });

  it('frames 28×28 on black by 2 pixels, and nothing else', () => {
    const digit = new Uint8Array(784).fill(0);
    digit[14 * 28 + 14] = 255;
    const framed = arrayReader(readIdx(idxFile([1, 28, 28], digit)))(0);
    expect([framed.width, framed.height]).toEqual([32, 32]);
    expect(framed.read(16, 16, 1, 1)[0]).toBe(255);
    const light = arrayReader(readIdx(idxFile([1, 28, 28], new Uint8Array(784).fill(200))))(0);
    expect([light.width, light.height]).toEqual([28, 28]);
  });
});

describe('CIFAR', () => {
  function batch(rows: number, labels: readonly number[]): Uint8Array {
    const row = 3072 + labels.length;
    const bytes = counted(rows * row);
    for (let at = 0; at < bytes.length; at += row) bytes.set(labels, at);
    return bytes;
  }

  it('reads rows of a label and three planes', () => {
    const bytes = batch(2, [9]);
    const array = readCifar(bytes)!;
    expect(array).toMatchObject({ count: 2, height: 32, width: 32, channels: 3 });
    const second = bytes.subarray(3074);
    expect([...array.pixels(1).subarray(0, 3)]).toEqual([second[0], second[1024], second[2048]]);
    expect(describeArray(array)).toBe('CIFAR-10, 32×32, color');
  });

  it('reads rows of two labels', () => {
    const bytes = batch(3, [19, 99]);
    const array = readCifar(bytes)!;
    expect(array).toMatchObject({ count: 3, title: 'CIFAR-100' });
    const third = bytes.subarray(2 * 3074 + 2);
    expect([...array.pixels(2).subarray(3, 6)]).toEqual([third[1], third[1025], third[2049]]);
  });

  it('is told from anything else by size and labels', () => {
    expect(readCifar(batch(2, [10]))).toBeNull();
    expect(readCifar(batch(2, [20, 0]))).toBeNull();
    expect(readCifar(batch(2, [1]).subarray(1))).toBeNull();
    expect(readCifar(new Uint8Array(0))).toBeNull();
    expect([0, 3072, 3073, 3074, 6146].map(mayBeCifar)).toEqual([false, false, true, true, true]);
  });
});
