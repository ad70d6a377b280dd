import { AppError } from '../../lib/errors';
import type { ForeignNetwork } from '../../model/foreign';
import { MAX_BYTES, tooLarge } from '../../lib/bytes/cursor';
import { isNpy, readNpy } from '../numpy/npy';
import { baseName, compareNatural, folderOf, missingFile } from './format';
import type { InputFile, NetworkFormat, OpenContext } from './format';
import { networkFormats } from './formats';
import { isBystander, recogniseOther } from './not-weights';
import { splitNetworks } from './split';

export interface OpenFilesOptions {
  /** Checked between files. */
  signal?: AbortSignal | undefined;
  /** Which file is being read, and how far the whole is (0 to 1). */
  onProgress?: ((progress: { fraction: number; label: string }) => void) | undefined;
}

/** What was found in files that were opened together. */
export interface OpenedFiles {
  networks: ForeignNetwork[];
  /** Files that could not be read although others could, each with its reason. */
  refused: { name: string; reason: AppError }[];
}

const HEAD_BYTES = 1024;

/** The format whose turn it is, by content first. */
function findNetworkFormat(head: Uint8Array, fileName: string): NetworkFormat | undefined {
  return networkFormats.find((format) => format.match(head, fileName));
}

/**
 * Opens weights that other programs wrote: one file, or several that belong together (a folder, a
 * joblib index with its .npy files, model.json with its shards, .npy files by number).
 *
 * Throws an AppError whose message begins with the file's name: that of the first file that looked like
 * weights where none could be read; `no-files` for an empty list; the signal's reason when aborted.
 */
export async function openFiles(
  files: readonly InputFile[],
  options: OpenFilesOptions = {},
): Promise<OpenedFiles> {
  return openSet(files, options, 0);
}

async function openSet(
  files: readonly InputFile[],
  options: OpenFilesOptions,
  depth: number,
): Promise<OpenedFiles> {
  const weighty = files.filter(({ name }) => !isBystander(name));
  // A lone file is looked at whatever its name: it is what the person meant.
  const list = weighty.length > 0 ? weighty : files;
  if (list.length === 0) throw noFiles();
  checkTotal(list);
  const claimed = new Set<InputFile>();
  const opened: OpenedFiles = { networks: [], refused: [] };
  for (const [index, file] of inOpeningOrder(list).entries()) {
    options.signal?.throwIfAborted();
    if (claimed.has(file)) continue;
    options.onProgress?.({
      fraction: index / list.length,
      label: `Reading ${baseName(file.name)}`,
    });
    // Lets the worker hear of an abort.
    await Promise.resolve();
    try {
      opened.networks.push(...(await openOne(file, list, claimed, options, depth)));
    } catch (error) {
      if (!(error instanceof AppError)) throw unreadable(file.name, error);
      opened.refused.push({ name: file.name, reason: naming(file.name, error) });
    }
  }
  if (opened.networks.length === 0) throw worstOf(opened.refused);
  return { ...opened, networks: opened.networks.flatMap(splitNetworks) };
}

/** Files that name others come first, so that those are not taken for networks of their own. */
function inOpeningOrder(files: readonly InputFile[]): InputFile[] {
  const rank = ({ name }: InputFile): number => (/\.(json|jl|joblib|pkl)$/i.test(name) ? 0 : 1);
  return files.toSorted((a, b) => rank(a) - rank(b) || compareNatural(a.name, b.name));
}

async function openOne(
  file: InputFile,
  all: readonly InputFile[],
  claimed: Set<InputFile>,
  options: OpenFilesOptions,
  depth: number,
): Promise<ForeignNetwork[]> {
  const { name, bytes } = file;
  if (bytes.length === 0) throw emptyFile();
  const head = bytes.subarray(0, HEAD_BYTES);
  const set = isNpy(head) ? npySet(file, all, claimed) : null;
  if (set) return [set];
  const other = recogniseOther(head, name);
  if (other) throw other;
  const format = findNetworkFormat(head, name);
  if (!format) throw unknownFormat();
  const context: OpenContext = {
    fileName: baseName(name),
    depth,
    find: (path) => findBeside(file, path, all, claimed),
    openInner: async (inner) => (await openSet(inner, options, depth + 1)).networks,
  };
  const networks = await format.open(bytes, context);
  const title = all.length > 1 || depth > 0 ? name : baseName(name);
  return networks.map((network) => ({
    ...network,
    label: [title, network.label].filter((part) => part !== '').join(': '),
  }));
}

