import * as tf from '@tensorflow/tfjs-core';
import type { CallOptions } from './api';
import type { Network, Route } from './network';
import type { Pacer } from './pacer';
import { nextMacrotask } from './queue';
import { takeData } from './read';

/**
 * Runs zeros through a network, layer by layer, so that everything is compiled for batches of these
 * sizes; GPU backends compile nothing before its first use.
 */
export async function warmUpNetwork(
  network: Network,
  batchSizes: readonly number[],
  pacer: Pacer,
  { signal, onProgress }: CallOptions,
): Promise<void> {
  const { layers } = network;
  const steps = batchSizes.length * layers.length;
  let step = 0;
  for (const count of batchSizes) {
    const { height, width, channels } = network.input;
    let x = tf.zeros<tf.Rank.R4>([count, height, width, channels]);
    try {
      for (let index = 0; index < layers.length; index++) {
        signal?.throwIfAborted();
        const label = `compiling layer ${index + 1} of ${layers.length}`;
        onProgress?.({ fraction: step / steps, label });
        const y = await runLayer(network, x, index);
        x.dispose();
        x = y;
        step += 1;
        await nextMacrotask();
      }
    } finally {
      x.dispose();
    }
    pacer.warmed(count);
  }
  const largest = Math.max(0, ...batchSizes);
  if (largest > 0) pacer.report(largest, await timeOnce(network, largest));
  onProgress?.({ fraction: 1, label: 'ready' });
}

/** Milliseconds of a whole batch when nothing is left to compile, so that the first request is cut as it should be. */
async function timeOnce(network: Network, count: number): Promise<number> {
  const { height, width, channels } = network.input;
  const route: Route = { from: 0, to: network.layers.length - 1, masks: new Map() };
  const started = performance.now();
  const y = tf.tidy(() => network.run(tf.zeros([count, height, width, channels]), route));
  await takeData(y, network.backend);
  return performance.now() - started;
}

/** One layer, finished on the device when this resolves. */
async function runLayer(network: Network, x: tf.Tensor4D, index: number): Promise<tf.Tensor4D> {
  const route: Route = { from: index, to: index, masks: new Map() };
  const y = tf.tidy(() => network.run(x, route));
  // Reading is the only sign of completion that every backend gives.
  await takeData(tf.clone(y), network.backend).catch((error: unknown) => {
    y.dispose();
    throw error;
  });
  return y;
}
