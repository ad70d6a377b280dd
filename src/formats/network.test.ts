import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caughtAppError } from '../lib/testing';
import { inferShapes } from '../model/shapes';
import { tinyGeneratorSource } from '../model/testing';
import { readNetwork } from './network';
import { findFormat, openArrays } from './registry';
import { writeSafetensors } from './safetensors/write';

function written(leaveOut?: string, spec?: string): Uint8Array {
  const source = tinyGeneratorSource();
  const tensors = Object.entries(source.tensors)
    .filter(([name]) => name !== leaveOut)
    .map(([name, { shape, data }]) => ({ name, dtype: 'F32', shape, data }) as const);
  const extra = { name: 'extra', dtype: 'F16', shape: [1], data: Float32Array.of(1) } as const;
  return writeSafetensors([...tensors, extra], {
    spec: spec ?? JSON.stringify(source.spec),
  });
}

describe('readNetwork', () => {
  it('reads spec and weights, and only the tensors that layers need', () => {
    expect(readNetwork(written(), 'a.safetensors')).toEqual(tinyGeneratorSource());
  });

  it('names the file, and the tensor that it misses', () => {
    const error = caughtAppError(() => readNetwork(written('main.3.weight'), 'a.safetensors'));
    expect(error.code).toBe('weights-missing');
    expect(error.message).toMatch(/^a\.safetensors: .*'main\.3\.weight'/);
  });

  it('refuses specs that are wrong', () => {
    const error = caughtAppError(() => readNetwork(written(undefined, '{}'), 'a'));
    expect(error.code).toBe('spec-invalid');
  });

  it('says what a file without a spec has', () => {
    const data = Float32Array.of(1);
    const bytes = writeSafetensors(
      ['p', 'q', 'r', 's'].map((name) => ({ name, dtype: 'F32', shape: [1], data })),
    );
    const error = caughtAppError(() => readNetwork(bytes, 'other.safetensors'));
    expect(error.code).toBe('network-without-spec');
    expect(error.message).toContain("4 tensors ('p', 'q', 'r' and so on)");
  });
});

describe('openArrays', () => {
  const code = (bytes: Uint8Array, name: string) =>
    caughtAppError(() => openArrays(bytes, name)).code;

  it('tells empty files, web pages and unknown formats apart', () => {
    expect(code(new Uint8Array(0), 'a.safetensors')).toBe('file-empty');
    expect(code(new Uint8Array(100), 'a.bin')).toBe('format-unknown');
    const page = new TextEncoder().encode('\n<!DOCTYPE html><html lang="en">');
    expect(caughtAppError(() => openArrays(page, 'generator')).message).toContain('web page');
  });

  it('finds formats by content', () => {
    expect(findFormat(written(), 'blob')?.id).toBe('safetensors');
  });
});

const models = new URL('../../public/models/', import.meta.url);
const index = new URL('index.json', models);

describe.skipIf(!existsSync(index))('the bundled files', () => {
  const entries = existsSync(index)
    ? (JSON.parse(readFileSync(index, 'utf8')) as { models: { files: object }[] }).models
    : [];
  const files = entries.flatMap((model) => Object.entries(model.files)) as [
    string,
    { path: string },
  ][];

  it.each(files)('%s %o can be read', (role, { path }) => {
    const { spec } = readNetwork(readFileSync(new URL(path, models)), path);
    expect(spec.role).toBe(role);
    expect(inferShapes(spec).length).toBe(spec.layers.length);
  });
});
