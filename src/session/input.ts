/**
 * The input worker as the page sees it: bytes go in, checked and parsed networks come out. Parsing and
 * hashing megabytes on the page's own thread would make it stutter.
 */
import type { NetworkSource } from '../model/source';
import { createRpcClient, type RpcCallOptions } from '../lib/rpc';

export interface ReadNetworkRequest {
  /** Handed over: empty for the caller afterwards. */
  bytes: ArrayBuffer;
  /** As messages name it. */
  fileName: string;
  /** What the manifest promises, lower-case hex; not checked when absent. */
  sha256?: string;
}

export interface ReadNetworkAnswer {
  network: NetworkSource;
  /** Of the bytes that came in, lower-case hex. */
  sha256: string;
}

/** What crosses to the worker (see lib/rpc.ts). */
export interface InputApi {
  readNetwork(request: ReadNetworkRequest): ReadNetworkAnswer;
}

export interface Input {
  /**
   * Checks the checksum, then parses. Rejects with AppError `model-integrity` or what the file's format
   * throws, each naming the file.
   */
  readNetwork(
    request: ReadNetworkRequest,
    options?: Pick<RpcCallOptions, 'signal'>,
  ): Promise<ReadNetworkAnswer>;
  dispose(): void;
}

/** Starts the worker. */
export function createInput(): Input {
  const worker = new Worker(new URL('./input-worker.ts', import.meta.url), {
    type: 'module',
    name: 'input',
  });
  const client = createRpcClient<InputApi>(worker);
  return {
    readNetwork: (request, options = {}) =>
      client.call('readNetwork', request, { ...options, transfer: [request.bytes] }),
    dispose() {
      client.dispose();
      worker.terminate();
    },
  };
}
