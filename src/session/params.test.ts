import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedParams } from './params';
import type { Codec } from './url';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/links.md', root), 'utf8');

/** Read as text: the session must not import panels. */
const panelNames = readdirSync(new URL('src/panels/', root))
  .map((panel) => new URL(`src/panels/${panel}/params.ts`, root))
  .filter((file) => existsSync(file))
  .flatMap((file) => {
    const rows = readFileSync(file, 'utf8').matchAll(/\bparam(?:<[^(]*>)?\(\s*'([^']+)'/g);
    return [...rows].map(([, name]) => name ?? '');
  });

describe('the parameters of the link', () => {
  const names = [...sharedParams.map(({ name }) => name), ...panelNames];

  it.each(names)('%s stands in docs/links.md', (name) => {
    expect(page).toMatch(new RegExp(`\\| \`${name}\` +\\|`));
  });

  it('have names of their own', () => {
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('each shared parameter', () => {
  it.each(sharedParams)('$name reads its own default', ({ codec, fallback }) => {
    const anyCodec = codec as Codec<unknown>;
    expect(anyCodec.parse(anyCodec.format(fallback))).toEqual(fallback);
  });
});
