import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AppError } from '../../lib/errors';
import { uniform } from '../../lib/rng';
import { mutateBytes } from '../../lib/testing';
import { inferNetwork } from '../../model/infer';
import { openFiles } from './open-files';

// 5 seconds in `npm test`, 60 in `npm run test:slow`.
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 5);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const FOLDER = 'e2e/fixtures/foreign';
/** One file may take this long; a loop without end would take all the time there is. */
const MAX_MS = 2000;

const fixtures = readdirSync(FOLDER).map((name) => ({
  name,
  bytes: new Uint8Array(readFileSync(`${FOLDER}/${name}`)),
}));

type Random = () => number;

function createRandom(round: number): Random {
  let index = 0;
  return () => uniform(SEED, round, index++);
}

it(
  `opens or refuses whatever ${SECONDS} s of broken files hold`,
  async () => {
    const end = performance.now() + SECONDS * 1000;
    let rounds = 0;
    for (; performance.now() < end; rounds += 1) {
      const random = createRandom(rounds);
      const fixture = fixtures[rounds % fixtures.length];
      if (!fixture) continue;
      const what = `FUZZ_SEED=${SEED}, round ${rounds}, ${fixture.name}`;
      const started = performance.now();
      try {
        const bytes = mutateBytes(fixture.bytes, random);
        const { networks } = await openFiles([{ name: fixture.name, bytes }]);
        for (const network of networks) inferNetwork(network);
      } catch (error) {
        expect(error, `${what}: ${String(error)}`).toBeInstanceOf(AppError);
      }
      expect(performance.now() - started, what).toBeLessThan(MAX_MS);
    }
    expect(rounds).toBeGreaterThan(50);
  },
  (SECONDS + 30) * 1000,
);
