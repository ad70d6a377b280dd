import { serveRpc } from '../lib/rpc';
import type { NamedArray } from '../model/source';
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
  createTraining: (request, context) => host.training.create(request, context),
  trainSteps: (request) => host.training.steps(request),
  haltTraining: ({ handle }) => host.training.halt(handle),
  tuneTraining: (request) => host.training.tune(request),
  async trainingPictures(request, context) {
    const answer = await host.training.pictures(request, context);
    context.transfer(answer.data.buffer);
    return answer;
  },
  async trainingState(run, context) {
    const answer = await host.training.state(run);
    context.transfer(...buffersOf(answer.tensors));
    return answer;
  },
  async trainingNetwork(request, context) {
    const answer = await host.training.network(request);
    context.transfer(...buffersOf(answer.tensors));
    return answer;
  },
  closeTraining: (run) => host.training.close(run),
  ping: () => undefined,
});

function buffersOf(tensors: Readonly<Record<string, NamedArray>>): ArrayBufferLike[] {
  return Object.values(tensors).map(({ data }) => data.buffer);
}