/** .npy files of one folder are the arrays of one network, in the order of their numbers. */
function npySet(
  file: InputFile,
  all: readonly InputFile[],
  claimed: Set<InputFile>,
): ForeignNetwork | null {
  const folder = folderOf(file.name);
  const set = all.filter(
    (other) => folderOf(other.name) === folder && isNpy(other.bytes) && !claimed.has(other),
  );
  if (set.length < 2) return null;
  for (const other of set) claimed.add(other);
  const sorted = set.toSorted((a, b) => compareNatural(a.name, b.name));
  const arrays = sorted.map(({ name, bytes }) =>
    readNpy(bytes, baseName(name).replace(/\.npy$/i, '')),
  );
  const label = folder.replace(/\/$/, '') || `${set.length} .npy files`;
  return { label, framework: 'unknown', arrays, notes: [] };
}

function findBeside(
  file: InputFile,
  path: string,
  all: readonly InputFile[],
  claimed: Set<InputFile>,
): Uint8Array {
  const wanted = folderOf(file.name) + path;
  // Pickers give no folders, so the bare name must do where it is the only one.
  const sameName = all.filter(({ name }) => baseName(name) === baseName(path));
  const found =
    all.find(({ name }) => name === wanted) ?? (sameName.length === 1 ? sameName[0] : undefined);
  if (!found) throw missingFile(baseName(file.name), baseName(path));
  claimed.add(found);
  return found.bytes;
}

function checkTotal(files: readonly InputFile[]): void {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > MAX_BYTES) {
    throw tooLarge(`The files have ${total} bytes in all; at most ${MAX_BYTES} (1 GiB) are read.`);
  }
}

/** Where nothing could be read, the reason of the likeliest file counts: not that of a stray one. */
function worstOf(refused: OpenedFiles['refused']): AppError {
  const stray = new Set(['format-unknown', 'json-without-weights', 'picture', 'file-empty']);
  const [first] = refused;
  const likely = refused.find(({ reason }) => !stray.has(reason.code)) ?? first;
  return likely?.reason ?? noFiles();
}

function naming(fileName: string, error: AppError): AppError {
  const { code, message, hint } = error;
  return new AppError(
    { code, message: `${baseName(fileName)}: ${message}`, hint },
    { cause: error },
  );
}

/** A RangeError of an allocation, or a case that no check foresaw: still a broken file, not a broken page. */
function unreadable(fileName: string, cause: unknown): unknown {
  if (!(cause instanceof RangeError || cause instanceof TypeError)) return cause;
  return new AppError(
    {
      code: 'damaged',
      message: `${baseName(fileName)}: The file contradicts itself (${cause.message}).`,
      hint: 'The file is damaged or was not written by the program that its beginning names. Fetch or export it again.',
    },
    { cause },
  );
}

function emptyFile(): AppError {
  return new AppError({
    code: 'file-empty',
    message: 'The file is empty.',
    hint: 'Its download or export probably broke off. Get it again.',
  });
}

function noFiles(): AppError {
  return new AppError({
    code: 'no-files',
    message: 'There is no file to open: the folder is empty.',
    hint: 'Choose the weights file, or the folder that has it.',
  });
}

function unknownFormat(): AppError {
  const titles = networkFormats.map(({ title }) => title).join(', ');
  return new AppError({
    code: 'format-unknown',
    message: 'This is no weights file of a kind that is read here.',
    hint: `Read are ${titles}. docs/formats.md says in two lines for each framework how to save them.`,
  });
}
