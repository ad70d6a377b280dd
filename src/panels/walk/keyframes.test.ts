import { describe, expect, it } from 'vitest';
import { MAX_KEYFRAMES } from '../../session/params';
import { insertKeys, keyIds, moveKey, sampleRefs, segmentOf } from './keyframes';

describe('keyframe lists', () => {
  it('move one and leave the others in order', () => {
    expect(moveKey(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd']);
    expect(moveKey(['a', 'b', 'c', 'd'], 3, 0)).toEqual(['d', 'a', 'b', 'c']);
    expect(moveKey(['a', 'b'], 5, 0)).toEqual(['a', 'b']);
  });

  it('take in no more than the link can hold', () => {
    expect(insertKeys(['a', 'b'], ['x', 'y'], 1)).toEqual(['a', 'x', 'y', 'b']);
    const full = insertKeys(sampleRefs(1, 60), sampleRefs(2, 10));
    expect(full.length).toBe(MAX_KEYFRAMES);
  });

  it('tell equal keyframes apart', () => {
    const [a, b] = sampleRefs(3, 2);
    if (!a || !b) throw new Error('two were asked for');
    const ids = keyIds([a, b, a]);
    expect(new Set(ids).size).toBe(3);
    expect(keyIds([b, a])[0]).toBe(ids[1]);
  });
});

describe('segmentOf', () => {
  it('names the keyframes on both sides', () => {
    expect(segmentOf(0, 24, 5)).toEqual({ from: 1, to: 2, isKey: true });
    expect(segmentOf(25, 24, 5)).toEqual({ from: 2, to: 3, isKey: false });
    expect(segmentOf(100, 24, 5)).toEqual({ from: 5, to: 1, isKey: false });
  });
});
