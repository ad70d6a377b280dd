import type { RgbaImages } from '../engine/api';
import type { Generator, RenderOptions } from './session';

type Latents = readonly Float32Array[];
type Preview = ReturnType<Generator['createPreview']>;

interface Waiting {
  z: Latents;
  options: RenderOptions;
  resolve: (images: RgbaImages | null) => void;
  reject: (error: unknown) => void;
}

/**
 * One picture is drawn at a time, and the newest request waits; what it overtakes in waiting resolves
 * with null. What is being drawn is let finish: were it aborted by each newer one, a slow device would
 * show nothing for as long as the slider moves.
 */
export function createPreview(render: Generator['render']): Preview {
  const ended = new AbortController();
  let running = false;
  let waiting: Waiting | null = null;

  async function work(): Promise<void> {
    running = true;
    while (waiting) {
      const { z, options, resolve, reject } = waiting;
      waiting = null;
      try {
        const signal = options.signal
          ? AbortSignal.any([options.signal, ended.signal])
          : ended.signal;
        resolve(await render(z, { ...options, signal }));
      } catch (error) {
        if (ended.signal.aborted) resolve(null);
        else reject(error);
      }
    }
    running = false;
  }

  return {
    render(z, options = {}) {
      if (ended.signal.aborted) return Promise.resolve(null);
      return new Promise((resolve, reject) => {
        waiting?.resolve(null);
        waiting = { z, options, resolve, reject };
        if (!running) void work();
      });
    },
    dispose() {
      waiting?.resolve(null);
      waiting = null;
      ended.abort();
    },
  };
}
