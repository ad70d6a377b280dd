/** Latents as the link means them: with the model's size and the prior and truncation of the link. */
import { sampleLatent } from '../core/latent';
import { AppError } from '../lib/errors';
import type { Prior } from '../model/spec';
import type { LatentRef } from './latent-ref';
import { priorParam, truncationParam } from './params';
import type { CurrentModel } from './session';
import type { UrlState } from './url';

/** How samples are drawn now. */
export interface Sampling {
  /** Length of z. */
  size: number;
  prior: Prior;
  /** 0 to 1 (see core/latent.ts). */
  truncation: number;
}

/** The link's prior and truncation, for a model; the model's own prior where the link names none. */
export function samplingOf(model: CurrentModel, url: UrlState): Sampling {
  const { size, prior } = model.spec.latent;
  const choice = url.get(priorParam);
  return {
    size,
    prior: choice === 'model' ? prior : choice,
    truncation: url.get(truncationParam),
  };
}

/**
 * The vector that a reference means. A sample's own prior and truncation win over those of `sampling`.
 * Throws AppError `latent-size` for an exact vector of another length.
 */
export function resolveLatent(ref: LatentRef, sampling: Sampling): Float32Array {
  if (ref.kind === 'sample') {
    const { seed, index, prior = sampling.prior, truncation = sampling.truncation } = ref;
    return sampleLatent(index, { seed, prior, truncation, size: sampling.size });
  }
  if (ref.z.length === sampling.size) return ref.z;
  throw new AppError({
    code: 'latent-size',
    message: `This latent has ${String(ref.z.length)} numbers; the open model takes ${String(sampling.size)}.`,
    hint: 'It was made with another model, so it means nothing to this one. Open its model, or choose another latent.',
  });
}
