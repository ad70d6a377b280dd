import { AppError } from '../../lib/errors';
import type { ForeignNetwork } from '../../model/foreign';

/** A file as it was dropped, picked or unpacked. */
export interface InputFile {
  /** With its folders, as far as they are known: 'run3/generator.pth'. */
  name: string;
  bytes: Uint8Array;
}

/** What a format may ask for while it opens a file. */
export interface OpenContext {
  fileName: string;
  /** A file beside this one. Throws AppError `file-missing`, saying that `fileName` needs it. */
  find: (path: string) => Uint8Array;
  /** 0 for files as they were given, 1 for those in a zip, … */
  depth: number;
  /** Opens files that were inside this one. */
  openInner: (files: readonly InputFile[]) => Promise<ForeignNetwork[]>;
}

/** A format of weights that other programs write. */
export interface NetworkFormat {
  id: string;
  /** For people: 'PyTorch (.pt, .pth)'. */
  title: string;
  /** By content; the name only decides where content cannot. `head` has the first 1,024 bytes. */
  match(head: Uint8Array, fileName: string): boolean;
  /** Reads all networks of a file. Throws AppError with the reason where it cannot. */
  open(bytes: Uint8Array, context: OpenContext): Promise<ForeignNetwork[]> | ForeignNetwork[];
}

/** How `find` fails. */
export function missingFile(fileName: string, path: string): AppError {
  return new AppError({
    code: 'file-missing',
    message: `${fileName} needs the file '${path}', which was not given with it.`,
    hint: 'Its weights lie in several files. Open them together: select all of them, or drop their folder or a zip of it.',
  });
}

/** 'run3/generator.pth' → 'generator.pth'. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** 'run3/generator.pth' → 'run3/'; '' where there is none. */
export function folderOf(path: string): string {
  return path.slice(0, path.length - baseName(path).length);
}

const collator = new Intl.Collator('en', { numeric: true });

/** 'layer_2' before 'layer_10'. */
export function compareNatural(a: string, b: string): number {
  return collator.compare(a, b);
}

/** Sorts names whose numbers do not rise by themselves (zips and folders keep no order). */
export function inNumberOrder<T extends { name: string }>(items: readonly T[]): T[] {
  const numbers = items.map(({ name }) => Number(/\d+/.exec(name)?.[0] ?? -1));
  const rising = numbers.every(
    (number, index) => index === 0 || number >= (numbers[index - 1] ?? 0),
  );
  if (rising) return [...items];
  return items.toSorted(
    (a, b) => compareNatural(stem(a.name), stem(b.name)) || rankOf(a.name) - rankOf(b.name),
  );
}

function stem(name: string): string {
  return name.replace(/(__|[./])[A-Za-z_]+$/, '');
}

/** A layer's kernel comes before its bias, whatever the alphabet says. */
function rankOf(name: string): number {
  const order = ['weight', 'kernel', 'gamma', 'bias', 'beta', 'mean', 'var'];
  const last = name.toLowerCase();
  const rank = order.findIndex((word) => last.endsWith(word));
  return rank < 0 ? order.length : rank;
}
