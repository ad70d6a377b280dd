import { describe, expect, it } from 'vitest';
import { chunkSize, drawnRanges, nearestDrawn, nextFrames } from './schedule';

const drawn = (...indices: number[]) => {
  const set = new Set(indices);
  return (index: number) => set.has(index);
};
const all = { count: 10, ahead: 10, behind: 10, loop: false };

describe('nextFrames', () => {
  it('starts at the playhead and goes on to the end', () => {
    expect(nextFrames({ ...all, playhead: 3, isDrawn: drawn() }, 4)).toEqual([3, 4, 5, 6]);
    expect(nextFrames({ ...all, playhead: 3, isDrawn: drawn(3, 4, 6) }, 4)).toEqual([5, 7, 8, 9]);
  });

  it('then fills what lies behind, nearest first', () => {
    const state = { ...all, playhead: 7, isDrawn: drawn(7, 8, 9, 6) };
    expect(nextFrames(state, 3)).toEqual([5, 4, 3]);
  });

  it('goes round the end of a loop, and asks for nothing twice', () => {
    const state = { ...all, loop: true, playhead: 8, isDrawn: drawn() };
    expect(nextFrames(state, 4)).toEqual([8, 9, 0, 1]);
    const everything = nextFrames(state, 100);
    expect(everything.length).toBe(10);
    expect(new Set(everything).size).toBe(10);
  });

  it('keeps within what the cache can hold, and works without an end', () => {
    const state = {
      count: Infinity,
      loop: false,
      playhead: 50,
      ahead: 5,
      behind: 2,
      isDrawn: drawn(),
    };
    expect(nextFrames(state, 100)).toEqual([50, 51, 52, 53, 54, 49, 48]);
  });

  it('is done when everything is drawn', () => {
    expect(nextFrames({ ...all, playhead: 0, isDrawn: () => true }, 8)).toEqual([]);
  });
});

describe('chunkSize', () => {
  it('asks a slow device for single frames and a fast one for many', () => {
    expect([null, 400, 60, 10, 1, 0].map(chunkSize)).toEqual([4, 1, 1, 8, 32, 32]);
  });
});

describe('drawnRanges', () => {
  it('joins neighbours', () => {
    expect(drawnRanges(drawn(0, 1, 2, 5, 7, 8), 0, 10)).toEqual([
      [0, 3],
      [5, 6],
      [7, 9],
    ]);
    expect(drawnRanges(drawn(), 0, 10)).toEqual([]);
  });
});

describe('nearestDrawn', () => {
  it('prefers the frame itself, then the nearer side', () => {
    expect(nearestDrawn(drawn(2, 5), 5, 10)).toBe(5);
    expect(nearestDrawn(drawn(2, 6), 5, 10)).toBe(6);
    expect(nearestDrawn(drawn(2), 9, 10)).toBe(2);
    expect(nearestDrawn(drawn(), 9, 10)).toBeNull();
  });
});
