/** Files from this page's own origin, with progress and with messages that name the file. */
import { AppError, isAbort } from '../lib/errors';

export interface DownloadOptions {
  /** As messages call it: 'characters-64/generator.safetensors'. */
  name: string;
  /** What the manifest promises; more or less is an error. */
  expectedBytes?: number;
  /** More than this is not read, whatever the server says. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Bytes so far and in all (0 where the server does not say). At most about 10 times a second. */
  onBytes?: (received: number, total: number) => void;
  /** Past the browser's cache: for a file that did not match its checksum. */
  fresh?: boolean;
}

const PROGRESS_INTERVAL_MS = 100;

/**
 * The bytes behind a URL. Throws AppError `download-failed` (no connection), `download-status` (404 and
 * the like) or `download-size`; rejects with the signal's reason when aborted.
 */
export async function downloadBytes(url: URL, options: DownloadOptions): Promise<ArrayBuffer> {
  const response = await request(url, options);
  try {
    return await readBody(response, options);
  } catch (error) {
    if (isAbort(error) || error instanceof AppError) throw error;
    throw connectionLost(options.name, error);
  }
}

/** The text behind a URL; errors as `downloadBytes`. */
export async function downloadText(url: URL, options: DownloadOptions): Promise<string> {
  return new TextDecoder().decode(await downloadBytes(url, options));
}

async function request(url: URL, { name, signal, fresh }: DownloadOptions): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      cache: fresh ? 'reload' : 'default',
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw connectionLost(name, error);
  }
  if (response.ok) return response;
  throw new AppError({
    code: 'download-status',
    message:
      `${name} cannot be had: the server answered ${String(response.status)} ${response.statusText}`.trim() +
      '.',
    hint:
      response.status === 404
        ? 'The file is not there. The site is incomplete, or the link names a model that is gone.'
        : 'Try again in a moment. What was open stays open.',
  });
}

async function readBody(response: Response, options: DownloadOptions): Promise<ArrayBuffer> {
  const { expectedBytes, onBytes, signal } = options;
  // Content-Length counts compressed bytes where the server compresses; the manifest's number does not.
  const total = expectedBytes ?? Number(response.headers.get('content-length') ?? 0);
  const limit = expectedBytes ?? options.maxBytes;
  if (response.body === null) return checkSize(await response.arrayBuffer(), options);
  const chunks: Uint8Array[] = [];
  const reader = response.body.getReader();
  let received = 0;
  let toldAt = 0;
  for (;;) {
    const { done, value } = await reader.read();
    signal?.throwIfAborted();
    if (done) break;
    chunks.push(value);
    received += value.byteLength;
    if (received > limit) {
      void reader.cancel().catch(() => undefined);
      throw wrongSize(options, `more than ${formatBytes(limit)}`);
    }
    const now = performance.now();
    if (now - toldAt > PROGRESS_INTERVAL_MS) {
      toldAt = now;
      onBytes?.(received, total);
    }
  }
  onBytes?.(received, total);
  return checkSize(joinChunks(chunks, received), options);
}

function joinChunks(chunks: readonly Uint8Array[], length: number): ArrayBuffer {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.byteLength;
  }
  return joined.buffer;
}

function checkSize(bytes: ArrayBuffer, options: DownloadOptions): ArrayBuffer {
  const { expectedBytes } = options;
  if (expectedBytes !== undefined && bytes.byteLength !== expectedBytes) {
    throw wrongSize(options, `${bytes.byteLength.toLocaleString('en')} bytes`);
  }
  return bytes;
}

function wrongSize({ name, expectedBytes, maxBytes }: DownloadOptions, got: string): AppError {
  const wanted =
    expectedBytes === undefined
      ? `at most ${formatBytes(maxBytes)} are read`
      : `the list of models promises ${expectedBytes.toLocaleString('en')} bytes`;
  return new AppError({
    code: 'download-size',
    message: `${name} came as ${got}; ${wanted}.`,
    hint: 'The download broke off, or the site is being updated. Try again; what was open stays open.',
  });
}

function connectionLost(name: string, cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    {
      code: 'download-failed',
      message: `${name} could not be downloaded: ${detail}.`,
      hint: 'Look after the network connection, then try again. What was open stays open.',
    },
    { cause },
  );
}

/** '4.4 MB': decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
