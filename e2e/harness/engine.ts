import type {
  Engine,
  EngineEvent,
  ForwardRequest,
  GenerateRequest,
  LoadedNetwork,
} from '../../src/engine/api';
import { createEngine } from '../../src/engine/client';
import type { CreatedTraining, TrainingPart, TrainingState } from '../../src/engine/training-api';
import { toErrorReport } from '../../src/lib/errors';
import type { ImageSet } from '../../src/model/image-set';
import type { NetworkSource } from '../../src/model/source';
import type { ModelSpec } from '../../src/model/spec';
import type { TrainingConfig } from '../../src/model/training';
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

/** A run and how it is trained, as they cross page.evaluate. */
export interface EncodedTraining {
  config: TrainingConfig;
  images: Omit<ImageSet, 'data'> & { data: number[] };
  state?: EncodedState;
}

export type EncodedState = Omit<TrainingState, 'tensors'> & { tensors: EncodedSource['tensors'] };

/** The engine with floats as base64, for Playwright. */
export interface Harness {
  engine: Engine;
  events: EngineEvent[];
  load: (source: EncodedSource) => Promise<LoadedNetwork>;
  generate(request: EncodedGenerate): Promise<string>;
  activations(request: EncodedGenerate & { layer: string }): Promise<string>;
  forward(request: EncodedForward): Promise<string>;
  createTraining(request: EncodedTraining): Promise<CreatedTraining>;
  trainingState(handle: number): Promise<EncodedState>;
  averagePictures(request: { handle: number; z: string; count: number }): Promise<string>;
  /** lossD, lossG, real and fake of each step, and whether all were finite. */
  train(handle: number, steps: number, part?: TrainingPart): Promise<TrainedSteps>;
  /** Code and message of what a promise rejects with; null when it does not. */
  failure: (promise: Promise<unknown>) => Promise<{ code: string; message: string } | null>;
}

export interface TrainedSteps {
  step: number;
  finite: boolean;
  /** steps × 4 */
  numbers: string;
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

function decodeTensors(tensors: EncodedSource['tensors']): NetworkSource['tensors'] {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: decodeFloats(data) },
    ]),
  );
}

window.createHarness = (options) => {
  const engine = createEngine(options);
  const events: EngineEvent[] = [];
  engine.onEvent((event) => events.push(event));
  return {
    engine,
    events,
    load: ({ spec, tensors }) => engine.load({ spec, tensors: decodeTensors(tensors) }),
    generate: async (request) => encodeFloats((await engine.generate(decodeRequest(request))).data),
    async activations(request) {
      const decoded = { ...decodeRequest(request), layer: request.layer };
      return encodeFloats((await engine.activations(decoded)).data);
    },
    async forward({ data, ...rest }) {
      return encodeFloats((await engine.forward({ ...rest, data: decodeFloats(data) })).data);
    },
    createTraining({ config, images, state }) {
      const data = Uint8Array.from(images.data);
      const more = state && { state: { ...state, tensors: decodeTensors(state.tensors) } };
      return engine.training.create({ config, images: { ...images, data }, ...more });
    },
    async trainingState(handle) {
      const { tensors, ...rest } = await engine.training.state({ handle });
      const encoded = Object.entries(tensors).map(([name, { shape, data }]) => [
        name,
        { shape: [...shape], data: encodeFloats(data) },
      ]);
      return { ...rest, tensors: Object.fromEntries(encoded) as EncodedSource['tensors'] };
    },
    async averagePictures({ z, ...rest }) {
      const request = { ...rest, z: decodeFloats(z), average: true };
      return encodeFloats((await engine.training.pictures(request)).data);
    },
    async train(handle, steps, part = 'both') {
      const request = { handle, steps, maxMs: 1e6, part };
      const stats = await engine.training.steps(request);
      const { lossD, lossG, real, fake, step, finite } = stats;
      const columns = [lossD, lossG, real, fake];
      const numbers = Float32Array.from(
        { length: 4 * stats.steps },
        (_, i) => columns[i % 4]?.[i >> 2] ?? NaN,
      );
      return { step, finite, numbers: encodeFloats(numbers) };
    },
    failure: (promise) =>
      promise.then(
        () => null,
        (error: unknown) => toErrorReport(error),
      ),
  };
};
