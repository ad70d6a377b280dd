/** The worker behind input.ts. */
import { serveRpc } from '../lib/rpc';
import type { InputApi } from './input';
import { readCheckedNetwork } from './read-network';

serveRpc<InputApi>(self, {
  async readNetwork(request, { transfer }) {
    const answer = await readCheckedNetwork(request);
    const buffers = new Set(
      Object.values(answer.network.tensors).map(({ data }) => data.buffer as ArrayBuffer),
    );
    transfer(...buffers);
    return answer;
  },
});
