/** What the cells of the grid show: samples of a seed, or neighbours of one latent. Pure. */
import { perturb, sampleLatent } from '../../core/latent';
import type { Prior } from '../../model/spec';
import type { LatentRef } from '../../session/latent-ref';
import { resolveLatent, type Sampling } from '../../session/latents';

export interface Cell {
  z: Float32Array;
  /** For the link: where absent, prior and truncation are those of the link, so that z follows them. */
  ref: LatentRef;
  /** For walk and shelf: says all by itself. */
  portable: LatentRef;
  label: string;
}

export interface SampleSource extends Sampling {
  seed: number;
}

export function sampleCells(count: number, source: SampleSource): Cell[] {
  return Array.from({ length: count }, (_, index) => {
    const { seed, prior, truncation } = source;
    return {
      z: sampleLatent(index, source),
      ref: { kind: 'sample', seed, index },
      portable: { kind: 'sample', seed, index, prior, truncation },
      label: `Seed ${seed}, no. ${index + 1}`,
    };
  });
}

/** The latent itself, then neighbours at random within ±radius in each number. */
export function neighborCells(
  count: number,
  center: Float32Array,
  centerRef: LatentRef,
  radius: number,
  seed: number,
): Cell[] {
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) {
      return { z: center, ref: centerRef, portable: exact(center), label: 'The varied one' };
    }
    const z = perturb(center, radius, { seed, index });
    return { z, ref: exact(z), portable: exact(z), label: `Neighbour ${index}` };
  });
}

/** The numbers of a reference, or null when they do not fit the model. */
export function resolveRef(ref: LatentRef, source: SampleSource): Float32Array | null {
  if (ref.kind === 'exact' && ref.z.length !== source.size) return null;
  return resolveLatent(ref, source);
}

/** The same reference with nothing left to the link. */
export function portableRef(ref: LatentRef, source: SampleSource): LatentRef {
  if (ref.kind === 'exact') return ref;
  return {
    ...ref,
    prior: ref.prior ?? source.prior,
    truncation: ref.truncation ?? source.truncation,
  };
}

export function exact(z: Float32Array): LatentRef {
  return { kind: 'exact', z };
}

export function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** How far a bar can be dragged: all that the prior reaches, and a little of what it does not. */
export function barLimit(prior: Prior): number {
  return prior === 'uniform' ? 1 : 3.5;
}

/** The paper's noise around a result: ±0.25 in U(−1, 1); ±0.43 is the like in N(0, 1). */
export function paperRadius(prior: Prior): number {
  return prior === 'uniform' ? 0.25 : 0.43;
}
