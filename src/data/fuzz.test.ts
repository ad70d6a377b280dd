import { gzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { AppError } from '../lib/errors';
import { uniform } from '../lib/rng';
import { mutateBytes } from '../lib/testing';
import { readImages } from './read-images';
import { dataFile, decodePng, idxFile, paintPng, tarOf } from './testing';

// 3 seconds in `npm test`, 60 in `npm run test:slow`.
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 3);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** One file may take this long; a loop without end would take all the time there is. */
const MAX_MS = 2000;

const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 37) % 251);

const idx = idxFile([6, 5, 5], bytes(150));
const picture = paintPng(40, 40, (x, y) => (x * 5 + y * 3 + 90 * ((x >> 3) % 2)) % 256);
const cifar = bytes(3 * 3073).map((value, at) => (at % 3073 === 0 ? value % 10 : value));
const fixtures: [name: string, bytes: Uint8Array][] = [
  ['idx', idx],
  ['idx.gz', gzipSync(idx)],
  ['png', picture],
  ['cifar', cifar],
  ['zip', zipSync({ 'a.png': picture, 'b.idx': idx, 'c.txt': bytes(9) })],
  ['tar', tarOf('a.bin', cifar)],
  ['tar.gz', gzipSync(tarOf('a.idx', idx))],
];

it(
  `reads or refuses whatever ${SECONDS} s of broken files hold`,
  async () => {
    const end = performance.now() + SECONDS * 1000;
    const base = { size: 16, channels: 1, framing: 'crop', seed: 1 } as const;
    let rounds = 0;
    let usable = 0;
    for (; performance.now() < end; rounds += 1) {
      let index = 0;
      const random = () => uniform(SEED, rounds, index++);
      const [name, good] = fixtures[rounds % fixtures.length]!;
      const what = `FUZZ_SEED=${SEED}, round ${rounds}, ${name}`;
      const started = performance.now();
      const files = [dataFile(name, mutateBytes(good, random, 3))];
      try {
        const tile = random() < 0.3 ? 8 : null;
        const request = { ...base, source: { kind: 'files', files } as const, tile };
        const { images } = await readImages(request, {}, decodePng);
        expect(images.data.length, what).toBe(images.count * 256);
        usable += 1;
      } catch (error) {
        expect(error, `${what}: ${String(error)}`).toBeInstanceOf(AppError);
      }
      expect(performance.now() - started, what).toBeLessThan(MAX_MS);
    }
    expect(rounds).toBeGreaterThan(50);
    expect(usable).toBeGreaterThan(5);
  },
  (SECONDS + 30) * 1000,
);
