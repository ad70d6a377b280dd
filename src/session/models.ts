import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallOptions, DeviceReport, Engine, Progress } from '../engine/api';
import { AppError, isAbort, toErrorReport } from '../lib/errors';
import { kernelNorms } from '../model/kernel-norms';
import { createBoxSets } from './box-sets';
import { createExemplars } from './exemplars';
import { freezeStatistics, lacksStatistics } from './freeze';
import type { GeneratorControl } from './generator';
import { loadJudge, type Judge } from './judge';
import type { LocalModels } from './local-models';
import { asModelUrl, isLocal, type ModelCatalog } from './model-catalog';
import type { ModelSources, PreparedModel, PrepareOptions } from './model-source';
import type { CurrentModel, Models, ModelState, Notices } from './session';

export interface ModelsOptions {
  engine: Engine;
  notices: Notices;
  store: StoreApi<ModelState>;
  catalog: ModelCatalog;
  sources: ModelSources;
  local: LocalModels;
  generator: GeneratorControl;
  /** Resolves when the engine can load. */
  deviceReady: Promise<DeviceReport>;
  /** What relative URLs are relative to. */
  pageUrl: URL;
}

export interface ModelsControl extends Models {
  /** Opens the model of the link ('' for none), or the first bundled one when that cannot be had. */
  start(id: string): Promise<CurrentModel>;
  dispose(): void;
}

/** '' stands for the first bundled model. */
type Source = string | File | File[];

/**
 * Latents over which batch norms without statistics of their own are measured when a model is opened: with
 * the batch's own, one picture alone would not depend on its z. The Architecture panel can take more.
 */
const FROZEN_OVER = 1000;

/** Time given to the first pictures before the judge may take the device. */
const JUDGE_DELAY_MS = 3000;

export function createModelStore(): StoreApi<ModelState> {
  return createStore<ModelState>(() => ({
    status: 'idle',
    entries: [],
    progress: null,
    current: null,
    error: null,
  }));
}

/**
 * Opens models; of several opens the newest wins. The model that was open stays until its successor is
 * on the device, and stays for good when the open fails.
 */
