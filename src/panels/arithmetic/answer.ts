/** Everything that the panel draws for an equation, as latents, from the groups and the link's settings. */
import { useMemo } from 'react';
import { norm } from '../../core/latent';
import { defaultNoise, neighboursOf } from '../../session/arithmetic';
import { useUrlParam } from '../../ui/session-context';
import { fadeParam, noiseSeedParam, radiusParam, scaleParam, singleParam } from './params';
import type { ResolvedTerm } from './resolve';
import {
  baseControl,
  randomControl,
  singleOf,
  solve,
  withLengthOf,
  type SolveOptions,
  type Solution,
} from './solve';
import { useWorkbench } from './workbench';

/** Place of the result among the nine. */
export const CENTER = 4;

export interface Settings extends SolveOptions {
  radius: number;
  seed: number;
  /** Which exemplar of each group is calculated with alone, from 0. */
  single: number;
}

export function useSettings(): Settings {
  const { model } = useWorkbench();
  const [fade] = useUrlParam(fadeParam);
  const [radius] = useUrlParam(radiusParam);
  const [seed] = useUrlParam(noiseSeedParam);
  const [normalization] = useUrlParam(scaleParam);
  const [single] = useUrlParam(singleParam);
  const { latent } = model.spec;
  return useMemo(
    () => ({
      fade,
      normalization,
      latent,
      radius: radius ?? defaultNoise(latent.prior),
      seed,
      single,
    }),
    [fade, normalization, latent, radius, seed, single],
  );
}

export interface Answer extends Solution {
  /** The result in the middle of its eight neighbours, row by row. */
  nine: readonly Float32Array[];
  /** |result|. */
  length: number;
  single: Float32Array;
  singleAtLength: Float32Array;
  baseAlone: Float32Array;
  random: Float32Array;
}

/** Null where no group has a face. */
export function answerOf(terms: readonly ResolvedTerm[], settings: Settings): Answer | null {
  const solution = solve(terms, settings);
  if (!solution) return null;
  const { result } = solution;
  const single = solve(singleOf(terms, settings.single), settings)?.result ?? result;
  const around = neighboursOf(result, settings.radius, settings.seed);
  return {
    ...solution,
    nine: around.toSpliced(CENTER, 0, result),
    length: norm(result),
    single,
    singleAtLength: withLengthOf(single, result),
    baseAlone: baseControl(solution, settings),
    random: randomControl(solution, settings, settings.seed),
  };
}

export function useAnswer(terms: readonly ResolvedTerm[], settings: Settings): Answer | null {
  return useMemo(() => answerOf(terms, settings), [terms, settings]);
}
