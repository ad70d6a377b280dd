import type { BackendName } from '../src/engine/api';
import {
  createOrt,
  createOurs,
  createPhasedStock,
  createStock,
  toNhwc,
  type Contender,
} from './contenders';
import { noise, tutorialGenerator } from './network';

export interface BenchRequest {
  backend: BackendName;
  /** Base filters of the generator. */
  width: number;
  batches: number[];
  /** Timed rounds; in each, every contender runs once. */
  rounds: number;
}

export interface BenchRow {
  contender: string;
  batch: number;
  /** Milliseconds of a batch. */
  median: number;
  lowest: number;
  /** Largest difference from our engine's pictures, in [−1, 1]. */
  maxError: number;
}

export interface BenchAnswer {
  adapter: string;
  threads: number;
  rows: BenchRow[];
}

self.addEventListener('message', ({ data }: MessageEvent<BenchRequest>) => {
  measure(data).then(
    (answer) => self.postMessage({ answer }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
});

async function measure({ backend, width, batches, rounds }: BenchRequest): Promise<BenchAnswer> {
  const source = tutorialGenerator(width);
  const ours = await createOurs(source, backend);
  if (ours.report.backend !== backend) throw new Error(`${backend} does not run here`);
  const threads = Number(/(\d+) thread/.exec(ours.report.adapter)?.[1] ?? 1);
  const contenders: Contender[] = [ours];
  contenders.push(createStock(source, 'stock TensorFlow.js'));
  contenders.push(createPhasedStock(source, backend));
  if (backend === 'wasm') contenders.push(await createOrt(source, threads));
  const rows: BenchRow[] = [];
  for (const batch of batches) rows.push(...(await measureBatch(contenders, batch, rounds)));
  return { adapter: ours.report.adapter, threads, rows };
}

const PAUSE_MS = 50;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rounds in which every contender has its turn, so that all see the same noise of the machine. */
async function measureBatch(
  contenders: Contender[],
  batch: number,
  rounds: number,
): Promise<BenchRow[]> {
  const z = noise(batch * 100, 7, 1);
  const expected = await contenders[0]?.run(z, batch);
  const errors = new Map<string, number>();
  for (const contender of contenders) {
    let actual = await contender.run(z, batch);
    if (contender.name.startsWith('ONNX')) actual = toNhwc(actual, batch, 3);
    errors.set(contender.name, maxDifference(actual, expected));
    await contender.run(z, batch);
  }
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      // Threads of the one before may still be spinning for more work.
      await pause(PAUSE_MS);
      const started = performance.now();
      await contender.run(z, batch);
      times.get(contender.name)?.push(performance.now() - started);
    }
  }
  return contenders.map(({ name }) => {
    const sorted = (times.get(name) ?? []).sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? NaN;
    const maxError = errors.get(name) ?? NaN;
    return { contender: name, batch, median, lowest: sorted[0] ?? NaN, maxError };
  });
}

function maxDifference(actual: Float32Array, expected: Float32Array | undefined): number {
  if (!expected || actual.length !== expected.length) return Infinity;
  return actual.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (expected[i] ?? NaN))), 0);
}
