/** Latents that a run draws beside its training: other random numbers than those that it trains on. */
import { sampleLatent } from '../../core/latent';
import type { TrainingConfig } from '../../model/training';

/** What they are for (see core/latent.ts, STREAM): the same grid at every step, new ones, those of measures. */
const STREAMS = { fixed: 30, newest: 31, measure: 32 } as const;

/** Pictures of the grid that is the same at every step. */
export const FIXED_COUNT = 16;

function latents(
  { seed, latentSize: size }: TrainingConfig,
  purpose: keyof typeof STREAMS,
  first: number,
  count: number,
): Float32Array[] {
  const options = { seed, prior: 'normal', size, stream: STREAMS[purpose] } as const;
  return Array.from({ length: count }, (_, i) => sampleLatent(first + i, options));
}

export function fixedLatents(config: TrainingConfig): Float32Array[] {
  return latents(config, 'fixed', 0, FIXED_COUNT);
}

/** Never the same twice in a run. */
export function newestLatents(config: TrainingConfig, step: number, count: number): Float32Array[] {
  return latents(config, 'newest', step * count, count);
}

/** The same at every step, so that measures differ by what G learnt alone. */
export function measureLatents(config: TrainingConfig, count: number): Float32Array[] {
  return latents(config, 'measure', 0, count);
}

/** One after the other, as the engine takes them. */
export function packed(z: readonly Float32Array[]): Float32Array {
  const size = z[0]?.length ?? 0;
  const all = new Float32Array(z.length * size);
  z.forEach((one, at) => all.set(one, at * size));
  return all;
}
