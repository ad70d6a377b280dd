/** Which models there are, and what a name that somebody typed means. */
import type { StoreApi } from 'zustand/vanilla';
import { AppError } from '../lib/errors';
import { parseManifest, type ManifestEntry } from '../model/manifest';
import { downloadText } from './download';
import type { ModelState } from './session';

const MAX_MANIFEST_BYTES = 4 * 2 ** 20;

export interface ModelCatalog {
  /** Fetches index.json once; a failure is forgotten, so that a retry asks again. */
  load(): Promise<void>;
  /** Local models come after the bundled ones; a known id is replaced. */
  add(entries: readonly ManifestEntry[]): void;
  remove(id: string): void;
  /** The bundled model of this id, or the first one for ''. Throws AppError `model-unknown` or `no-models`. */
  find(id: string): ManifestEntry;
  /** Length of z of a known model, by the sha256 of its generator. */
  latentSizeOf(modelHash: string): number | undefined;
}

/** Keeps `store`'s entries. `modelsUrl` is the folder of index.json. */
export function createModelCatalog(modelsUrl: URL, store: StoreApi<ModelState>): ModelCatalog {
  let loading: Promise<void> | null = null;
  const entries = (): ManifestEntry[] => store.getState().entries;

  function add(added: readonly ManifestEntry[]): void {
    const byId = new Map([...entries(), ...added].map((entry) => [entry.id, entry]));
    const all = [...byId.values()];
    store.setState({
      entries: [...all.filter(({ id }) => !isLocal(id)), ...all.filter(({ id }) => isLocal(id))],
    });
  }

  async function fetchManifest(): Promise<void> {
    const options = { name: 'models/index.json', maxBytes: MAX_MANIFEST_BYTES };
    add(parseManifest(await downloadText(new URL('index.json', modelsUrl), options)).models);
  }

  return {
    load() {
      loading ??= fetchManifest().catch((error: unknown) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    add,
    remove(id) {
      store.setState({ entries: entries().filter((entry) => entry.id !== id) });
    },
    find(id) {
      const bundled = entries().filter((entry) => !isLocal(entry.id));
      const entry = id === '' ? bundled[0] : bundled.find((one) => one.id === id);
      if (entry) return entry;
      throw bundled.length === 0 ? noModels() : unknownModel(id, bundled);
    },
    latentSizeOf: (modelHash) =>
      entries().find(({ files }) => files.generator.sha256 === modelHash)?.latent.size,
  };
}

/** Whether an id names a model that was opened from a file. */
export function isLocal(id: string): boolean {
  return id.startsWith('local:');
}

/**
 * The URL that a name stands for, relative to the page; null for a name that is an id. Throws AppError
 * `model-url-foreign` for another origin: the page never sends a request there.
 */
export function asModelUrl(name: string, pageUrl: URL): URL | null {
  if (!/[/.]/.test(name) || !URL.canParse(name, pageUrl)) return null;
  const url = new URL(name, pageUrl);
  if (url.origin === pageUrl.origin) return url;
  throw new AppError({
    code: 'model-url-foreign',
    message: `${url.href} is on another site; models are opened from this one (${pageUrl.origin}) only.`,
    hint: 'This page talks to nobody but its own server. Download the file and open it from your disk.',
  });
}

function unknownModel(id: string, known: readonly ManifestEntry[]): AppError {
  return new AppError({
    code: 'model-unknown',
    message: `There is no model '${id}' here; there are: ${known.map((entry) => entry.id).join(', ')}.`,
    hint: 'The link may be of another version of the site. Choose one of these, or open a file of your own.',
  });
}

function noModels(): AppError {
  return new AppError({
    code: 'no-models',
    message: 'This site bundles no models (models/index.json lists none).',
    hint: 'Open a generator of your own: a .safetensors file from your disk.',
  });
}
