import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../lib/errors';
import { runReference } from '../model/reference';
import { tinyGeneratorSource } from '../model/testing';
import { memoryAddressBar } from './address-bar';
import { createSession } from './create-session';
import type { Session } from './session';
import {
  createReferenceEngine,
  createSite,
  eventually,
  createInPlaceForeign,
  inPlaceInput,
  networkFile,
  otherGeneratorSource,
  tinyJudgeSource,
  type Site,
} from './testing';
import { writeSafetensors } from '../formats/safetensors/write';

let site: Site;
const sessions: Session[] = [];

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ quota: 1e9 }) } });
  site = await createSite();
  vi.stubGlobal('fetch', (...request: Parameters<typeof fetch>) => site.fetch(...request));
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
  vi.unstubAllGlobals();
});

function begin(address = '') {
  const engine = createReferenceEngine();
  const bar = memoryAddressBar(address);
  const foreign = createInPlaceForeign();
  const session = createSession(
    { engine, modelsUrl: 'models/', datasetsUrl: 'datasets/' },
    { bar, input: inPlaceInput, foreign },
  );
  sessions.push(session);
  const state = () => session.models.store.getState();
  const notices = () => session.notices.store.getState().notices;
  return { session, engine, bar, state, notices };
}

async function beginReady(address = '') {
  const page = begin(address);
  await eventually(() => page.state().status === 'ready');
  return page;
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
};

const file = (source = otherGeneratorSource(4), name = 'mine.safetensors') =>
  new File([networkFile(source)], name);

const z = Float32Array.of(0.5, -1, 2, 0, 0.25);

