/** The sets of pictures that ship with the page: which there are, and their files. */
import type { DataFile } from '../data/api';
import { AppError } from '../lib/errors';
import type { RpcProgress } from '../lib/rpc';
import { parseDatasetIndex, type BundledSet } from '../model/dataset-index';
import type { ModelFile } from '../model/manifest';
import { downloadBytes, downloadText, formatBytes } from './download';
import { sha256Hex } from './sha256';

const MAX_INDEX_BYTES = 2 ** 20;
const MAX_SHEET_BYTES = 16 * 2 ** 20;
const VERSION_DIGITS = 16;

interface FetchOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: RpcProgress) => void) | undefined;
}

export interface BundledDatasets {
  /** Fetched once; a failure is forgotten, so that a retry asks again. Rejects with `datasets-…` or `download-…`. */
  list(): Promise<BundledSet[]>;
  /** Throws AppError `dataset-unknown`. */
  find(id: string): Promise<BundledSet>;
  /** All sheets, checked. Rejects with `dataset-integrity` or `download-…`. */
  files(set: BundledSet, options?: FetchOptions): Promise<DataFile[]>;
}

/** `datasetsUrl` is the folder of index.json. */
export function createBundledDatasets(datasetsUrl: URL): BundledDatasets {
  let loading: Promise<BundledSet[]> | null = null;

  async function fetchIndex(): Promise<BundledSet[]> {
    const options = { name: 'datasets/index.json', maxBytes: MAX_INDEX_BYTES };
    return parseDatasetIndex(await downloadText(new URL('index.json', datasetsUrl), options)).sets;
  }

  function list(): Promise<BundledSet[]> {
    loading ??= fetchIndex().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  return {
    list,
    async find(id) {
      const sets = await list();
      const set = sets.find((one) => one.id === id);
      if (set) return set;
      throw unknownSet(id, sets);
    },
    async files(set, { signal, onProgress } = {}) {
      const total = set.files.reduce((sum, { bytes }) => sum + bytes, 0);
      const files: DataFile[] = [];
      let before = 0;
      for (const file of set.files) {
        const bytes = await fetchChecked(datasetsUrl, file, signal, (received) => {
          const done = before + received;
          const label = `Downloading ${set.title}: ${formatBytes(done)} of ${formatBytes(total)}`;
          onProgress?.({ fraction: done / total, label });
        });
        files.push({ name: file.path, file: new Blob([bytes]) });
        before += file.bytes;
      }
      return files;
    },
  };
}

/** A checksum that does not match may be an outdated cache, so it asks once more past it. */
async function fetchChecked(
  base: URL,
  file: ModelFile,
  signal: AbortSignal | undefined,
  onBytes: (received: number) => void,
): Promise<ArrayBuffer> {
  const url = new URL(file.path, base);
  // Other content, other address: what caches hold under it never grows stale.
  url.searchParams.set('v', file.sha256.slice(0, VERSION_DIGITS));
  const attempt = async (fresh: boolean): Promise<ArrayBuffer> => {
    const options = { name: file.path, expectedBytes: file.bytes, maxBytes: MAX_SHEET_BYTES };
    const bytes = await downloadBytes(url, { ...options, signal, fresh, onBytes });
    const sha256 = await sha256Hex(new Uint8Array(bytes));
    if (sha256 !== file.sha256) throw notAsListed(file, sha256);
    return bytes;
  };
  try {
    return await attempt(false);
  } catch (error) {
    const stale =
      error instanceof AppError && ['dataset-integrity', 'download-size'].includes(error.code);
    if (!stale) throw error;
    return attempt(true);
  }
}

function notAsListed({ path, sha256 }: ModelFile, found: string): AppError {
  return new AppError({
    code: 'dataset-integrity',
    message: `${path} is not the file that it should be: its sha256 begins with ${found.slice(0, 16)}, expected ${sha256.slice(0, 16)}.`,
    hint: 'The file was changed or damaged on its way, so it was not used. Try again, or train on digits or pictures of your own.',
  });
}

function unknownSet(id: string, sets: readonly BundledSet[]): AppError {
  return new AppError({
    code: 'dataset-unknown',
    message: `There are no bundled pictures '${id}'; there are: ${sets.map((set) => set.id).join(', ')}.`,
    hint: 'Choose one of these, the digits, or pictures of your own.',
  });
}
