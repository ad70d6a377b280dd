import { describe, expect, it } from 'vitest';
import { caughtAppError } from '../lib/testing';
import { parseModelSpec } from './schema';
import { convolution, tinyGeneratorSpec } from './testing';

const caught = (json: string) => caughtAppError(() => parseModelSpec(json));

/** The tiny generator's JSON with one field replaced, by path. */
function changed(path: (string | number)[], value: unknown): string {
  const spec = structuredClone(tinyGeneratorSpec()) as unknown as Record<string, unknown>;
  let at = spec;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path[path.length - 1] as string] = value;
  return JSON.stringify(spec);
}

const image = { height: 8, width: 8, channels: 3, range: [-1, 1] };

describe('parseModelSpec', () => {
  it('reads generators, discriminators and judges', () => {
    const generator = tinyGeneratorSpec();
    const judge = {
      v: 1,
      role: 'judge',
      input: image,
      outputs: [
        { name: 'smile', kind: 'probability' },
        { name: 'yawDegrees', kind: 'degrees', scale: 45 },
      ],
      layers: [convolution('a', 2)],
    };
    const discriminator = { v: 1, role: 'discriminator', input: image, layers: judge.layers };
    for (const spec of [generator, judge, discriminator]) {
      expect(parseModelSpec(JSON.stringify(spec))).toEqual(spec);
    }
  });

  it('says where text is no JSON', () => {
    expect(caught('{"v": 1,').code).toBe('spec-json');
    expect(caught('').code).toBe('spec-json');
  });

  it.each([
    [['v'], 2, 'v'],
    [['role'], 'autoencoder', 'role'],
    [['latent', 'size'], 0, 'latent.size'],
    [['latent', 'size'], 1.5, 'latent.size'],
    [['output', 'channels'], 2, 'output.channels'],
    [['output', 'range'], [1, -1], 'output.range'],
    [['layers'], [], 'layers'],
    [['layers', 1, 'kind'], 'attention', 'layers.1.kind'],
    [['layers', 1, 'stride'], [2], 'layers.1.stride.1'],
    [['layers', 1, 'padding', 'left'], -1, 'layers.1.padding.left'],
    [['layers', 0, 'norm', 'statistics'], 'running', 'layers.0.norm.statistics'],
    [['layers', 0, 'id'], '__proto__', 'layers.0.id'],
    [['layers', 0, 'dilation'], 2, 'layers.0.dilation'],
    [['extra'], true, 'extra'],
  ] as [(string | number)[], unknown, string][])('names %j', (path, value, expected) => {
    const error = caught(changed(path, value));
    expect(error.code).toBe('spec-invalid');
    expect(error.message).toContain(` at ${expected}: `);
  });

  it('refuses what is not an object, and texts without an end', () => {
    for (const json of ['null', '3', '[]', '"x"']) expect(caught(json).code).toBe('spec-invalid');
    expect(caught(' '.repeat(2_000_000)).code).toBe('spec-invalid');
  });
});
