/** The worker behind work.ts. */
import { serveRpc } from '../../lib/rpc';
import { buffersOf, createWorkHandlers, type WorkApi } from './work';

const work = createWorkHandlers();

serveRpc<WorkApi>(self, {
  setReference: (images) => work.setReference(images),
  measure: (fakes) => work.measure(fakes),
  pack: (network) => work.pack(network),
  unpack(file, { transfer }) {
    const network = work.unpack(file);
    transfer(...buffersOf(network));
    return network;
  },
  optimizer(state, { transfer }) {
    const bytes = work.optimizer(state);
    transfer(bytes.buffer);
    return bytes;
  },
  writeRun(run, { transfer }) {
    const bytes = work.writeRun(run);
    transfer(bytes.buffer);
    return bytes;
  },
  readRun(file, { transfer }) {
    const run = work.readRun(file);
    transfer(...buffersOf(run.checkpoint.state), ...run.snapshots.map(([, bytes]) => bytes.buffer));
    if (run.pictures) transfer(run.pictures.buffer);
    return run;
  },
});
