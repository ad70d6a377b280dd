import { damaged, MAX_BYTES, tooLarge } from '../lib/bytes/cursor';
import { AppError } from '../lib/errors';

/** Unpacks a gzip, up to 1 GiB. Rejects with AppError `damaged` or `too-large`. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      if (length > MAX_BYTES) throw tooLarge('The gzip unpacks to more than 1 GiB.');
    }
  } catch (cause) {
    void reader.cancel().catch(() => undefined);
    if (cause instanceof AppError) throw cause;
    throw damaged('The gzip breaks off or is damaged.', cause);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
