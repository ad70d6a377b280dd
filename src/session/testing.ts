/** For unit tests: a session without a page, on an engine that computes with the naive reference. */
import type {
  DeviceReport,
  Engine,
  EngineEvent,
  ForwardRequest,
  GenerateRequest,
} from '../engine/api';
import { readImages } from '../data/read-images';
import { resizeImages } from '../data/resize-images';
import { writeSafetensors } from '../formats/safetensors/write';
import { AppError } from '../lib/errors';
import type { Manifest, ManifestEntry } from '../model/manifest';
import { runReference } from '../model/reference';
import { inferShapes } from '../model/shapes';
import type { NetworkSource } from '../model/source';
import type { JudgeSpec } from '../model/spec';
import { filledArray, tinyGeneratorSource } from '../model/testing';
import type { DataInput } from './data-input';
import type { ForeignInput } from './foreign';
import type { Input } from './input';
import { createForeignReader } from './read-foreign';
import { readCheckedNetwork } from './read-network';
import { createFakeTraining } from './training/testing';

const referenceDevice: DeviceReport = {
  backend: 'cpu',
  adapter: 'reference',
  software: true,
  measuredMs: null,
  forced: false,
  candidates: [],
};

export interface ReferenceEngine extends Engine {
  /** Handles of what is loaded now. */
  loaded(): number[];
  emit(event: EngineEvent): void;
}

