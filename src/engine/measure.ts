import * as tf from '@tensorflow/tfjs-core';
import type { BoundLayer } from '../model/bind';
import { createStage } from './layers/stage';
import { takeData } from './read';
import type { Backend } from './backends/backend';

/** A middle layer of a small generator: 8×8×64 → 16×16×32, 4×4, stride 2. */
const LAYER: BoundLayer = {
  spec: {
    id: 'probe',
    kind: 'convTranspose',
    filters: 32,
    kernel: [4, 4],
    stride: [2, 2],
    padding: { top: 1, right: 1, bottom: 1, left: 1 },
    outputPadding: { bottom: 0, right: 0 },
    bias: true,
    norm: { kind: 'none' },
    order: 'norm-activation',
    activation: { kind: 'relu' },
  },
  input: { height: 8, width: 8, channels: 64 },
  output: { height: 16, width: 16, channels: 32 },
  weight: new Float32Array(64 * 32 * 16).fill(0.01),
  bias: new Float32Array(32),
};

const COUNT = 8;
const RUNS = 5;

/**
 * Median milliseconds of a small transposed convolution on the current backend, reading included; the
 * first run (which compiles) does not count. Stops early after `budgetMs`.
 */
export async function measureBackend(backend: Backend, budgetMs: number): Promise<number> {
  const { height, width, channels } = LAYER.input;
  const x = tf.ones<tf.Rank.R4>([COUNT, height, width, channels]);
  const stage = createStage(LAYER, backend.createLinear);
  try {
    const started = performance.now();
    await runOnce();
    const times: number[] = [];
    do {
      times.push(await runOnce());
    } while (times.length < RUNS && performance.now() - started < budgetMs);
    times.sort((a, b) => a - b);
    return times[times.length >> 1] ?? 0;
  } finally {
    stage.dispose();
    x.dispose();
  }

  async function runOnce(): Promise<number> {
    const before = performance.now();
    const y = tf.tidy(() => stage.apply(x));
    await takeData(y, backend);
    return performance.now() - before;
  }
}
