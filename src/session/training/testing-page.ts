/** For unit tests: browsers with pages that train on the fake of testing.ts. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';
import { AppError } from '../../lib/errors';
import { createDatabase, type Database } from '../database';
import type { Models } from '../session';
import { createReferenceEngine } from '../testing';
import { createTraining, type TrainingHandle } from './create-training';
import { createFakeTraining, noisyData, TINY_CONFIG } from './testing';
import type { RunStatus } from './training';

const begun: { training: TrainingHandle; database: Database }[] = [];

/** Before each test. */
export function openBrowser(): void {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', {
    storage: { estimate: () => Promise.resolve({ quota: 1e9 }) },
    locks: createLocks(),
  });
}

/** After each test. */
export function closeBrowser(): void {
  for (const { training, database } of begun.splice(0)) {
    training.dispose();
    database.close();
  }
  vi.unstubAllGlobals();
}

/** Web Locks as far as runs use them; `tab` tells whose it is. */
export function createLocks() {
  const held = new Set<string>();
  return {
    async request(
      name: string,
      _: unknown,
      work: (lock: object | null) => Promise<void> | undefined,
    ) {
      if (held.has(name)) return work(null);
      held.add(name);
      await work({});
      held.delete(name);
    },
    query: () => Promise.resolve({ held: [...held].map((name) => ({ name })) }),
  };
}

/** A page, of the same browser as others of a test. */
export function page(open: Models['open'] = () => Promise.reject(new Error('not in this test'))) {
  const database = createDatabase();
  const fake = createFakeTraining();
  const engine = { ...createReferenceEngine(), training: fake };
  const training = createTraining({
    engine,
    database,
    models: { open },
    openData: () => Promise.resolve(noisyData()),
    reviveEngine: () => Promise.resolve(false),
  });
  begun.push({ training, database });
  const state = () => training.store.getState();
  return { training, fake, engine, state };
}

export type Page = ReturnType<typeof page>;

export async function trained(steps: number | null, config = TINY_CONFIG): Promise<Page> {
  const one = page();
  await one.training.start({ config, data: noisyData(), steps });
  return one;
}

/** Resolves when it has stopped so and its checkpoint is kept. */
export async function stopped(one: Page, status: RunStatus): Promise<void> {
  const { store } = one.training;
  await new Promise<void>((resolve) => {
    const look = () => store.getState().status === status && resolve();
    look();
    store.subscribe(look);
  });
  await one.training.pause();
}

export async function finished(steps: number): Promise<Page> {
  const one = await trained(steps);
  await stopped(one, 'finished');
  return one;
}

/** As a reload or a crash leaves it: nothing is written any more, locks are given back. */
export function leave(one: Page): void {
  one.fake.failure = new Error('gone');
  vi.stubGlobal('navigator', { ...navigator, locks: createLocks() });
}

export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
};
