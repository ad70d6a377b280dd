/** Worker of one helper thread. Answers nothing: it sleeps until there is work, and is terminated. */
import { readKernels } from './tile-record';
import { helpForever } from './tile-threads';

export interface HelperStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Byte addresses of the control block and of this thread's scratch. */
  control: number;
  scratch: number;
}

self.addEventListener('message', ({ data }: MessageEvent<HelperStart>) => {
  const { module, memory, control, scratch } = data;
  void WebAssembly.instantiate(module, { env: { memory } }).then((instance) =>
    helpForever(memory, control, readKernels(instance), scratch),
  );
});
