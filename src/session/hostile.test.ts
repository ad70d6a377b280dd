import { describe, expect, it } from 'vitest';
import { hostileFiles } from '../../e2e/fixtures/corpus';
import { AppError } from '../lib/errors';
import { createForeignReader } from './read-foreign';

const corpus = hostileFiles();

async function open(files: { name: string; bytes: Uint8Array }[]): Promise<unknown> {
  const reader = createForeignReader();
  const blobs = files.map(({ name, bytes }) => ({ name, file: new Blob([bytes.slice()]) }));
  return reader.open(blobs).then(
    () => 'opened',
    (error: unknown) => error,
  );
}

describe(`broken and hostile files (${corpus.length})`, () => {
  it('are at least sixty', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(60);
  });

  it.each(corpus.map((item) => [item.title, item] as const))(
    '%s',
    async (_title, { files, codes, names }) => {
      const started = performance.now();
      const error = await open(files);
      expect(error).toBeInstanceOf(AppError);
      const { code, message, hint } = error as AppError;
      expect(codes, message).toContain(code);
      expect(message).toContain(names ?? '');
      expect(message.length).toBeLessThan(600);
      expect(hint.length).toBeGreaterThan(20);
      expect(performance.now() - started).toBeLessThan(5000);
    },
    10_000,
  );
});
