import { withNorm } from './latent';
import type { LatentPrior } from './latent';
import { normalQuantile } from './normal-distribution';

// In 100 dimensions nearly all samples of a prior have nearly the same length: they lie in a thin shell,
// and the middle, where lerp and averages lead, is empty. (White 2016, arXiv 1609.04468, section 3.)

export interface Shell {
  /** The mean of |z| over the prior. */
  expected: number;
  /** The length that a share p (0 < p < 1) of the prior's samples stay below. */
  quantile(p: number): number;
}

/**
 * How long samples of a prior are. Normal: |z| has a χ distribution; its quantiles by Wilson and Hilferty
 * (1931). Uniform: |z|² is a sum of independent squares, nearly normal for the sizes of latents. Good to
 * 0.5 % of |z| from size 16 on. Sphere: √size exactly.
 */
export function priorShell(prior: LatentPrior, size: number): Shell {
  if (prior === 'sphere') return { expected: Math.sqrt(size), quantile: () => Math.sqrt(size) };
  if (prior === 'normal') return normalShell(size);
  // U(−1, 1)² has mean 1/3 and variance 4/45; E√S ≈ √μ · (1 − σ²/8μ²).
  const meanSquare = size / 3;
  const deviation = Math.sqrt((4 / 45) * size);
  return {
    expected: Math.sqrt(meanSquare) * (1 - (deviation / meanSquare) ** 2 / 8),
    quantile: (p) => Math.sqrt(Math.max(0, meanSquare + normalQuantile(p) * deviation)),
  };
}

function normalShell(size: number): Shell {
  const spread = 2 / (9 * size);
  return {
    expected: chiMean(size),
    quantile: (p) =>
      Math.sqrt(size * Math.max(0, 1 - spread + normalQuantile(p) * Math.sqrt(spread)) ** 3),
  };
}

/** √2 · Γ((n + 1)/2) / Γ(n/2), from n = 1 or 2 upward by Γ(x + 1) = x·Γ(x). */
function chiMean(size: number): number {
  let result = size % 2 === 0 ? Math.sqrt(Math.PI / 2) : Math.sqrt(2 / Math.PI);
  for (let n = size % 2 === 0 ? 2 : 1; n < size; n += 2) result *= (n + 1) / n;
  return result;
}

/** z with the length that the prior's samples have on average; zero stays zero. */
export function scaleToShell(z: Float32Array, prior: LatentPrior): Float32Array {
  return withNorm(z, priorShell(prior, z.length).expected);
}
