/** From what a visitor names (an id, files, a URL) to a parsed generator and how to get the rest of it. */
import type { NetworkSource } from '../model/source';
import type { Progress } from '../engine/api';
import { AppError } from '../lib/errors';
import { parseCard, type Card, type ManifestEntry, type ModelFile } from '../model/manifest';
import type { GeneratorSpec, JudgeSpec, Role } from '../model/spec';
import { downloadBytes, downloadText, formatBytes } from './download';
import type { ForeignFile, ForeignInput, OpenForeignAnswer } from './foreign';
import type { Input, ReadNetworkAnswer } from './input';
import type { LocalModels, RoleFiles } from './local-models';
import { sha256Hex } from './sha256';

/** Hex digits of a file's sha256 that stand in its address. */
const VERSION_DIGITS = 12;

/** As the formats' readers: no DCGAN comes near it. */
const MAX_MODEL_BYTES = 2 ** 30;
const MAX_TEXT_BYTES = 64 * 2 ** 20;

type GeneratorSource = NetworkSource & { spec: GeneratorSpec };
export type JudgeSource = NetworkSource & { spec: JudgeSpec };

/** A model whose generator was checked and parsed; the rest is fetched when asked for. */
export interface PreparedModel {
  entry: ManifestEntry;
  generator: GeneratorSource;
  /** Null for a model without a judge. */
  judge: (() => Promise<JudgeSource>) | null;
  card: (() => Promise<Card>) | null;
  /** Files that should be kept for later sessions. */
  keep: RoleFiles | null;
}

export interface SourceOptions {
  input: Input;
  foreign: ForeignInput;
  /** Told how a foreign file was read, and which model it became. */
  onForeign: (title: string, answer: OpenForeignAnswer, modelId: string) => void;
  local: LocalModels;
  /** The folder of index.json. */
  modelsUrl: URL;
}

