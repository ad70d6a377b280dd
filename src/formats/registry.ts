import { AppError } from '../lib/errors';
import type { ArrayFormat, NamedArrays } from './arrays';
import { safetensors } from './safetensors/read';

/** Every format that can be opened, in the order in which they are tried. */
const formats: readonly ArrayFormat[] = [safetensors];

const HEAD_BYTES = 64;

/** The format of a file, by its first bytes or its name; undefined for none that we know. */
export function findFormat(head: Uint8Array, fileName: string): ArrayFormat | undefined {
  return formats.find((format) => format.match(head, fileName));
}

/**
 * Opens a weights file of any known format. Messages of errors begin with the file's name.
 *
 * Throws AppError `file-empty`, `format-unknown`, or the format's own.
 */
export function openArrays(bytes: Uint8Array, fileName: string): NamedArrays {
  return namingFile(fileName, () => {
    if (bytes.byteLength === 0) {
      throw new AppError({
        code: 'file-empty',
        message: 'The file is empty.',
        hint: 'Its download or export probably broke off. Get it again.',
      });
    }
    const format = findFormat(bytes.subarray(0, HEAD_BYTES), fileName);
    if (!format) throw unknownFormat(bytes);
    return format.open(bytes);
  });
}

/** Runs `read`; an AppError of it gets the file's name before its message. */
export function namingFile<T>(fileName: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, hint } = error;
    throw new AppError({ code, message: `${fileName}: ${message}`, hint }, { cause: error });
  }
}

function unknownFormat(bytes: Uint8Array): AppError {
  const start = new TextDecoder()
    .decode(new Uint8Array(bytes.subarray(0, HEAD_BYTES)))
    .trimStart()
    .toLowerCase();
  const page = start.startsWith('<!doctype') || start.startsWith('<html');
  const titles = formats.map((format) => format.title).join(', ');
  return new AppError({
    code: 'format-unknown',
    message: page
      ? 'This is a web page, not a weights file.'
      : `This is no weights file of a kind that is read here (${titles}).`,
    hint: page
      ? 'The address led to a page about the file, or to an error page. Use the link of the file itself.'
      : 'Convert the weights to safetensors, for instance with safetensors.torch.save_file in Python.',
  });
}