describe('the start', () => {
  it('opens the first model, draws with it, and completes the address', async () => {
    const { session, state, notices } = await beginReady();
    expect(state().current).toMatchObject({ id: 'tiny', title: 'Model tiny' });
    expect(state().entries.map(({ id }) => id)).toEqual(['tiny', 'other']);
    expect(session.url.link()).toBe('https://latentarium.invalid/app/#model=tiny');
    expect(session.device.getState()).toMatchObject({ status: 'ready' });
    const images = await session.generator.generate([z, z]);
    const expected = runReference(tinyGeneratorSource(), z, 1).data;
    expect(images.data.subarray(192)).toEqual(expected);
    expect(notices().filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(notices()[0]?.message).toContain('tiny/card.json');
  });

  it('opens the model of the link, and the judge only after the first picture', async () => {
    const { session, engine, state } = await beginReady('#model=tiny&seed=3');
    expect(site.requests).not.toContain('models/tiny/judge.safetensors');
    await session.generator.render([z]);
    await eventually(() => state().current?.judge !== null);
    expect(state().current?.judge?.outputs[0]?.name).toBe('smile');
    expect(engine.loaded()).toHaveLength(2);
  });

  it('falls back to the first model when the link’s is unknown, and says so', async () => {
    const { state, notices } = await beginReady('#model=gone');
    expect(state().current?.id).toBe('tiny');
    expect(notices().some(({ message }) => message.includes("'gone'"))).toBe(true);
  });

  it('can be tried again when the list of models was not to be had', async () => {
    const index = site.files.get('models/index.json')!;
    site.files.delete('models/index.json');
    const { session, state, notices } = begin();
    await eventually(() => state().status === 'failed');
    expect(state().error?.code).toBe('download-status');
    expect(notices()[0]?.message).toContain('models/index.json');
    expect(await codeOf(session.generator.render([z]))).toBe('no-model');
    site.files.set('models/index.json', index);
    notices()[0]?.action?.run();
    await eventually(() => state().status === 'ready');
  });
});

describe('opening a model', () => {
  it('takes the old one off the device after the new one is ready', async () => {
    const { session, engine, state } = await beginReady();
    for (let turn = 0; turn < 25; turn++) {
      await session.models.open('other');
      await session.models.open('tiny');
    }
    await eventually(() => engine.loaded().length === 1);
    expect(engine.loaded()).toEqual([state().current?.handle]);
  });

  it('waits with that for what is still being drawn', async () => {
    const { session, engine, state } = await beginReady();
    const old = state().current!.handle;
    let finish = (): void => undefined;
    const drawn = engine.render.bind(engine);
    engine.render = async (request) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return drawn(request);
    };
    const picture = session.generator.render([z]);
    await session.models.open('other');
    expect(engine.loaded()).toContain(old);
    finish();
    expect((await picture).count).toBe(1);
    await eventually(() => !engine.loaded().includes(old));
  });

  it('lets the newest of several opens win', async () => {
    const { session, engine, state } = await beginReady();
    const first = session.models.open('other').catch((error: unknown) => error);
    const second = session.models.open(file());
    expect(await first).toMatchObject({ name: 'AbortError' });
    expect((await second).id).toMatch(/^local:[0-9a-f]{16}$/);
    expect(state().current?.id).toBe((await second).id);
    await eventually(() => engine.loaded().length === 1);
  });

  it('keeps what was open when an open fails, for every way a file can be wrong', async () => {
    const { session, state, notices } = await beginReady();
    const whole = networkFile(otherGeneratorSource(4));
    const wrong: [string, File[]][] = [
      ['file-empty', [new File([], 'empty.safetensors')]],
      ['safetensors-truncated', [new File([whole.slice(0, -10)], 'cut.safetensors')]],
      ['web-page', [new File(['<html>'], 'page.bin')]],
      ['format-unknown', [new File(['hello hello'], 'notes.bin')]],
      ['model-no-generator', [file(tinyJudgeSource(), 'judge.safetensors')]],
      ['model-no-generator', []],
      ['model-files-ambiguous', [file(), file(otherGeneratorSource(5), 'second.safetensors')]],
    ];
    for (const [code, files] of wrong) {
      expect(await codeOf(session.models.open(files))).toBe(code);
      expect(state()).toMatchObject({ status: 'ready', error: { code } });
      expect(state().current?.id).toBe('tiny');
      if (files[0]) expect(notices().at(-1)?.message).toContain(files[0].name);
      expect(notices().at(-1)?.action, 'the same file would fail again').toBeUndefined();
    }
    expect(await codeOf(session.models.open('nope'))).toBe('model-unknown');
    expect(notices().at(-1)?.action?.label).toBe('Try again');
    expect(await codeOf(session.models.open('https://example.org/a.safetensors'))).toBe(
      'model-url-foreign',
    );
    expect((await session.generator.render([z])).width).toBe(8);
    // The site of these tests has no cards, which is said too.
    const failures = () => notices().filter(({ message }) => !message.includes('card.json'));
    expect(failures(), 'of the last one').toHaveLength(1);
    await session.models.open('other');
    expect(failures()).toEqual([]);
  });

  it('opens weights without a description, says what it guessed and reads them another way', async () => {
    const { session, engine, state } = await beginReady();
    const { tensors } = otherGeneratorSource(6);
    const list = Object.entries(tensors).map(([name, { shape, data }]) => {
      return { name: `module.${name}`, dtype: 'F32' as const, shape, data };
    });
    const file = new File([writeSafetensors(list)], 'netG_epoch_9.safetensors');
    const model = await session.models.open([file]);
    expect(model).toMatchObject({ title: 'netG_epoch_9', spec: { output: { height: 8 } } });
    const { reading } = session.architecture.store.getState();
    expect(reading).toMatchObject({ modelIds: [model.id], index: 0 });
    const key = 'layers.main.0.activation';
    expect(reading?.assumptions.find((one) => one.key === key)?.value).toBe('relu');
    await session.architecture.read(0, { [key]: 'elu' });
    expect(state().current?.id).toBe(model.id);
    const changed = await session.models.open(session.architecture.file() ?? '');
    expect(changed.id).not.toBe(model.id);
    expect(changed.spec.layers[0]?.activation).toEqual({ kind: 'elu' });
    await eventually(() => engine.loaded().length === 1);
  });

  it('refuses a file that is not what the list promises, after asking past the cache', async () => {
    const { session, state } = await beginReady();
    const path = 'models/other/generator.safetensors';
    const good = site.files.get(path)!;
    const bad = good.slice();
    bad[bad.length - 1]! ^= 1;
    site.files.set(path, bad);
    expect(await codeOf(session.models.open('other'))).toBe('model-integrity');
    expect(site.requests.filter((request) => request === path)).toHaveLength(2);
    site.files.set(path, good.slice(0, -1));
    expect(await codeOf(session.models.retry())).toBe('download-size');
    site.files.set(path, good);
    expect((await session.models.retry()).id).toBe('other');
    expect(state().error).toBeNull();
  });

  it('reports progress up to the end and can be cancelled', async () => {
    const { session, state } = await beginReady();
    const seen: number[] = [];
    await session.models.open('other', { onProgress: ({ fraction }) => seen.push(fraction) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    const controller = new AbortController();
    const open = session.models.open('tiny', { signal: controller.signal });
    controller.abort();
    await expect(open).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(state()).toMatchObject({ status: 'ready', error: null });
    expect(state().current?.id).toBe('other');
  });

  it('follows Back', async () => {
    const { session, bar, state } = await beginReady();
    await session.models.open('other');
    expect(bar.entries.at(-1)).toBe('#model=other');
    bar.back();
    await eventually(() => state().current?.id === 'tiny');
  });

  it('opens a URL of this site', async () => {
    site.files.set('elsewhere/net.safetensors', networkFile(otherGeneratorSource(4)));
    const { session } = await beginReady();
    expect((await session.models.open('./elsewhere/net.safetensors')).title).toBe('net');
  });
});

describe('local models', () => {
  it('are found again after a reload, with their judge', async () => {
    const first = await beginReady();
    const judge = file(tinyJudgeSource(), 'judge.safetensors');
    const { id, modelHash } = await first.session.models.open([judge, file()]);
    expect(id).toBe(`local:${modelHash.slice(0, 16)}`);
    await first.session.models.open('tiny');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await beginReady(`#model=${id}`);
    expect(second.state().current).toMatchObject({ id, title: 'mine', modelHash });
    expect(await second.session.models.judge()).not.toBeNull();
    await eventually(() => second.state().entries.length === 3);
    expect(second.state().entries.at(-1)?.id).toBe(id);
  });

  it('are forgotten when asked to, and put back', async () => {
    const { session, state } = await beginReady();
    const { id } = await session.models.open(file());
    await session.models.open('tiny');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const undo = await session.models.forget(id);
    expect(state().entries.map((entry) => entry.id)).toEqual(['tiny', 'other']);
    expect(await codeOf(session.models.open(id))).toBe('model-not-kept');
    await undo();
    expect(state().entries.at(-1)?.id).toBe(id);
    expect((await session.models.open(id)).title).toBe('mine');
  });

  it('say what to do when the file is not here', async () => {
    const { state, notices } = await beginReady('#model=local:0123456789abcdef');
    expect(state().current?.id).toBe('tiny');
    const notice = notices().find(({ message }) => message.includes('local:0123456789abcdef'));
    expect(notice?.hint).toContain('0123456789abcdef');
  });

  it('make room for one another within the budget, and are open all the same', async () => {
    const size = networkFile(otherGeneratorSource(4)).byteLength;
    const estimate = () => Promise.resolve({ quota: 2 * size + 10 });
    vi.stubGlobal('navigator', { storage: { estimate } });
    const first = await beginReady();
    const a = await first.session.models.open(file(otherGeneratorSource(4)));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const b = await first.session.models.open(file(otherGeneratorSource(5)));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const second = await beginReady(`#model=${b.id}`);
    await eventually(() => second.state().entries.length === 3);
    expect(await codeOf(second.session.models.open(a.id))).toBe('model-not-kept');
    vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ quota: 10 }) } });
    await second.session.models.open(file(otherGeneratorSource(6)));
    await eventually(() => second.notices().some(({ message }) => message.includes('no room')));
  });
});

