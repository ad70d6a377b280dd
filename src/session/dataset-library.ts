/** What datasets.ts loads when pictures are first asked for. */
import type { ReadImagesRequest } from '../data/api';
import type { CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import type { BundledSet } from '../model/dataset-index';
import type { TrainingConfig } from '../model/training';
import { createBundledDatasets, type BundledDatasets } from './bundled-datasets';
import { createDataInput, type DataInput } from './data-input';
import type { DatasetEntry, Datasets, DatasetsOptions } from './datasets';
import { createKeptDatasets } from './kept-datasets';
import type { DatasetRef, TrainingData } from './training/training';

const DIGITS = { kind: 'digits', count: 4096, seed: 1 } as const;
const BUNDLED_SEED = 1;
/** Of opening a bundled set: downloading, then decoding. */
const DOWNLOAD_SHARE = 0.5;

export function createDatasetLibrary({
  database,
  datasetsUrl,
  input = createDataInput(),
}: DatasetsOptions): Datasets {
  const bundled = createBundledDatasets(datasetsUrl);
  const kept = createKeptDatasets(database);

  async function openKept(
    source: Extract<DatasetRef, { kind: 'kept' }>,
    { size, channels }: TrainingConfig['image'],
    options: CallOptions,
  ): Promise<TrainingData> {
    const { title, images } = await kept.take(source.id);
    const fits = images.size === size && images.channels === channels;
    return {
      title,
      source,
      images: fits ? images : await input.resize({ images, size, channels }, options),
    };
  }

  return {
    async list({ onMissing } = {}) {
      const bundledOnes = bundled.list().catch((error: unknown): BundledSet[] => {
        if (!onMissing) throw error;
        onMissing(error);
        return [];
      });
      const [sets, own] = await Promise.all([bundledOnes, kept.list()]);
      return [
        ...sets.map(({ id, title, about, licence, count, size, channels, files }) => ({
          source: { kind: 'bundled', id, seed: BUNDLED_SEED } as const,
          ...{ title, about, licence, count, size, channels },
          bytes: files.reduce((sum, file) => sum + file.bytes, 0),
        })),
        digitsEntry(),
        ...own.map(({ set, title, count, size, channels, bytes }) => ({
          source: { kind: 'kept', id: set } as const,
          ...{ title, count, size, channels, bytes },
          about: 'Pictures of your own, kept in this browser.',
          licence: '',
        })),
      ];
    },
    open(source, image, options = {}) {
      switch (source.kind) {
        case 'bundled':
          return openBundled(bundled, input, source, image, options);
        case 'digits':
          return openDigits(input, source, image, options);
        case 'kept':
          return openKept(source, image, options);
        case 'own':
          return Promise.reject(notKept());
      }
    },
    async read({ files, title, ...settings }, options = {}) {
      const request: ReadImagesRequest = { ...settings, source: { kind: 'files', files } };
      const { images, report } = await input.read(request, options);
      const name = title ?? titleOf(files.map((file) => file.name));
      return { data: { title: name, images, source: { kind: 'own' } }, report };
    },
    async keep(data) {
      const { set } = await kept.keep(data.title, data.images);
      return { ...data, source: { kind: 'kept', id: set } };
    },
    remove: (id) => kept.remove(id),
  };
}

/** How a set that needs no choices is read. */
const PLAIN = { framing: 'crop', tile: null } as const;

async function openBundled(
  bundled: BundledDatasets,
  input: DataInput,
  source: Extract<DatasetRef, { kind: 'bundled' }>,
  image: TrainingConfig['image'],
  { signal, onProgress }: CallOptions,
): Promise<TrainingData> {
  const { id, seed } = source;
  const set = await bundled.find(id);
  const files = await bundled.files(set, {
    signal,
    onProgress: ({ fraction, label }) =>
      onProgress?.({ fraction: DOWNLOAD_SHARE * fraction, label }),
  });
  const request: ReadImagesRequest = {
    source: { kind: 'bundled', id, files },
    ...PLAIN,
    ...image,
    tile: set.tile,
    seed,
  };
  const { images } = await input.read(request, {
    signal,
    onProgress: ({ fraction, label }) =>
      onProgress?.({ fraction: DOWNLOAD_SHARE + (1 - DOWNLOAD_SHARE) * fraction, label }),
  });
  return { title: set.title, images, source };
}

async function openDigits(
  input: DataInput,
  source: Extract<DatasetRef, { kind: 'digits' }>,
  image: TrainingConfig['image'],
  options: CallOptions,
): Promise<TrainingData> {
  const request: ReadImagesRequest = { source, ...PLAIN, ...image, seed: source.seed };
  const { images } = await input.read(request, options);
  return { title: digitsEntry().title, images, source };
}

function digitsEntry(): DatasetEntry {
  return {
    source: DIGITS,
    title: 'Digits',
    about:
      'Handwritten-looking digits, drawn by this page from random strokes: no file, and no hand, is behind them.',
    licence: 'MIT, as this project',
    count: DIGITS.count,
    size: null,
    channels: 1,
    bytes: 0,
  };
}

/** The folder that all files lie in, or a lone file's own name. */
function titleOf(names: readonly string[]): string {
  const [first = ''] = names;
  if (names.length === 1) return first.replace(/^.*\//, '').replace(/\.[^.]+$/, '') || first;
  const folder = first.split('/')[0] ?? '';
  const shared = first.includes('/') && names.every((name) => name.startsWith(`${folder}/`));
  return shared ? folder : 'Own pictures';
}

function notKept(): AppError {
  return new AppError({
    code: 'dataset-gone',
    message: 'The pictures of this run were chosen from files, which the page cannot open again.',
    hint: 'Choose the same files again.',
  });
}
