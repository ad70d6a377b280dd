import { describe, expect, it } from 'vitest';
import { formatWalk, keyframeToJson, parseWalk } from './json';

const z = Float32Array.from({ length: 100 }, (_, i) => Math.sin(i * 1.7) * 2.3);

const walk = () => ({
  model: { id: 'faces-64', title: 'Faces', modelHash: 'ab'.repeat(32) },
  keyframes: [
    keyframeToJson(z, 'seed 7, 3', 's7.3'),
    keyframeToJson(
      z.map((x) => -x),
      'other',
    ),
  ],
  settings: {
    interpolation: 'slerp' as const,
    closed: true,
    easing: 'linear' as const,
    framesPerSegment: 24,
    framesPerSecond: 30,
    position: 17,
  },
});

describe('walk files', () => {
  it('give back every float exactly', () => {
    const read = parseWalk(formatWalk(walk()), 'walk.json');
    expect(Float32Array.from(read.keyframes[0]?.z ?? [])).toEqual(z);
    expect(read).toEqual({ v: 1, kind: 'latentarium-walk', ...walk() });
  });

  it('carry the mask that the pictures were drawn with', () => {
    const units = { 'main.3': { '7': 0, '12': 0.5 } };
    expect(parseWalk(formatWalk({ ...walk(), units }), 'walk.json').units).toEqual(units);
    expect(parseWalk(formatWalk(walk()), 'walk.json').units).toBeUndefined();
  });

  it.each([
    ['{', 'walk-file', 'JSON'],
    ['{}', 'walk-file', 'v'],
    [formatWalk({ ...walk(), keyframes: [] }), 'walk-file', 'keyframes'],
    [formatWalk(walk()).replace('slerp', 'teleport'), 'walk-file', 'interpolation'],
    [
      formatWalk({ ...walk(), keyframes: [...walk().keyframes, { z: [1], label: '' }] }),
      'walk-file',
      'keyframe 3 has 1 numbers',
    ],
  ])('say what is wrong: %#', (text, code, words) => {
    expect(() => parseWalk(text, 'mine.json')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) as string }),
    );
  });
});
