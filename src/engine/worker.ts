import { serveRpc } from '../lib/rpc';
import type { EngineEvent } from './api';
import { createEngineHost } from './host';
import type { EngineWorkerApi } from './worker-api';

const host = createEngineHost((event) => server.emit(event));

const server = serveRpc<EngineWorkerApi, EngineEvent>(self, {
  start: ({ force }, context) => host.start(force, context),
  load: (source, context) => host.load(source, context),
  unload: ({ handle }) => host.unload(handle),
  warmUp: ({ handle, batchSizes }, context) => host.warmUp(handle, batchSizes, context),
  async generate(request, context) {
    const answer = await host.generate(request, context);
    context.transfer(answer.data.buffer);
    return answer;
  },
  async render(request, context) {
    const answer = await host.render(request, context);
    context.transfer(answer.data.buffer);
    return answer;
  },
  async activations(request, context) {
    const answer = await host.activations(request, context);
    context.transfer(answer.data.buffer);
    return answer;
  },
  async forward(request, context) {
    const answer = await host.forward(request, context);
    context.transfer(answer.data.buffer);
    return answer;
  },
  memory: () => host.memory(),
  loseDevice: () => host.loseDevice(),
  ping: () => undefined,
});