export function createModels(options: ModelsOptions): ModelsControl {
  const { engine, notices, store, catalog, sources, local, generator } = options;
  const exemplars = createExemplars((path) => sources.text(path));
  const boxSets = createBoxSets((path) => sources.text(path));
  let opening: AbortController | null = null;
  let lastSource: Source = '';
  /** The notice of the last open that failed: history once another one begins. */
  let failure: number | null = null;
  /** What can still be fetched of the open model; its weights are the engine's matter. */
  let rest: Pick<PreparedModel, 'entry' | 'judge'> | null = null;
  /** At the start a model that cannot be had is followed by the first one: not a failure yet. */
  let mayFallBack = false;
  let norms: ReadonlyMap<string, Float32Array> = new Map();
  /** Reads the open model's weights again: for what is rarely asked, so that they are not kept twice. */
  let weights: (() => Promise<PreparedModel['generator']>) | null = null;
  let judging: { handle: number; promise: Promise<Judge | null> } | null = null;

  async function open(source: Source, callOptions: CallOptions = {}): Promise<CurrentModel> {
    opening?.abort(overtaken());
    const controller = new AbortController();
    opening = controller;
    lastSource = source;
    const { signal } = controller;
    const cancel = (): void => {
      controller.abort(callOptions.signal?.reason);
    };
    if (callOptions.signal?.aborted) cancel();
    callOptions.signal?.addEventListener('abort', cancel);
    const onProgress = (progress: Progress): void => {
      if (opening !== controller) return;
      store.setState({ progress });
      callOptions.onProgress?.(progress);
    };
    store.setState({ status: 'loading', error: null });
    if (failure !== null) notices.dismiss(failure);
    onProgress({ fraction: 0, label: 'Looking for the model' });
    // A visitor's file that cannot be read is the same file the next time; an address may answer then.
    let mayHelp = typeof source === 'string';
    try {
      const prepared = await prepare(source, { signal, onProgress });
      mayHelp = true;
      return await load(prepared, signal, onProgress);
    } catch (error) {
      if (opening === controller) fail(error, mayHelp ? source : null);
      throw error;
    } finally {
      callOptions.signal?.removeEventListener('abort', cancel);
      if (opening === controller) opening = null;
    }
  }

  async function prepare(source: Source, prepareOptions: PrepareOptions): Promise<PreparedModel> {
    prepareOptions.signal.throwIfAborted();
    if (typeof source !== 'string') {
      return sources.fromFiles(source instanceof File ? [source] : source, prepareOptions);
    }
    if (isLocal(source)) return sources.fromKept(source, prepareOptions);
    const url = asModelUrl(source, options.pageUrl);
    if (url) return sources.fromUrl(url, prepareOptions);
    await catalog.load();
    return sources.fromManifest(catalog.find(source), prepareOptions);
  }

  async function load(
    next: PreparedModel,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<CurrentModel> {
    onProgress({ fraction: 0.85, label: 'Waiting for the device' });
    await options.deviceReady;
    signal.throwIfAborted();
    const source = lacksStatistics(next.generator)
      ? await freezeStatistics(engine, next.generator, { count: FROZEN_OVER, signal, onProgress })
      : next.generator;
    onProgress({ fraction: 0.9, label: 'Putting the model on the device' });
    // Not given the signal: a load that was cancelled half way might leave its weights on the device.
    const { handle, layers } = await engine.load(source);
    try {
      signal.throwIfAborted();
      await engine.warmUp(handle, [1], {
        signal,
        onProgress: ({ fraction, label }) => {
          onProgress({ fraction: 0.9 + 0.1 * fraction, label });
        },
      });
      signal.throwIfAborted();
    } catch (error) {
      void engine.unload(handle).catch(() => undefined);
      throw error;
    }
    const { id, title, files } = next.entry;
    const modelHash = files.generator.sha256;
    const { spec } = source;
    const model = { id, title, modelHash, spec, layers, handle, judge: null, card: null };
    swap(model, next);
    return model;
  }

  function swap(model: CurrentModel, next: PreparedModel): void {
    const old = store.getState().current;
    rest = { entry: next.entry, judge: next.judge };
    weights = () => readAgain(next);
    norms = kernelNorms(next.generator);
    judging = null;
    catalog.add([next.entry]);
    store.setState({ status: 'ready', current: model, progress: null, error: null });
    if (old) void unloadWhenIdle(old);
    void keep(next);
    void loadCard(model.handle, next);
    if (next.judge) void judgeLater(model.handle);
  }

  async function readAgain({
    entry,
    keep: files,
  }: PreparedModel): Promise<PreparedModel['generator']> {
    const controller = new AbortController();
    const quiet: PrepareOptions = { signal: controller.signal, onProgress: () => undefined };
    if (files) {
      const file = new File([files.generator], entry.files.generator.path);
      return (await sources.fromFiles([file], quiet)).generator;
    }
    const again = isLocal(entry.id)
      ? await sources.fromKept(entry.id, quiet)
      : await sources.fromManifest(entry, quiet);
    return again.generator;
  }

  async function unloadWhenIdle(old: CurrentModel): Promise<void> {
    await generator.whenIdle(old.handle);
    const handles = old.judge ? [old.handle, old.judge.handle] : [old.handle];
    // One that went with a lost device cannot be unloaded, and need not be.
    for (const handle of handles) await engine.unload(handle).catch(() => undefined);
  }

  async function keep({ entry, keep: files }: PreparedModel): Promise<void> {
    if (files === null || (await local.keep(entry, files))) return;
    notices.post({
      level: 'warning',
      message: `${entry.title} is open, but this browser has no room to keep it.`,
      hint: 'After a reload, open its file again. A link to it works for whoever opens the same file.',
    });
  }

  async function loadCard(handle: number, next: PreparedModel): Promise<void> {
    if (!next.card) return;
    try {
      changeCurrent(handle, { card: await next.card() });
    } catch (error) {
      notices.postError(error);
    }
  }

  /** False when another model was opened meanwhile. */
  function changeCurrent(handle: number, change: Partial<CurrentModel>): boolean {
    const { current } = store.getState();
    if (current?.handle !== handle) return false;
    store.setState({ current: { ...current, ...change } });
    return true;
  }

  /** Never delays the first face: waits for the first picture, then for a quiet moment. */
  async function judgeLater(handle: number): Promise<void> {
    await Promise.race([generator.whenUsed(handle), delay(JUDGE_DELAY_MS)]);
    await quietMoment();
    if (store.getState().current?.handle !== handle) return;
    await judge().catch((error: unknown) => {
      notices.postError(error, { label: 'Try again', run: () => void judgeLater(handle) });
    });
  }

  function judge(): Promise<Judge | null> {
    const { current } = store.getState();
    const read = rest?.judge;
    if (!current || !read) return Promise.resolve(null);
    if (current.judge) return Promise.resolve(current.judge);
    const { handle, spec } = current;
    if (judging?.handle === handle) return judging.promise;
    const promise = loadJudge(engine, spec, read).then((loaded) => {
      if (changeCurrent(handle, { judge: loaded })) return loaded;
      void engine.unload(loaded.handle).catch(() => undefined);
      return null;
    });
    judging = { handle, promise };
    promise.catch(() => {
      if (judging?.promise === promise) judging = null;
    });
    return promise;
  }

  /** `again`: what "Try again" opens; null where that cannot help. */
  function fail(error: unknown, again: Source | null): void {
    const isOpen = store.getState().current !== null;
    if (isAbort(error)) {
      store.setState({ status: isOpen ? 'ready' : 'idle', progress: null });
      return;
    }
    const status = isOpen ? 'ready' : mayFallBack ? 'loading' : 'failed';
    const report = toErrorReport(error);
    store.setState({ status, progress: null, error: report });
    const action = again !== null && {
      label: 'Try again',
      run: () => void open(again).catch(() => undefined),
    };
    failure = notices.post({
      level: 'error',
      message: report.message,
      hint: report.hint,
      ...(action && { action }),
    });
  }

  async function start(id: string): Promise<CurrentModel> {
    void local.list().then((kept) => {
      catalog.add(kept);
    });
    // Beside the open, which reports it when the list is what it needs.
    const listed = catalog.load().catch(() => undefined);
    mayFallBack = id !== '';
    try {
      return await open(id);
    } catch (error) {
      mayFallBack = false;
      await listed;
      if (isAbort(error) || opening || store.getState().current) throw error;
      const [first] = store.getState().entries;
      // Why it is the first one and not the one that was asked for stays to be read.
      failure = null;
      if (first && !isLocal(first.id) && id !== '' && id !== first.id) return open('');
      store.setState({ status: 'failed' });
      throw error;
    } finally {
      mayFallBack = false;
    }
  }

  return {
    store,
    open,
    retry: () => open(lastSource),
    async forget(id) {
      const kept = await local.take(id);
      await local.remove(id);
      catalog.remove(id);
      return async () => {
        if (kept && (await local.keep(kept.entry, kept.files))) catalog.add([kept.entry]);
      };
    },
    judge,
    network: () => (weights ? weights() : Promise.reject(noNetwork())),
    async exemplars() {
      const { current } = store.getState();
      return current && rest ? exemplars(current, rest.entry.exemplars) : [];
    },
    kernelNorms: (layer) => norms.get(layer) ?? null,
    async boxSet() {
      const { current } = store.getState();
      return current && rest?.entry.boxes ? boxSets(current, rest.entry.boxes) : null;
    },
    start,
    dispose: () => {
      opening?.abort(overtaken());
    },
  };
}

function noNetwork(): AppError {
  return new AppError({
    code: 'no-model',
    message: 'No model is open yet.',
    hint: 'Wait until one is, or open a file of your own.',
  });
}

function overtaken(): DOMException {
  return new DOMException('Another model was opened meanwhile.', 'AbortError');
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function quietMoment(): Promise<void> {
  if (typeof requestIdleCallback === 'undefined') return delay(200);
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: 2000 }));
}
