import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caughtAppError } from '../lib/testing';
import { parseCard, parseExemplars, parseManifest } from './manifest';

const sha256 = 'a'.repeat(64);
const entry = {
  id: 'faces-64',
  title: 'Faces',
  files: { generator: { path: 'faces-64/generator.safetensors', bytes: 10, sha256 } },
  card: 'faces-64/card.json',
  exemplars: 'faces-64/exemplars.json',
  latent: { size: 3, prior: 'normal' },
  image: { height: 64, width: 64, channels: 3, range: [-1, 1] },
};
const manifestWith = (change: object) =>
  JSON.stringify({ v: 1, models: [{ ...entry, ...change }] });

describe('parseManifest', () => {
  it('reads models with one to three files', () => {
    const judge = { path: 'faces-64/judge.safetensors', bytes: 5, sha256 };
    const files = { ...entry.files, judge, discriminator: judge };
    expect(parseManifest(manifestWith({ files })).models[0]?.files.judge).toEqual(judge);
    expect(parseManifest(manifestWith({ exemplars: null })).models[0]?.exemplars).toBeNull();
  });

  it.each([
    [{ id: 'Faces 64' }, 'models.0.id'],
    [{ files: {} }, 'models.0.files.generator'],
    [{ files: { generator: { ...entry.files.generator, bytes: 0 } } }, 'generator.bytes'],
    [{ files: { generator: { ...entry.files.generator, sha256: 'A' } } }, 'generator.sha256'],
    [{ card: '../card.json' }, 'models.0.card'],
    [{ card: 'a/../../card.json' }, 'models.0.card'],
    [{ card: 'https://example.org/card.json' }, 'models.0.card'],
    [{ card: '/card.json' }, 'models.0.card'],
    [{ licence: 'MIT' }, 'models.0.licence'],
  ])('refuses %j', (change, path) => {
    const error = caughtAppError(() => parseManifest(manifestWith(change)));
    expect(error.code).toBe('manifest-invalid');
    expect(error.message).toContain(path);
  });

  it('refuses two models of one id, and texts that are no JSON', () => {
    const twice = JSON.stringify({ v: 1, models: [entry, entry] });
    expect(caughtAppError(() => parseManifest(twice)).message).toContain('same id');
    expect(caughtAppError(() => parseManifest('<!doctype html>')).code).toBe('manifest-json');
  });
});

describe('parseExemplars', () => {
  const exemplarsWith = (z: number[][]) =>
    JSON.stringify({
      v: 1,
      modelHash: sha256,
      concepts: { 'smiling-woman': { label: 'Smiling woman', attributes: { smile: 1 }, z } },
    });

  it('checks the length of every z', () => {
    expect(parseExemplars(exemplarsWith([[1, 2, 3]]), 3).concepts['smiling-woman']?.z).toHaveLength(
      1,
    );
    const short = exemplarsWith([
      [1, 2, 3],
      [1, 2],
    ]);
    expect(caughtAppError(() => parseExemplars(short, 3)).message).toContain('3 numbers');
  });
});

const models = new URL('../../public/models/', import.meta.url);

describe.skipIf(!existsSync(new URL('index.json', models)))('public/models', () => {
  const bytes = (path: string) => readFileSync(new URL(path, models));
  const list = existsSync(new URL('index.json', models))
    ? parseManifest(bytes('index.json').toString()).models
    : [];

  it.each(list.map((model) => [model.id, model] as const))('%s is as promised', (_id, model) => {
    for (const file of Object.values(model.files)) {
      const content = bytes(file.path);
      expect(content.byteLength).toBe(file.bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
    }
    parseCard(bytes(model.card).toString());
    if (model.exemplars === null) return;
    const { modelHash } = parseExemplars(bytes(model.exemplars).toString(), model.latent.size);
    expect(modelHash).toBe(model.files.generator.sha256);
  });
});
