import { describe, expect, it } from 'vitest';
import { norm } from '../../core/latent';
import type { Look } from './film';
import { sampleRefs } from './keyframes';
import { shellBand, walkNorms } from './norms';
import {
  describeFrame,
  mainTrack,
  resolveKeyframes,
  stripRows,
  walkScene,
  type WalkSettings,
} from './walk';

const look: Look = {
  prefix: 'm',
  width: 64,
  height: 64,
  units: {},
  render: () => Promise.reject(new Error()),
};

const settings: WalkSettings = {
  kind: 'keys',
  interpolation: 'lerp',
  closed: false,
  easing: 'linear',
  framesPerSegment: 24,
  endlessSeed: 1,
  compare: false,
};

const sampling = { size: 100, prior: 'normal', truncation: 1 } as const;

const keyframes = resolveKeyframes(sampleRefs(7, 5), sampling, () => null);

describe('resolveKeyframes', () => {
  it('leaves out what belongs to a model with another z, and asks the shelf for names', () => {
    const z = new Float32Array(100).fill(1);
    const resolved = resolveKeyframes(
      [{ kind: 'exact', z }, { kind: 'exact', z: new Float32Array(64) }, ...sampleRefs(1, 1)],
      sampling,
      (latent) => (latent === z ? 'the old man' : null),
    );
    expect(resolved.map(({ label }) => label)).toEqual(['the old man', 'Seed 1, no. 1']);
  });
});

describe('walkScene', () => {
  it('passes through every keyframe', () => {
    const scene = walkScene(look, keyframes, settings, sampling);
    expect(scene?.count).toBe(97);
    keyframes.forEach(({ z }, i) => {
      const reached = scene?.tracks[0]?.latent(i * 24) ?? new Float32Array();
      z.forEach((value, k) => expect(reached[k]).toBeCloseTo(value, 5));
    });
  });

  it('loops, compares, and has no end where none is wanted', () => {
    expect(walkScene(look, keyframes, { ...settings, closed: true }, sampling)).toMatchObject({
      count: 120,
      loop: true,
    });
    const compare = { ...settings, compare: true, interpolation: 'slerp' as const };
    expect(walkScene(look, keyframes, compare, sampling)?.tracks.length).toBe(2);
    expect([mainTrack(settings), mainTrack(compare)]).toEqual([0, 1]);
    const endless = walkScene(look, [], { ...settings, kind: 'endless' }, sampling);
    expect(endless?.count).toBe(Infinity);
    expect(endless?.tracks[0]?.latent(1000)).toEqual(endless?.tracks[0]?.latent(1000));
    expect(walkScene(look, [], settings, sampling)).toBeNull();
  });
});

describe('walkNorms', () => {
  it('shows the dip of straight lines and the even length of great circles', () => {
    const { lerp, slerp, segments } = walkNorms(keyframes, settings);
    const band = shellBand('normal', 100);
    expect(segments).toBe(4);
    expect(lerp.length).toBe(slerp.length);
    expect(Math.min(...lerp)).toBeLessThan(band.low - 0.5);
    expect(Math.min(...slerp)).toBeGreaterThan(band.low - 1);
    expect(lerp[0]).toBeCloseTo(norm(keyframes[0]?.z ?? new Float32Array()), 5);
  });
});

describe('stripRows', () => {
  it('is a row a pair, from keyframe to keyframe', () => {
    const rows = stripRows(keyframes, settings, 9);
    expect(rows.map(({ from, to }) => [from, to])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
    expect(rows[0]?.latents.length).toBe(9);
    expect(rows[0]?.latents[8]).toEqual(keyframes[1]?.z);
    expect(stripRows(keyframes, { ...settings, closed: true }, 5).at(-1)).toMatchObject({
      from: 5,
      to: 1,
    });
    expect(stripRows(keyframes.slice(0, 1), settings, 5)).toEqual([]);
  });
});

it('says where a frame lies', () => {
  expect(describeFrame(30, 97, 5, settings)).toBe('Frame 31 of 97, 2 → 3');
  expect(describeFrame(96, 97, 5, settings)).toBe('Frame 97 of 97, keyframe 5');
  expect(describeFrame(3, Infinity, 5, { ...settings, kind: 'endless' })).toBe('Frame 3');
});
