import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleLatent } from '../core/latent';
import { AppError } from '../lib/errors';
import { memoryAddressBar } from './address-bar';
import { createConsole } from './console';
import { createSession } from './create-session';
import { resolveLatent, samplingOf } from './latents';
import type { Session } from './session';
import {
  createReferenceEngine,
  createSite,
  createInPlaceForeign,
  inPlaceInput,
  inPlacePictures,
  type Site,
} from './testing';

const PNG = 'data:image/png;base64,iVBORw0KGgo=';

let site: Site;
let session: Session;

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  site = await createSite();
  vi.stubGlobal('fetch', site.fetch);
});
afterEach(() => {
  session.dispose();
  vi.unstubAllGlobals();
});

function begin(address = '') {
  session = createSession(
    { engine: createReferenceEngine(), modelsUrl: 'models/', datasetsUrl: 'datasets/' },
    {
      bar: memoryAddressBar(address),
      input: inPlaceInput,
      foreign: createInPlaceForeign(),
      pictures: inPlacePictures,
    },
  );
  return createConsole(session, { makeThumbnail: () => Promise.resolve(PNG) });
}

const document = (name: string) =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

const AsyncFunction = (Object.getPrototypeOf(async () => {}) as { constructor: unknown })
  .constructor as new (...parts: string[]) => (...values: unknown[]) => Promise<void>;

describe('docs/console.md', () => {
  const text = document('console.md');
  const examples = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');

  it.each(examples)('runs: %s', async (code) => {
    const print = { log: vi.fn(), table: vi.fn() };
    await new AsyncFunction('latentarium', 'console', code)(begin(), print);
    for (const call of print.log.mock.calls) expect(String(call)).not.toMatch(/NaN|undefined/);
  });

  it('has an example of everything', () => {
    const api = begin();
    const names = [
      ...Object.keys(api).filter((name) => name !== 'shelf'),
      ...Object.keys(api.shelf).map((name) => `shelf.${name}`),
    ];
    const all = examples.join('\n');
    const shown = names.filter(
      (name) => all.includes(`latentarium.${name}`) || name === 'shelf.clear',
    );
    expect(shown).toEqual(names);
  });
});

describe('the console API', () => {
  it('samples what the link shows', async () => {
    const api = begin('#seed=9&t=0.5&prior=uniform');
    await api.ready;
    const options = { seed: 9, prior: 'uniform' as const, size: 5, truncation: 0.5 };
    expect(api.sample(3)[2]).toEqual(sampleLatent(2, options));
    expect(api.sample(1, { seed: 4, prior: 'normal', truncation: 1 })[0]).toEqual(
      sampleLatent(0, { seed: 4, prior: 'normal', size: 5 }),
    );
    const sampling = samplingOf(session.models.store.getState().current!, session.url);
    expect(resolveLatent({ kind: 'sample', seed: 9, index: 1 }, sampling)).toEqual(
      api.sample(2)[1],
    );
  });

  it('describes the model with names for its layers', async () => {
    const model = await begin().ready;
    expect(model).toEqual({
      id: 'tiny',
      title: 'Model tiny',
      zSize: 5,
      height: 8,
      width: 8,
      channels: 3,
      layers: [
        { name: 'main.0', height: 4, width: 4, filters: 3 },
        { name: 'main.3', height: 8, width: 8, filters: 3 },
      ],
    });
  });

  it('judges pictures with what the judge knows', async () => {
    const api = begin();
    await api.ready;
    const images = await api.generate(api.sample(2));
    const [first] = await api.judge(images);
    expect(Object.keys(first!)).toEqual(['smile', 'yawDegrees']);
    expect(first!.smile).toBeGreaterThan(0);
    expect(first!.smile).toBeLessThan(1);
    expect(await api.judge([])).toEqual([]);
    await api.open('other');
    await expect(api.judge(images)).rejects.toMatchObject({ code: 'no-judge' });
  });

  it('says what is wrong with an argument', async () => {
    const api = begin();
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return error instanceof AppError ? error.code : error;
      }
      return 'none';
    };
    expect(code(() => api.sample(1))).toBe('no-model');
    await api.ready;
    expect(code(() => api.sample(-1))).toBe('sample-count');
    expect(code(() => api.sample(1, { seed: 0.5 }))).toBe('sample-seed');
    expect(code(() => api.walk([]))).toBe('walk-keyframes');
    expect(code(() => api.walk([[1], [1, 2]]))).toBe('walk-keyframes');
    expect(code(() => api.walk([[1]], { frames: 0 }))).toBe('walk-frames');
    await expect(api.generate([[1, 2]])).rejects.toMatchObject({ code: 'latent-size' });
  });

  it('is ready with the first model when the link’s cannot be had', async () => {
    expect((await begin('#model=gone').ready).id).toBe('tiny');
  });

  it('is not ready when there is nothing to open', async () => {
    site.files.delete('models/index.json');
    await expect(begin().ready).rejects.toMatchObject({ code: 'download-status' });
  });
});
