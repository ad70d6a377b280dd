/** A film as an animated GIF, encoded in a worker of its own so that the page stays smooth. */
import type { CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import { requireFrames, type Film } from './frames';
import { gifTiming, paletteFrames } from './gif-timing';
import type { GifReply, GifRequest } from './gif-worker';

export interface GifOptions extends CallOptions {
  framesPerSecond: number;
  /** Whole factor; 1 is a pixel a pixel. */
  scale?: number;
  /** Plays for ever unless false. */
  loop?: boolean;
}

function gifFailed(reason: string): AppError {
  return new AppError({
    code: 'export-gif',
    message: `The GIF could not be encoded: ${reason}`,
    hint: 'Nothing of your work is lost. Try a smaller scale or fewer frames, or export a video.',
  });
}

/** One encoder in a worker; `send` resolves when the worker has done what it was sent. */
function openWorker() {
  const worker = new Worker(new URL('./gif-worker.ts', import.meta.url), { type: 'module' });
  let settle: { resolve: (reply: GifReply) => void; reject: (error: unknown) => void } | null =
    null;
  worker.onmessage = ({ data }: MessageEvent<GifReply>) => settle?.resolve(data);
  worker.onerror = (event) =>
    settle?.reject(gifFailed(event.message || 'its worker did not start'));
  return {
    async send(request: GifRequest, transfer: Transferable[] = [], signal?: AbortSignal) {
      const reply = await new Promise<GifReply>((resolve, reject) => {
        settle = { resolve, reject };
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        worker.postMessage(request, transfer);
      });
      if (!reply.ok) throw gifFailed(reply.reason);
      return reply.bytes;
    },
    close: () => worker.terminate(),
  };
}

/**
 * Draws every frame that the GIF shows and encodes it. Rejects with the signal's reason when cancelled,
 * with AppError 'export-empty' or 'export-gif' when it fails.
 */
export async function filmToGif(film: Film, options: GifOptions): Promise<Blob> {
  requireFrames(film);
  const { framesPerSecond, scale = 1, loop = true, signal, onProgress } = options;
  signal?.throwIfAborted();
  const { width, height } = film;
  const timing = gifTiming(film.count, framesPerSecond);
  const worker = openWorker();
  try {
    const samples = [];
    for (const index of paletteFrames(film.count)) {
      signal?.throwIfAborted();
      onProgress?.({ fraction: 0, label: 'choosing 256 colors' });
      samples.push((await film.frame(index, signal)).slice());
    }
    await worker.send({ type: 'start', width, height, scale, loop, samples }, [], signal);
    for (const [at, { index, delayCs }] of timing.entries()) {
      signal?.throwIfAborted();
      const rgba = (await film.frame(index, signal)).slice();
      await worker.send({ type: 'frame', rgba, delayCs }, [rgba.buffer], signal);
      onProgress?.({
        fraction: (at + 1) / (timing.length + 1),
        label: `frame ${at + 1} of ${timing.length}`,
      });
    }
    const bytes = await worker.send({ type: 'finish' }, [], signal);
    if (!bytes) throw gifFailed('the worker answered without a file');
    onProgress?.({ fraction: 1, label: 'done' });
    return new Blob([bytes], { type: 'image/gif' });
  } finally {
    worker.close();
  }
}
