import { noise } from './network';

/** One way to turn latents into pictures. */
export interface Contender {
  name: string;
  /** N × 100 latents → N × 64 × 64 × 3 floats, NHWC, back in JavaScript's memory. */
  run(z: Float32Array<ArrayBuffer>, count: number): Promise<Float32Array>;
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

const PAUSE_MS = 50;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rounds in which every contender has its turn, so that all see the same noise of the machine. */
export async function measureBatch(
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

/** N × channels × pixels → N × pixels × channels. */
function toNhwc(data: Float32Array, count: number, channels: number): Float32Array {
  const pixels = data.length / count / channels;
  return Float32Array.from(data, (_, index) => {
    const image = Math.floor(index / (pixels * channels));
    const pixel = Math.floor(index / channels) % pixels;
    return data[(image * channels + (index % channels)) * pixels + pixel] ?? 0;
  });
}
