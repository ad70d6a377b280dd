import type { ArrayFormat, NamedArrays, SourceArray } from '../arrays';
import { decodeBfloat16, decodeFloat16 } from '../float16';
import { clip, DTYPE_BYTES, parseHeader, problem } from './header';
import type { Dtype, Header, TensorEntry } from './header';

// https://huggingface.co/docs/safetensors: 8 bytes of header length N (unsigned, little endian), N bytes of
// JSON, then the tensors' bytes, row-major, little endian, without gaps or overlaps.

/** 1 GiB: more than any DCGAN by far, and about what a browser tab can hold. */
export const MAX_FILE_BYTES = 2 ** 30;
const MAX_HEADER_BYTES = 2 ** 24;

/** The safetensors format. */
export const safetensors: ArrayFormat = {
  id: 'safetensors',
  title: 'safetensors (.safetensors)',
  match(head, fileName) {
    if (/\.safetensors$/i.test(fileName)) return true;
    return head.length > 8 && headerLength(head) <= MAX_HEADER_BYTES && head[8] === 0x7b;
  },
  open: openSafetensors,
};

/**
 * Reads a safetensors file. The result keeps `bytes` and copies a tensor out of it when it is converted.
 *
 * Throws AppErrors `safetensors-…`: too-large, truncated, header-length, header-encoding, header-json,
 * header-depth, duplicate-name, metadata, entry, offsets, shape, dtype, tensor-count, size, overlap, gap.
 */
export function openSafetensors(bytes: Uint8Array): NamedArrays {
  if (bytes.byteLength > MAX_FILE_BYTES) {
    throw problem(
      'too-large',
      `The file has ${bytes.byteLength} bytes; at most ${MAX_FILE_BYTES} (1 GiB) are read.`,
      'A DCGAN is a hundred times smaller: this is probably another kind of network.',
    );
  }
  const { header, dataStart } = readHeader(bytes);
  const data = bytes.subarray(dataStart);
  checkLayout(header, data.byteLength);
  const arrays = new Map<string, SourceArray>();
  for (const { name, dtype, shape, begin, end } of header.tensors) {
    // A copy, since offsets need not be aligned; not by slice(), which in Node's Buffer is a view.
    const toFloat32 = () => decode(dtype, new Uint8Array(data.subarray(begin, end)).buffer);
    arrays.set(name, { dtype, shape, toFloat32 });
  }
  return { arrays, metadata: header.metadata };
}

/** The first 8 bytes as a number; beyond 2⁵³ inexact, which no check here minds. */
function headerLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
}

function readHeader(bytes: Uint8Array): { header: Header; dataStart: number } {
  if (bytes.byteLength < 8) {
    throw problem(
      'truncated',
      `The file has ${bytes.byteLength} bytes; the length of its header alone takes 8.`,
      'The file is empty or was cut off. Download or export it again.',
    );
  }
  const length = headerLength(bytes);
  if (length < 2 || length > MAX_HEADER_BYTES) {
    throw problem(
      'header-length',
      `The file says that its header has ${length} bytes; expected: 2 to ${MAX_HEADER_BYTES}.`,
      'This is not a safetensors file, or it is damaged. Download or export it again.',
    );
  }
  const dataStart = 8 + length;
  if (dataStart > bytes.byteLength) {
    throw problem(
      'truncated',
      `The file says that its header has ${length} bytes, but ends after ${bytes.byteLength - 8} of them.`,
      'The file was cut off, as by a broken download. Download or export it again.',
    );
  }
  return {
    header: parseHeader(decodeText(new Uint8Array(bytes.subarray(8, dataStart)))),
    dataStart,
  };
}

function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw problem('header-encoding', "The file's header is not UTF-8 text.");
  }
}

/** Every tensor has as many bytes as its type and shape need, and together they fill the data exactly. */
function checkLayout({ tensors }: Header, dataBytes: number): void {
  let filled = 0;
  let previous: TensorEntry | undefined;
  // Tensors without numbers take no bytes and may share their place with another's begin.
  const inOrder = tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  for (const tensor of inOrder) {
    checkSize(tensor);
    checkNeighbours(tensor, previous, filled);
    filled = tensor.end;
    previous = tensor;
  }
  if (previous && filled > dataBytes) {
    throw problem(
      'truncated',
      `The file ends early: tensor '${clip(previous.name)}' goes up to byte ${filled} of the data, which has ${dataBytes}.`,
      'The file was cut off, as by a broken download. Download or export it again.',
    );
  }
  if (filled < dataBytes) {
    throw problem(
      'gap',
      `The last ${dataBytes - filled} bytes of the file (from byte ${filled} of the data) belong to no tensor.`,
    );
  }
}

function checkSize({ name, dtype, shape, begin, end }: TensorEntry): void {
  const needed = shape.reduce((product, n) => product * n, DTYPE_BYTES[dtype]);
  if (end - begin === needed) return;
  throw problem(
    'size',
    `Tensor '${clip(name)}' (${dtype}, shape [${shape.join(', ')}]) needs ${needed} bytes, but has ${end - begin} (${begin} to ${end}).`,
  );
}

function checkNeighbours(
  tensor: TensorEntry,
  previous: TensorEntry | undefined,
  filled: number,
): void {
  const name = clip(tensor.name);
  if (tensor.begin < filled) {
    throw problem(
      'overlap',
      `Tensor '${name}' begins at byte ${tensor.begin}, inside '${clip(previous?.name ?? '')}', which ends at ${filled}.`,
    );
  }
  if (tensor.begin > filled) {
    throw problem(
      'gap',
      `Bytes ${filled} to ${tensor.begin} before tensor '${name}' belong to no tensor.`,
    );
  }
}

/** Typed arrays read in the machine's byte order: little endian wherever browsers run. */
function decode(dtype: Dtype, buffer: ArrayBuffer): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'F16':
      return decodeFloat16(new Uint16Array(buffer));
    case 'BF16':
      return decodeBfloat16(new Uint16Array(buffer));
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'U64':
      return Float32Array.from(new BigUint64Array(buffer), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(buffer));
    case 'U32':
      return Float32Array.from(new Uint32Array(buffer));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer));
    case 'U16':
      return Float32Array.from(new Uint16Array(buffer));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer));
    case 'U8':
      return Float32Array.from(new Uint8Array(buffer));
    case 'BOOL':
      return Float32Array.from(new Uint8Array(buffer), (byte) => (byte ? 1 : 0));
  }
}
