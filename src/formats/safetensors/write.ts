import { encodeFloat16 } from '../float16';
import { clip, DTYPE_BYTES, problem } from './header';

/** A tensor to write: its numbers in row-major order, kept in full or as halves. */
export interface TensorToWrite {
  name: string;
  dtype: 'F32' | 'F16';
  shape: readonly number[];
  data: Float32Array;
}

/**
 * Makes a safetensors file. The header is padded with spaces to a multiple of 8 bytes, and F32 tensors
 * come before F16 ones (else in the order given), so that every tensor is aligned to its type.
 *
 * Throws AppError `safetensors-size` where data do not fill the shape, `safetensors-duplicate-name`, and
 * `safetensors-overflow` where a finite number is too large for F16.
 */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const inOrder = tensors.toSorted((a, b) => DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype]);
  const entries = new Map<string, object>();
  if (Object.keys(metadata).length > 0) entries.set('__metadata__', metadata);
  let end = 0;
  for (const tensor of inOrder) {
    checkTensor(tensor, entries);
    const begin = end;
    end += tensor.data.length * DTYPE_BYTES[tensor.dtype];
    const { dtype, shape } = tensor;
    entries.set(tensor.name, { dtype, shape, data_offsets: [begin, end] });
  }
  const header = encodeHeader(entries);
  const bytes = new Uint8Array(8 + header.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const tensor of inOrder) {
    const data = encode(tensor);
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

function checkTensor(tensor: TensorToWrite, entries: ReadonlyMap<string, unknown>): void {
  const { name, shape, data } = tensor;
  const size = shape.reduce((product, n) => product * n, 1);
  if (size !== data.length) {
    throw problem(
      'size',
      `Tensor '${clip(name)}' of shape [${shape.join(', ')}] has ${data.length} numbers instead of ${size}.`,
      'Nothing was written. This is a fault of the page; please report it.',
    );
  }
  if (entries.has(name) || name === '__metadata__') {
    throw problem(
      'duplicate-name',
      `Two tensors are called '${clip(name)}', or a tensor has a reserved name.`,
      'Nothing was written. This is a fault of the page; please report it.',
    );
  }
}

function encodeHeader(entries: ReadonlyMap<string, object>): Uint8Array {
  // Not JSON.stringify of one object: its keys that look like numbers would change their order.
  const parts = [...entries].map(([name, e]) => `${JSON.stringify(name)}:${JSON.stringify(e)}`);
  const text = new TextEncoder().encode(`{${parts.join(',')}}`);
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

function encode({ name, dtype, data }: TensorToWrite): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const index = data.findIndex((x) => Number.isFinite(x) && Math.abs(x) >= 65520);
  if (index >= 0) {
    throw problem(
      'overflow',
      `Tensor '${clip(name)}' has ${data[index]} at position ${index}; half precision ends at 65,504.`,
      'Nothing was written. Save these weights in full precision (F32).',
    );
  }
  return new Uint8Array(encodeFloat16(data).buffer);
}
