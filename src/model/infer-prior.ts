import type { Basis, Draft, DraftStep } from './infer-draft';
import type { Prior } from './spec';

interface PriorGuess {
  prior: Prior;
  priorBasis: Basis;
  priorWhy: string;
}

const NORMAL: PriorGuess = {
  prior: 'normal',
  priorBasis: 'guess',
  priorWhy: 'The file does not say how z was drawn; most networks use N(0, 1).',
};

/**
 * How z was drawn, from the first norm's running variance: behind a linear layer it is Σw² times the
 * variance of z, which is 1 for N(0, 1) and 1/3 for U(−1, 1). (On the sphere it is 1 as well.)
 */
export function guessPrior(draft: Draft): PriorGuess {
  const ratio = draft.role === 'generator' ? varianceOfLatents(draft.steps) : null;
  if (ratio === null) return NORMAL;
  const rounded = ratio.toFixed(2);
  if (Math.abs(Math.log(ratio * 3)) < 0.35) {
    return {
      prior: 'uniform',
      priorBasis: 'shapes',
      priorWhy: `The first norm's running variance fits a z of variance ${rounded}: U(−1, 1) has 0.33.`,
    };
  }
  if (Math.abs(Math.log(ratio)) < 0.35) {
    return {
      prior: 'normal',
      priorBasis: 'shapes',
      priorWhy: `The first norm's running variance fits a z of variance ${rounded}: N(0, 1) has 1.`,
    };
  }
  return NORMAL;
}

/** Median over channels of (running variance) / (Σw² a position); null where nothing tells. */
function varianceOfLatents(steps: readonly DraftStep[]): number | null {
  const [stem] = steps;
  const holder = stem?.norm
    ? stem
    : stem?.kind === 'dense' && steps[1]?.kind === 'reshape'
      ? steps[1]
      : null;
  if (!stem?.part || !holder?.norm?.variance || holder.order !== 'norm-activation') return null;
  if (stem.activation.kind !== 'none' && holder !== stem) return null;
  const { data, shape } = stem.part.weight;
  const variance = holder.norm.variance.data;
  const sums = squareSums(stem, data, shape, variance.length);
  if (!sums) return null;
  const ratios = [...variance].map((value, channel) => value / (sums[channel] ?? NaN));
  const usable = ratios
    .filter((ratio) => Number.isFinite(ratio) && ratio > 0)
    .sort((a, b) => a - b);
  return usable.length > 0 ? (usable[Math.floor(usable.length / 2)] ?? null) : null;
}

/** For each channel of the norm: Σ over inputs of w², averaged over the pixels that share the channel. */
function squareSums(
  stem: DraftStep,
  data: Float32Array,
  shape: readonly number[],
  channels: number,
): Float64Array | null {
  const sums = new Float64Array(channels);
  if (stem.kind === 'dense') {
    // Only rows of their own (or channels first) can be told apart here.
    const pixels = stem.filters / channels;
    if (!Number.isInteger(pixels)) return null;
    for (let i = 0; i < data.length; i += 1) {
      const filter = stem.transposed ? i % stem.filters : Math.floor(i / stem.inputs);
      const channel =
        stem.transposed && pixels > 1 ? filter % channels : Math.floor(filter / pixels);
      sums[channel] = (sums[channel] ?? 0) + (data[i] ?? 0) ** 2 / pixels;
    }
    return sums;
  }
  if (stem.kind !== 'convTranspose') return null;
  // (in, out, h, w), or Keras' (h, w, out, in).
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  const last = b === stem.filters && a === stem.inputs;
  const area = stem.kernel[0] * stem.kernel[1];
  for (let i = 0; i < data.length; i += 1) {
    const channel = last ? Math.floor(i / (c * d)) % b : Math.floor(i / d) % c;
    sums[channel] = (sums[channel] ?? 0) + (data[i] ?? 0) ** 2 / area;
  }
  return sums;
}
