import type {
  Engine,
  EngineEvent,
  ForwardRequest,
  GenerateRequest,
  LoadedNetwork,
} from '../../src/engine/api';
import { createEngine } from '../../src/engine/client';
import { toErrorReport } from '../../src/lib/errors';
import type { NetworkSource } from '../../src/model/source';
import type { ModelSpec } from '../../src/model/spec';
import { decodeFloats, encodeFloats } from './codec';

/** A network as it crosses page.evaluate. */
export interface EncodedSource {
  spec: ModelSpec;
  tensors: Record<string, { shape: number[]; data: string }>;
}

type Encoded<Request, Key extends keyof Request> = {
  [K in keyof Request]: K extends Key ? string : Request[K];
};

export type EncodedGenerate = Encoded<GenerateRequest, 'z' | 'reference'> & { layer?: string };
export type EncodedForward = Encoded<ForwardRequest, 'data'>;

/** The engine with floats as base64, for Playwright. */
export interface Harness {
  engine: Engine;
  events: EngineEvent[];
  load: (source: EncodedSource) => Promise<LoadedNetwork>;
  generate(request: EncodedGenerate): Promise<string>;
  activations(request: EncodedGenerate & { layer: string }): Promise<string>;
  forward(request: EncodedForward): Promise<string>;
  /** Code and message of what a promise rejects with; null when it does not. */
  failure: (promise: Promise<unknown>) => Promise<{ code: string; message: string } | null>;
}

declare global {
  interface Window {
    createHarness: (options?: { stallMs: number }) => Harness;
    harness: Harness;
  }
}

function decodeRequest({ z, reference, ...rest }: EncodedGenerate): GenerateRequest {
  const more = reference === undefined ? {} : { reference: decodeFloats(reference) };
  return { ...rest, z: decodeFloats(z), ...more };
}

window.createHarness = (options) => {
  const engine = createEngine(options);
  const events: EngineEvent[] = [];
  engine.onEvent((event) => events.push(event));
  return {
    engine,
    events,
    load({ spec, tensors }) {
      const decoded: NetworkSource['tensors'] = Object.fromEntries(
        Object.entries(tensors).map(([name, { shape, data }]) => [
          name,
          { shape, data: decodeFloats(data) },
        ]),
      );
      return engine.load({ spec, tensors: decoded });
    },
    generate: async (request) => encodeFloats((await engine.generate(decodeRequest(request))).data),
    async activations(request) {
      const decoded = { ...decodeRequest(request), layer: request.layer };
      return encodeFloats((await engine.activations(decoded)).data);
    },
    async forward({ data, ...rest }) {
      return encodeFloats((await engine.forward({ ...rest, data: decodeFloats(data) })).data);
    },
    failure: (promise) =>
      promise.then(
        () => null,
        (error: unknown) => toErrorReport(error),
      ),
  };
};
