import { describe, expect, it } from 'vitest';
import { createFrameCache, latentKey } from './frame-cache';

const frame = (value: number) => new Uint8ClampedArray(100).fill(value);

describe('createFrameCache', () => {
  it('forgets what was not used for longest when its bytes are full', () => {
    const cache = createFrameCache(300);
    for (const key of ['a', 'b', 'c']) cache.set(key, frame(1));
    cache.get('a');
    cache.set('d', frame(4));
    expect(['a', 'b', 'c', 'd'].filter(cache.has)).toEqual(['a', 'c', 'd']);
    expect(cache.bytes).toBe(300);
    expect(cache.capacity(100)).toBe(3);
  });

  it('counts a replaced frame once, and never holds one beyond its budget', () => {
    const cache = createFrameCache(250);
    cache.set('a', frame(1));
    cache.set('a', frame(2));
    expect(cache.bytes).toBe(100);
    expect(cache.get('a')?.[0]).toBe(2);
    cache.set('huge', new Uint8ClampedArray(251));
    expect(cache.has('huge')).toBe(false);
    cache.clear();
    expect([cache.bytes, cache.has('a')]).toEqual([0, false]);
  });
});

describe('latentKey', () => {
  it('is equal for equal numbers, wherever they lie in memory', () => {
    const z = Float32Array.of(0.5, -1.25, 3);
    const inBatch = Float32Array.of(9, 0.5, -1.25, 3).subarray(1);
    expect(latentKey(inBatch)).toBe(latentKey(z));
  });

  it('differs for neighbouring frames and for permutations', () => {
    const keys = new Set<string>();
    for (let i = 0; i < 20_000; i++) keys.add(latentKey(Float32Array.of(i * 1e-6, 1, -1, i % 7)));
    expect(keys.size).toBe(20_000);
    expect(latentKey(Float32Array.of(1, 2))).not.toBe(latentKey(Float32Array.of(2, 1)));
  });
});