/** Real numbers, no device: every call is computed by src/model/reference.ts. */
export function createReferenceEngine(): ReferenceEngine {
  const networks = new Map<number, NetworkSource>();
  const listeners = new Set<(event: EngineEvent) => void>();
  let lastHandle = 0;

  function source(handle: number): NetworkSource {
    const network = networks.get(handle);
    if (network) return network;
    throw new AppError({ code: 'unknown-network', message: `No network ${handle}.`, hint: '' });
  }
  function run({ handle, z, count, ...options }: GenerateRequest & { layer?: string }) {
    return runReference(source(handle), z, count, options);
  }

  return {
    start: async () => Promise.resolve(referenceDevice),
    async load(network) {
      lastHandle += 1;
      networks.set(lastHandle, network);
      const shapes = inferShapes(network.spec);
      const layers = network.spec.layers.map(({ id, kind }, at) => ({ id, kind, ...shapes[at]! }));
      return Promise.resolve({ handle: lastHandle, spec: network.spec, layers, fastLayers: 0 });
    },
    async unload(handle) {
      source(handle);
      networks.delete(handle);
      return Promise.resolve();
    },
    warmUp: () => Promise.resolve(),
    generate: async (request) => Promise.resolve(run(request)),
    async render(request) {
      const { count, height, width, channels, data } = run(request);
      const rgba = new Uint8ClampedArray(count * height * width * 4);
      for (let pixel = 0; pixel < count * height * width; pixel++) {
        for (let c = 0; c < 3; c++) {
          rgba[pixel * 4 + c] =
            ((data[pixel * channels + Math.min(c, channels - 1)]! + 1) / 2) * 255;
        }
        rgba[pixel * 4 + 3] = 255;
      }
      return Promise.resolve({ count, height, width, data: rgba, latencyMs: 0 });
    },
    async activations(request) {
      const { count, height, width, channels, data } = run(request);
      return Promise.resolve({ count, height, width, filters: channels, data });
    },
    async forward({ handle, data: input, count, ...options }: ForwardRequest) {
      const output = runReference(source(handle), input, count, options);
      return Promise.resolve({ ...output, filters: output.channels });
    },
    memory: () => Promise.resolve({ tensors: networks.size, bytes: 0, pooledBytes: 0 }),
    loseDevice: () => Promise.resolve(),
    training: createFakeTraining(),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => undefined,
    loaded: () => [...networks.keys()],
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
}

/** Reads foreign weights without a worker. */
export function createInPlaceForeign(): ForeignInput {
  const reader = createForeignReader();
  return {
    open: (files, options) => reader.open(files, options),
    infer: (request) => Promise.resolve(reader.infer(request)),
    close: () => undefined,
  };
}

/** The input worker's work, done in place. */
export const inPlaceInput: Input = {
  readNetwork: readCheckedNetwork,
  dispose: () => undefined,
};

/** A safetensors file as the pretraining writes it. */
export function networkFile({ spec, tensors }: NetworkSource): Uint8Array<ArrayBuffer> {
  const arrays = Object.entries(tensors).map(([name, array]) => ({
    name,
    dtype: 'F32' as const,
    ...array,
  }));
  return writeSafetensors(arrays, { spec: JSON.stringify(spec) });
}

/** A generator like `tinyGeneratorSource` with other weights. */
export function otherGeneratorSource(start: number): NetworkSource {
  const source = tinyGeneratorSource();
  const tensors = { ...source.tensors, 'main.0.weight': filledArray([5, 3, 4, 4], start) };
  return { ...source, tensors };
}

/** A judge for 8×8 pictures that knows 'smile' and the yaw. */
export function tinyJudgeSource(): NetworkSource {
  const plain = {
    norm: { kind: 'none' },
    order: 'norm-activation',
    activation: { kind: 'none' },
  } as const;
  const spec: JudgeSpec = {
    v: 1,
    role: 'judge',
    input: { height: 8, width: 8, channels: 3, range: [-1, 1] },
    outputs: [
      { name: 'smile', kind: 'probability' },
      { name: 'yawDegrees', kind: 'degrees', scale: 90 },
    ],
    layers: [
      { ...plain, id: 'flat', kind: 'flatten', memoryOrder: 'nchw' },
      { ...plain, id: 'head', kind: 'dense', filters: 2, bias: true },
    ],
  };
  const tensors = { 'head.weight': filledArray([2, 192]), 'head.bias': filledArray([2]) };
  return { spec, tensors };
}

/** Reads pictures without a worker; files of pictures need a browser. */
export const inPlacePictures: DataInput = {
  read: (request, options) => readImages(request, options),
  resize: ({ images, size, channels }) => Promise.resolve(resizeImages(images, size, channels)),
};

export interface Site {
  /** By path relative to https://latentarium.invalid/app/. A test may replace and delete them. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  requests: string[];
  /** Stands in for globalThis.fetch. */
  fetch: typeof fetch;
}

/** A site with two bundled models, `tiny` (with a judge and examples) and `other`, and a list of pictures. */
export async function createSite(): Promise<Site> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const tiny = networkFile(tinyGeneratorSource());
  const entry = async (id: string, generator: Uint8Array<ArrayBuffer>): Promise<ManifestEntry> => {
    files.set(`models/${id}/generator.safetensors`, generator);
    return {
      id,
      title: `Model ${id}`,
      files: { generator: await describe(`${id}/generator.safetensors`, generator) },
      card: `${id}/card.json`,
      exemplars: `${id}/exemplars.json`,
      latent: { size: 5, prior: 'normal' },
      image: { height: 8, width: 8, channels: 3, range: [-1, 1] },
    };
  };
  const models = [
    await entry('tiny', tiny),
    await entry('other', networkFile(otherGeneratorSource(9))),
  ];
  const judge = networkFile(tinyJudgeSource());
  files.set('models/tiny/judge.safetensors', judge);
  models[0]!.files.judge = await describe('tiny/judge.safetensors', judge);
  const sheet = new Uint8Array(100);
  const pictures = {
    id: 'blank',
    title: 'Blank',
    ...{ count: 16, size: 16, channels: 3, tile: 16, licence: 'CC0', about: 'Nothing.' },
    files: [await describe('blank/0.webp', sheet)],
  };
  files.set('datasets/blank/0.webp', sheet);
  files.set('datasets/index.json', text({ v: 1, sets: [pictures] }));
  files.set('models/index.json', text({ v: 1, models } satisfies Manifest));
  const concept = { label: 'A smile', attributes: {}, z: [[1, 2, 3, 4, 5]] };
  const modelHash = models[0]!.files.generator.sha256;
  files.set('models/tiny/exemplars.json', text({ v: 1, modelHash, concepts: { smile: concept } }));
  const requests: string[] = [];
  const serve = (input: URL | RequestInfo): Promise<Response> => {
    const path = new URL(
      input instanceof Request ? input.url : input,
      'https://latentarium.invalid/app/',
    ).pathname.replace('/app/', '');
    requests.push(path);
    const body = files.get(path);
    if (!body) return Promise.resolve(new Response('not here', { status: 404 }));
    return Promise.resolve(new Response(body));
  };
  return { files, requests, fetch: serve };
}

async function describe(path: string, bytes: Uint8Array<ArrayBuffer>) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { path, bytes: bytes.byteLength, sha256: Buffer.from(digest).toString('hex') };
}

/** Waits until `check` holds, as a person would; fails after 2 s. */
export async function eventually(check: () => boolean): Promise<void> {
  const deadline = Date.now() + 2000;
  while (!check()) {
    if (Date.now() > deadline) throw new Error('it did not happen within 2 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
