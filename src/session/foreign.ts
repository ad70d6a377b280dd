/**
 * Weights that other programs wrote, as the page sees them: files go into a worker of their own, a
 * network with its open questions comes out. The worker keeps the arrays, so that another answer to a
 * question costs no second parse; cancelling ends it, whatever it is doing.
 */
import type { NetworkSource } from '../model/source';
import { AppError } from '../lib/errors';
import { createRpcClient, type RpcClient, type RpcProgress } from '../lib/rpc';
import type { Assumption } from '../model/infer-assumptions';

/** A file that crosses to the worker; bytes are read there. */
export interface ForeignFile {
  /** With folders where they are known. */
  name: string;
  file: Blob;
}

/** One of the networks that were found in the files. */
export interface FoundNetwork {
  label: string;
  role: 'generator' | 'discriminator' | 'unknown';
  /** Why it cannot be drawn with; null for generators. */
  reason: string | null;
}

export interface InferRequest {
  /** Which of the networks found. */
  index: number;
  /** Keys and values of assumptions. */
  overrides: Record<string, string>;
}

export interface InferAnswer {
  network: NetworkSource;
  assumptions: Assumption[];
  notes: string[];
  /** The network as safetensors with its spec: what is kept, saved and hashed. */
  bytes: ArrayBuffer;
}

export interface OpenForeignAnswer extends InferAnswer {
  networks: FoundNetwork[];
  /** The network that was taken: the likeliest generator. */
  index: number;
  /** Files that could not be read although others could. */
  refused: string[];
}

/** What crosses to the worker (see lib/rpc.ts). */
export interface ForeignApi {
  open(files: ForeignFile[]): Promise<OpenForeignAnswer>;
  infer(request: InferRequest): InferAnswer;
}

export interface ForeignCallOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: RpcProgress) => void) | undefined;
}

export interface ForeignInput {
  /** Forgets what was opened before. Rejects with the format's AppError, or `open-timeout`. */
  open(files: ForeignFile[], options?: ForeignCallOptions): Promise<OpenForeignAnswer>;
  /** Another reading of what is open. Rejects with `infer-…` or `foreign-closed`. */
  infer(request: InferRequest, options?: ForeignCallOptions): Promise<InferAnswer>;
  /** Gives the worker's memory back. */
  close(): void;
}

const BASE_TIMEOUT_MS = 30_000;
const TIMEOUT_MS_PER_BYTE = 1e-3;

/** The worker is started when it is first needed. */
export function createForeignInput(): ForeignInput {
  let running: { worker: Worker; client: RpcClient<ForeignApi, never> } | null = null;

  const close = (): void => {
    running?.client.dispose();
    running?.worker.terminate();
    running = null;
  };
  const start = (): RpcClient<ForeignApi, never> => {
    if (running) return running.client;
    const worker = new Worker(new URL('./foreign-worker.ts', import.meta.url), {
      type: 'module',
      name: 'foreign weights',
    });
    running = { worker, client: createRpcClient<ForeignApi>(worker) };
    return running.client;
  };

  return {
    async open(files, options = {}) {
      close();
      const client = start();
      const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
      const timeout = AbortSignal.timeout(BASE_TIMEOUT_MS + bytes * TIMEOUT_MS_PER_BYTE);
      const signals = [timeout, ...(options.signal ? [options.signal] : [])];
      try {
        return await client.call('open', files, { ...options, signal: AbortSignal.any(signals) });
      } catch (error) {
        // Whatever it was, nothing of these files is wanted any more.
        if (running?.client === client) close();
        if (timeout.aborted && !options.signal?.aborted) throw timedOut(files);
        throw error;
      }
    },
    infer(request, options = {}) {
      if (!running) return Promise.reject(closed());
      return running.client.call('infer', request, options);
    },
    close,
  };
}

function timedOut(files: readonly ForeignFile[]): AppError {
  return new AppError({
    code: 'open-timeout',
    message: `${files[0]?.name ?? 'The file'} was not read within the time that files of its size take.`,
    hint: 'The file is broken in a way that leads in circles, or the device is very busy. It was given up; try again, or export the file anew.',
  });
}

function closed(): AppError {
  return new AppError({
    code: 'foreign-closed',
    message: "The file's arrays are no longer in memory.",
    hint: 'Open the file again to change how it is read.',
  });
}
