import { sampleLatents } from '../core/latent';
import type { CallOptions, Engine } from '../engine/api';
import { inferShapes } from '../model/shapes';
import type { NamedArray, NetworkSource } from '../model/source';
import type { GeneratorSpec, LayerSpec } from '../model/spec';

export interface FreezeOptions extends CallOptions {
  /** How many z are drawn; 1,000 are enough to draw with, 5,000 are the paper-faithful measure. */
  count: number;
  /** Of the z. */
  seed?: number;
}

/** Numbers that may cross from the engine at once: 16 MiB. */
const CHUNK_NUMBERS = 2 ** 22;
const MAX_CHUNK = 64;

/** Whether some norm of the network has no statistics to draw a single picture with. */
export function lacksStatistics({ spec, tensors }: NetworkSource): boolean {
  return spec.layers.some(
    ({ norm }) => norm.kind === 'batch' && !Object.hasOwn(tensors, `${norm.id}.running_mean`),
  );
}

/**
 * Measures mean and variance of every batch norm's input over `count` latents of the network's prior, layer
 * by layer (the norms before a layer are frozen already, so that batches do not matter), and gives the
 * network with these as its statistics. What the authors' networks, which keep none, need to draw one picture.
 *
 * Rejects with what the engine throws, or the signal's reason.
 */
export async function freezeStatistics(
  engine: Engine,
  source: NetworkSource & { spec: GeneratorSpec },
  { count, seed = 1, signal, onProgress }: FreezeOptions,
): Promise<NetworkSource & { spec: GeneratorSpec }> {
  const { size, prior } = source.spec.latent;
  const latents = sampleLatents(count, { seed, prior, truncation: 1, size });
  let frozen = source;
  const normed = source.spec.layers.flatMap((layer, at) =>
    layer.norm.kind === 'batch' ? [at] : [],
  );
  for (const [done, at] of normed.entries()) {
    const label = `Measuring batch norm ${done + 1} of ${normed.length} over ${count} latents`;
    const report = (part: number): void => {
      onProgress?.({ fraction: (done + part) / normed.length, label });
    };
    const { mean, variance } = await measureLayer(engine, frozen, at, latents, report, signal);
    frozen = withStatistics(frozen, at, mean, variance);
  }
  return frozen;
}

type Report = (fraction: number) => void;

/** Statistics of what goes into the norm of the layer at this place, per channel. */
async function measureLayer(
  engine: Engine,
  source: NetworkSource & { spec: GeneratorSpec },
  at: number,
  latents: readonly Float32Array[],
  report: Report,
  signal: AbortSignal | undefined,
): Promise<{ mean: Float32Array; variance: Float32Array }> {
  const part = upToNorm(source, at);
  const { height, width, channels } = part.spec.output;
  const chunk = Math.max(
    1,
    Math.min(MAX_CHUNK, Math.floor(CHUNK_NUMBERS / (height * width * channels))),
  );
  const { handle } = await engine.load(part);
  const sums = { sum: new Float64Array(channels), squares: new Float64Array(channels) };
  try {
    for (let start = 0; start < latents.length; start += chunk) {
      signal?.throwIfAborted();
      report(start / latents.length);
      const some = latents.slice(start, start + chunk);
      const { data } = await engine.generate(
        { handle, z: joined(some), count: some.length },
        signal ? { signal } : {},
      );
      accumulate(data, sums);
    }
  } finally {
    await engine.unload(handle).catch(() => undefined);
  }
  const total = latents.length * height * width;
  const mean = Float32Array.from(sums.sum, (sum) => sum / total);
  const variance = Float32Array.from(sums.squares, (squares, channel) =>
    Math.max(0, squares / total - ((sums.sum[channel] ?? 0) / total) ** 2),
  );
  return { mean, variance };
}

/** The network that ends with what the norm at this place gets. */
function upToNorm(
  { spec, tensors }: NetworkSource & { spec: GeneratorSpec },
  at: number,
): NetworkSource & { spec: GeneratorSpec } {
  const layers = spec.layers.slice(0, at + 1).map((layer, index): LayerSpec => {
    if (index < at) return layer;
    const activation =
      layer.order === 'norm-activation' ? { kind: 'none' as const } : layer.activation;
    return { ...layer, norm: { kind: 'none' }, activation };
  });
  // The spec's own end is not this network's, so its shapes are asked for as those of a bare stack.
  const bare = { v: 1, role: 'discriminator', input: latentImage(spec), layers } as const;
  const shape = inferShapes({ ...bare, layers: [...layers] }).at(-1);
  const output = { height: 1, width: 1, channels: 1, ...shape, range: spec.output.range };
  return { spec: { ...spec, layers, output }, tensors };
}

function latentImage(spec: GeneratorSpec) {
  return { height: 1, width: 1, channels: spec.latent.size, range: spec.output.range };
}

function withStatistics(
  source: NetworkSource & { spec: GeneratorSpec },
  at: number,
  mean: Float32Array,
  variance: Float32Array,
): NetworkSource & { spec: GeneratorSpec } {
  const { spec, tensors } = source;
  const layer = spec.layers[at];
  if (layer?.norm.kind !== 'batch') return source;
  const { id } = layer.norm;
  const array = (data: Float32Array): NamedArray => ({ shape: [data.length], data });
  const changed = { ...layer, norm: { ...layer.norm, statistics: 'frozen' as const } };
  return {
    spec: { ...spec, layers: spec.layers.with(at, changed) },
    tensors: {
      ...tensors,
      [`${id}.running_mean`]: array(mean),
      [`${id}.running_var`]: array(variance),
    },
  };
}

function joined(latents: readonly Float32Array[]): Float32Array {
  const size = latents[0]?.length ?? 0;
  const all = new Float32Array(latents.length * size);
  for (const [index, z] of latents.entries()) all.set(z, index * size);
  return all;
}

function accumulate(
  data: Float32Array,
  { sum, squares }: { sum: Float64Array; squares: Float64Array },
): void {
  const channels = sum.length;
  for (let start = 0; start < data.length; start += channels) {
    for (let channel = 0; channel < channels; channel += 1) {
      const value = data[start + channel] ?? 0;
      sum[channel] = (sum[channel] ?? 0) + value;
      squares[channel] = (squares[channel] ?? 0) + value * value;
    }
  }
}
