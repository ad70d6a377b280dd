/** The worker behind work.ts. */
import { serveRpc } from '../../lib/rpc';
import { buffersOf, createWorkHandlers, type WorkApi } from './work';

const work = createWorkHandlers();

serveRpc<WorkApi>(self, {
  setReference: (images) => work.setReference(images),
  measure: (fakes) => work.measure(fakes),
  pack(network, { transfer }) {
    const bytes = work.pack(network);
    transfer(bytes.buffer);
    return bytes;
  },
  unpack(file, { transfer }) {
    const network = work.unpack(file);
    transfer(...buffersOf(network));
    return network;
  },
});
