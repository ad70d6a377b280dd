/**
 * The data worker as the page sees it: files go in, a set of pictures comes out. A worker is started for
 * each set and ended with it, so that cancelling stops whatever it is doing and its memory comes back.
 */
import type { ReadImagesAnswer, ReadImagesRequest } from '../data/api';
import { AppError } from '../lib/errors';
import { createRpcClient, type RpcProgress } from '../lib/rpc';
import type { ImageSet } from '../model/image-set';

export interface ResizeRequest {
  images: ImageSet;
  size: ReadImagesRequest['size'];
  channels: 1 | 3;
}

/** What crosses to the worker (see lib/rpc.ts). */
export interface DataApi {
  read(request: ReadImagesRequest): ReadImagesAnswer;
  resize(request: ResizeRequest): ImageSet;
}

export interface DataCallOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: RpcProgress) => void) | undefined;
}

export interface DataInput {
  /** Rejects with AppError `data-…`, or with the signal's reason when aborted. */
  read(request: ReadImagesRequest, options?: DataCallOptions): Promise<ReadImagesAnswer>;
  /** The same pictures at another size or in other channels. */
  resize(request: ResizeRequest, options?: DataCallOptions): Promise<ImageSet>;
}

/** A file in which nothing moves for so long is given up. */
const STALL_MS = 60_000;

export function createDataInput(): DataInput {
  return {
    read: (request, options) => callOnce('read', request, options),
    resize: (request, options) => callOnce('resize', request, options),
  };
}

async function callOnce<Method extends keyof DataApi>(
  method: Method,
  argument: Parameters<DataApi[Method]>[0],
  { signal, onProgress }: DataCallOptions = {},
): Promise<ReturnType<DataApi[Method]>> {
  const worker = new Worker(new URL('./data-worker.ts', import.meta.url), {
    type: 'module',
    name: 'pictures',
  });
  const client = createRpcClient<DataApi>(worker);
  const watch = createStallWatch();
  const signals = [watch.signal, ...(signal ? [signal] : [])];
  try {
    const answer = await client.call(method, argument as never, {
      signal: AbortSignal.any(signals),
      onProgress(progress) {
        watch.moved();
        onProgress?.(progress);
      },
    });
    return answer as ReturnType<DataApi[Method]>;
  } finally {
    watch.stop();
    client.dispose();
    worker.terminate();
  }
}

/** Aborts when nothing has moved for too long. */
function createStallWatch() {
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(stalled());
  let timer = setTimeout(giveUp, STALL_MS);
  return {
    signal: controller.signal,
    moved() {
      clearTimeout(timer);
      timer = setTimeout(giveUp, STALL_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

function stalled(): AppError {
  return new AppError({
    code: 'data-timeout',
    message: `The pictures were given up: for ${STALL_MS / 1000} seconds none was read.`,
    hint: 'One of the files is broken or very large, or the device is very busy. Try again with fewer files; what you had is as it was.',
  });
}