describe('the generator', () => {
  it('says which latent does not fit', async () => {
    const { session } = await beginReady();
    const { generator } = session;
    expect(await codeOf(generator.render([z, new Float32Array(4)]))).toBe('latent-size');
    expect(await codeOf(generator.render([z.map(() => NaN)]))).toBe('latent-not-finite');
    expect(await codeOf(generator.render([]))).toBe('latent-none');
    expect(await codeOf(generator.activations([z], 'main.9'))).toBe('layer-unknown');
    expect((await generator.activations([z], 'main.0')).filters).toBe(3);
  });

  it('previews the newest and drops what was overtaken', async () => {
    const { session, engine } = await beginReady();
    const render = vi.spyOn(engine, 'render');
    const preview = session.generator.createPreview();
    const pictures = [1, 2, 3, 4, 5].map((x) => preview.render([z.map(() => x)]));
    const shown = (await Promise.all(pictures)).map((picture) => picture !== null);
    expect(shown.at(-1)).toBe(true);
    expect(render.mock.calls.length).toBeLessThan(4);
    expect(render.mock.calls.at(-1)?.[0].z[0]).toBe(5);
    preview.dispose();
    expect(await preview.render([z])).toBeNull();
  });
});

describe('examples and device', () => {
  it('reads the examples of the open model once', async () => {
    const { session } = await beginReady();
    const [example] = await session.models.exemplars();
    expect(example).toEqual({
      id: 'smile/0',
      conceptId: 'smile',
      label: 'A smile',
      z: Float32Array.of(1, 2, 3, 4, 5),
    });
    await session.models.exemplars();
    const path = 'models/tiny/exemplars.json';
    expect(site.requests.filter((request) => request === path)).toHaveLength(1);
    site.files.set('models/other/exemplars.json', site.files.get(path)!);
    await session.models.open('other');
    expect(await codeOf(session.models.exemplars())).toBe('exemplars-other-model');
  });

  it('tells of a lost device and of its return', async () => {
    const { session, engine, notices } = await beginReady();
    engine.emit({ type: 'lost', reason: 'driver reset' });
    expect(session.device.getState().status).toBe('lost');
    engine.emit({ type: 'rebuilding' });
    const report = session.device.getState().report!;
    engine.emit({ type: 'rebuilt', device: report });
    expect(session.device.getState()).toMatchObject({ status: 'ready', report });
    const levels = notices().map(({ level }) => level);
    expect(levels.slice(-2)).toEqual(['warning', 'success']);
  });
});
