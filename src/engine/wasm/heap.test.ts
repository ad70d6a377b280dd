import { describe, expect, it } from 'vitest';
import { createHeap } from './heap';

describe('heap', () => {
  it('gives out blocks that do not overlap, aligned to 64 bytes', () => {
    const heap = createHeap(10, 1024);
    const a = heap.allocate(100);
    const b = heap.allocate(1);
    expect(a).toBe(64);
    expect(b).toBe(64 + 128);
    expect(heap.usedBytes()).toBe(128 + 64);
  });

  it('joins free neighbors, whatever the order in which they were freed', () => {
    const heap = createHeap(0, 64 * 6);
    const blocks = Array.from({ length: 6 }, () => heap.allocate(64));
    expect(heap.allocate(1)).toBeNull();
    for (const index of [1, 3, 2, 0, 5, 4]) heap.free(blocks[index] ?? -1);
    expect(heap.allocate(64 * 6)).toBe(0);
  });

  it('uses what a grown memory adds, joined to the free end', () => {
    const heap = createHeap(0, 128);
    heap.allocate(64);
    expect(heap.allocate(128)).toBeNull();
    heap.extend(256);
    expect(heap.allocate(192)).toBe(64);
  });

  it('ignores what it did not give out', () => {
    const heap = createHeap(0, 128);
    heap.free(64);
    expect(heap.usedBytes()).toBe(0);
    expect(heap.allocate(128)).toBe(0);
  });
});