export interface PrepareOptions {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

type Prepare<T> = (source: T, options: PrepareOptions) => Promise<PreparedModel>;

export interface ModelSources {
  fromManifest: Prepare<ManifestEntry>;
  fromKept: Prepare<string>;
  fromFiles: Prepare<readonly File[]>;
  fromUrl: Prepare<URL>;
  /** A text file beside a bundled model. */
  text(path: string): Promise<string>;
}

export function createModelSources(options: SourceOptions): ModelSources {
  const { input, foreign, local, modelsUrl } = options;
  const text = (path: string): Promise<string> =>
    downloadText(new URL(path, modelsUrl), { name: path, maxBytes: MAX_TEXT_BYTES });

  /** Downloads and parses; a checksum that does not match may be an outdated cache, so it asks once more past it. */
  async function readListed(file: ModelFile, { signal, onProgress }: Partial<PrepareOptions>) {
    const url = new URL(file.path, modelsUrl);
    // Other content, other address: what caches hold under it never grows stale.
    url.searchParams.set('v', file.sha256.slice(0, VERSION_DIGITS));
    const attempt = async (fresh: boolean): Promise<ReadNetworkAnswer> => {
      const bytes = await downloadBytes(url, {
        name: file.path,
        expectedBytes: file.bytes,
        maxBytes: MAX_MODEL_BYTES,
        signal,
        fresh,
        onBytes: (received, total) => onProgress?.(downloadProgress(received, total)),
      });
      const request = { bytes, fileName: file.path, sha256: file.sha256 };
      return input.readNetwork(request, { signal });
    };
    try {
      return await attempt(false);
    } catch (error) {
      const stale =
        error instanceof AppError && ['model-integrity', 'download-size'].includes(error.code);
      if (!stale) throw error;
      return attempt(true);
    }
  }

  const fromManifest: Prepare<ManifestEntry> = async (entry, prepareOptions) => {
    const { network } = await readListed(entry.files.generator, prepareOptions);
    const judgeFile = entry.files.judge;
    return {
      entry,
      generator: asGenerator(network, entry.files.generator.path),
      judge: judgeFile
        ? async () => asJudge((await readListed(judgeFile, {})).network, judgeFile.path)
        : null,
      card: async () => parseCard(await text(entry.card)),
      keep: null,
    };
  };

  async function readBlob(blob: Blob, fileName: string, signal: AbortSignal, sha256?: string) {
    checkFileSize(blob, fileName);
    const bytes = await fileBytes(blob, fileName);
    return input.readNetwork({ bytes, fileName, ...(sha256 && { sha256 }) }, { signal });
  }

  const fromKept: Prepare<string> = async (id, { signal, onProgress }) => {
    onProgress({ fraction: 0.1, label: 'Reading the file that this browser kept' });
    const kept = await local.take(id);
    if (kept === null) throw notKept(id);
    const { entry, files } = kept;
    const { path, sha256 } = entry.files.generator;
    const { network } = await readBlob(files.generator, path, signal, sha256);
    const judgeBlob = files.judge;
    const judgeName = entry.files.judge?.path ?? 'judge';
    return {
      entry,
      generator: asGenerator(network, path),
      judge: judgeBlob
        ? async () => {
            const answer = await readBlob(judgeBlob, judgeName, new AbortController().signal);
            return asJudge(answer.network, judgeName);
          }
        : null,
      card: null,
      keep: null,
    };
  };

  /** Weights that other programs wrote become a file of ours, which is what is kept and linked to. */
  async function fromForeign(
    files: readonly File[],
    { signal, onProgress }: PrepareOptions,
  ): Promise<PreparedModel> {
    for (const file of files) checkFileSize(file, file.name);
    const answer = await foreign.open(files.map(namedFile), {
      signal,
      onProgress: ({ fraction, label }) => {
        onProgress({ fraction: 0.8 * fraction, label });
      },
    });
    const title = titleOf(files, answer);
    const file = new File([answer.bytes], `${title}.safetensors`);
    const sha256 = await sha256Hex(new Uint8Array(answer.bytes));
    const prepared = fromReadFiles([{ file, answer: { network: answer.network, sha256 } }]);
    options.onForeign(title, answer, prepared.entry.id);
    return prepared;
  }

  const fromFiles: Prepare<readonly File[]> = async (files, prepareOptions) => {
    const { signal, onProgress } = prepareOptions;
    if (!files.every(({ name }) => name.endsWith('.safetensors'))) {
      return fromForeign(files, prepareOptions);
    }
    try {
      return await fromOwnFiles(files, signal, onProgress);
    } catch (error) {
      // Without our description it is a foreign one, like any other.
      if (!(error instanceof AppError && error.code === 'network-without-spec')) throw error;
      return fromForeign(files, prepareOptions);
    }
  };

  const fromOwnFiles = async (
    files: readonly File[],
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<PreparedModel> => {
    const read: ReadFile[] = [];
    for (const [index, file] of files.entries()) {
      onProgress({ fraction: 0.8 * (index / files.length), label: `Reading ${file.name}` });
      read.push({ file, answer: await readBlob(file, file.name, signal) });
    }
    return fromReadFiles(read);
  };

  const fromUrl: Prepare<URL> = async (url, prepareOptions) => {
    const name = fileNameOf(url);
    const bytes = await downloadBytes(url, {
      name,
      maxBytes: MAX_MODEL_BYTES,
      signal: prepareOptions.signal,
      onBytes: (received, total) => {
        prepareOptions.onProgress(downloadProgress(received, total));
      },
    });
    return fromFiles([new File([bytes], name)], prepareOptions);
  };

  return { fromManifest, fromKept, fromFiles, fromUrl, text };
}

/** With its folders, where a dropped or picked folder gave them. */
function namedFile(file: File): ForeignFile {
  return { name: file.webkitRelativePath || file.name, file };
}

/** One file's own name; of several, that of the one in which the network was found. */
function titleOf(files: readonly File[], { networks, index }: OpenForeignAnswer): string {
  const label = networks[index]?.label ?? '';
  const name = files.length === 1 ? files[0]?.name : label.split(': ')[0];
  const base = (name ?? label).replace(/^.*[/\\]/, '');
  return base.replace(/\.[^.]+$/, '') || 'opened files';
}

interface ReadFile {
  file: File;
  answer: ReadNetworkAnswer;
}

/** Which file is what stands in the files themselves; their names do not matter. */
function fromReadFiles(read: readonly ReadFile[]): PreparedModel {
  const generator = onlyOne(read, 'generator');
  if (!generator) throw noGenerator(read);
  const judge = onlyOne(read, 'judge');
  const discriminator = onlyOne(read, 'discriminator');
  const source = asGenerator(generator.answer.network, generator.file.name);
  const entry: ManifestEntry = {
    id: `local:${generator.answer.sha256.slice(0, 16)}`,
    title: generator.file.name.replace(/\.[^.]+$/, ''),
    files: {
      generator: describe(generator),
      ...(discriminator && { discriminator: describe(discriminator) }),
      ...(judge && { judge: describe(judge) }),
    },
    card: '',
    exemplars: null,
    latent: source.spec.latent,
    image: source.spec.output,
  };
  return {
    entry,
    generator: source,
    judge: judge ? () => Promise.resolve(asJudge(judge.answer.network, judge.file.name)) : null,
    card: null,
    keep: {
      generator: generator.file,
      ...(discriminator && { discriminator: discriminator.file }),
      ...(judge && { judge: judge.file }),
    },
  };
}

function describe({ file, answer }: ReadFile): ModelFile {
  return { path: file.name, bytes: file.size, sha256: answer.sha256 };
}

function onlyOne(read: readonly ReadFile[], role: Role): ReadFile | undefined {
  const [first, second] = read.filter(({ answer }) => answer.network.spec.role === role);
  if (!first || !second) return first;
  throw new AppError({
    code: 'model-files-ambiguous',
    message: `${first.file.name} and ${second.file.name} both hold a ${role}.`,
    hint: 'Open one model at a time: one generator, and if you have them its discriminator and its judge.',
  });
}

function noGenerator(read: readonly ReadFile[]): AppError {
  const found = read.map(({ file, answer }) => `${file.name} holds a ${answer.network.spec.role}`);
  return new AppError({
    code: 'model-no-generator',
    message: `There is no generator to open: ${found.length === 0 ? 'no file was given' : found.join(', ')}.`,
    hint: 'Pictures come from a generator. Open its file, alone or together with these.',
  });
}

function asGenerator(network: NetworkSource, fileName: string): GeneratorSource {
  const { spec } = network;
  if (spec.role === 'generator') return { ...network, spec };
  throw wrongRole(fileName, spec.role, 'generator');
}

function asJudge(network: NetworkSource, fileName: string): JudgeSource {
  const { spec } = network;
  if (spec.role === 'judge') return { ...network, spec };
  throw wrongRole(fileName, spec.role, 'judge');
}

function wrongRole(fileName: string, role: Role, wanted: Role): AppError {
  return new AppError({
    code: 'model-wrong-role',
    message: `${fileName} holds a ${role}, not a ${wanted}.`,
    hint: `The file cannot be used in this place. Choose the ${wanted}’s file.`,
  });
}

function checkFileSize(blob: Blob, fileName: string): void {
  if (blob.size <= MAX_MODEL_BYTES) return;
  throw new AppError({
    code: 'model-too-large',
    message: `${fileName} has ${formatBytes(blob.size)}; at most ${formatBytes(MAX_MODEL_BYTES)} are read.`,
    hint: 'No DCGAN generator is that large. Choose the file of the weights alone, without optimizer state.',
  });
}

async function fileBytes(blob: Blob, fileName: string): Promise<ArrayBuffer> {
  try {
    return await blob.arrayBuffer();
  } catch (cause) {
    throw new AppError(
      {
        code: 'model-unreadable',
        message: `${fileName} cannot be read: it was moved, changed or taken away since it was chosen.`,
        hint: 'Choose the file again. What was open stays open.',
      },
      { cause },
    );
  }
}

function notKept(id: string): AppError {
  return new AppError({
    code: 'model-not-kept',
    message: `The model ${id} was opened from a file that this browser does not have.`,
    hint: `Open that file again (its sha256 begins with ${id.slice('local:'.length)}): the link then shows what it should.`,
  });
}

function downloadProgress(received: number, total: number): Progress {
  const known = total > 0;
  return {
    fraction: known ? 0.8 * Math.min(1, received / total) : 0.4,
    label: known
      ? `Downloading the model: ${formatBytes(received)} of ${formatBytes(total)}`
      : `Downloading the model: ${formatBytes(received)}`,
  };
}

/** The last part of the path, or all of it where that is empty or not decodable. */
function fileNameOf({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || pathname;
  } catch {
    return last;
  }
}
