import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import type { NormStatistics, Shape } from '../model/spec';
import type { UnitMask } from '../model/source';
import type { CallOptions } from './api';
import type { Network, Route } from './network';
import type { Pacer } from './pacer';
import { nextMacrotask } from './queue';
import { takeData } from './read';

/** 1 GiB: far below where WebAssembly's memory or a GPU's buffers end. */
const MAX_BATCH_BYTES = 2 ** 30;

/** What to run through a network, layer indices resolved. */
export interface Batch {
  /** N×H×W×C of `shape`. */
  data: Float32Array;
  count: number;
  shape: Shape;
  from: number;
  to: number;
  units?: UnitMask | undefined;
  statistics?: NormStatistics | undefined;
  /** Samples that take part in the batch's statistics and are not returned. */
  reference?: Float32Array | undefined;
}

/**
 * Runs a batch in chunks, so that a slow device can be cancelled and tells how far it is. A batch whose
 * own statistics are used is never cut. Resolves with the N×H×W×C floats of the last layer.
 */
export async function runBatch(
  network: Network,
  batch: Batch,
  pacer: Pacer,
  options: CallOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const masks = network.createMasks(batch.units);
  const route: Route = { from: batch.from, to: batch.to, statistics: batch.statistics, masks };
  try {
    return network.usesBatchStatistics(route)
      ? await runWhole(network, batch, route)
      : await runChunks(network, batch, route, pacer, options);
  } finally {
    tf.dispose([...masks.values()]);
  }
}

async function runChunks(
  network: Network,
  batch: Batch,
  route: Route,
  pacer: Pacer,
  { signal, onProgress }: CallOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const { data, count, shape } = batch;
  const inputSize = sizeOf(shape);
  const outputSize = sizeOf(network.layers[route.to] ?? shape);
  const result = new Float32Array(count * outputSize);
  for (let done = 0; done < count;) {
    if (done > 0) {
      onProgress?.({ fraction: done / count, label: `${done} of ${count} pictures` });
      await nextMacrotask();
    }
    signal?.throwIfAborted();
    const size = pacer.next(count - done);
    const started = performance.now();
    const input = data.subarray(done * inputSize, (done + size) * inputSize);
    result.set(await runOnce(network, input, size, shape, route), done * outputSize);
    pacer.report(size, performance.now() - started);
    done += size;
  }
  return result;
}

async function runWhole(
  network: Network,
  batch: Batch,
  route: Route,
): Promise<Float32Array<ArrayBuffer>> {
  const { data, count, shape, reference = new Float32Array(0) } = batch;
  const size = count + reference.length / sizeOf(shape);
  checkMemory(network, size);
  const input = new Float32Array(size * sizeOf(shape));
  input.set(data);
  input.set(reference, data.length);
  const output = await runOnce(network, input, size, shape, route);
  return output.slice(0, (output.length / size) * count);
}

async function runOnce(
  network: Network,
  data: Float32Array,
  count: number,
  shape: Shape,
  route: Route,
): Promise<Float32Array<ArrayBuffer>> {
  const y = tf.tidy(() => {
    const x = tf.tensor4d(data, [count, shape.height, shape.width, shape.channels]);
    return network.run(x, route);
  });
  return takeData(y, network.backend);
}

/** A batch that cannot be cut must fit: TensorFlow.js does not survive a failed allocation. */
function checkMemory(network: Network, samples: number): void {
  const bytes = samples * bytesPerSample(network);
  if (bytes <= MAX_BATCH_BYTES) return;
  throw new AppError({
    code: 'batch-too-large',
    message: `${samples} pictures that share their statistics would take ${(bytes / 2 ** 30).toFixed(1)} GB at once.`,
    hint: "They cannot be computed one after the other, because batch norm uses the whole batch. Take fewer, or the file's or frozen statistics.",
  });
}

/** Bytes of the largest layer output that one sample needs, with room for the layer before and a copy. */
export function bytesPerSample(network: Network): number {
  return 4 * 3 * Math.max(...network.layers.map(sizeOf));
}

/** Numbers of one sample. */
export function sizeOf({ height, width, channels }: Shape): number {
  return height * width * channels;
}

/** Throws AppError `input-size` unless `data` has `count` samples of `size` numbers. */
export function checkSize(what: string, data: Float32Array, count: number, size: number): void {
  if (Number.isInteger(count) && count >= 0 && data.length === count * size) return;
  throw new AppError({
    code: 'input-size',
    message: `${what} should be ${count} × ${size} numbers, but ${data.length} came.`,
    hint: 'The data were made for another model, or cut. Make them again for the model that is open.',
  });
}
