/** The worker behind foreign.ts. */
import { serveRpc } from '../lib/rpc';
import type { ForeignApi } from './foreign';
import { createForeignReader } from './read-foreign';

const reader = createForeignReader();

// Tensors are cloned, not handed over: the reader keeps its arrays for the next reading.
serveRpc<ForeignApi>(self, {
  async open(files, { signal, onProgress, transfer }) {
    const answer = await reader.open(files, { signal, onProgress });
    transfer(answer.bytes);
    return answer;
  },
  infer(request, { transfer }) {
    const answer = reader.infer(request);
    transfer(answer.bytes);
    return answer;
  },
});
