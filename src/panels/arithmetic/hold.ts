/**
 * "How often does this hold?": the equation again and again with other exemplars of the same concepts, and
 * the share of results that the judge reads as they should be: with one exemplar a group, with averages,
 * and as a floor with a random vector of the difference's length in place of the difference.
 */
import type { CallOptions } from '../../engine/api';
import { wilsonInterval, type Share } from '../../core/statistics';
import { AppError } from '../../lib/errors';
import type { Sign } from './equation';
import { agrees } from './expectation';
import type { Reading, Traits } from './reading';

export interface HoldTerm {
  sign: Sign;
  /** Exemplars averaged a group. */
  count: number;
  /** Where they are drawn from. Terms of one pool never share an exemplar within a trial. */
  pool: { id: string; label: string; z: readonly Float32Array[] };
}

export type HoldKind = 'averaged' | 'single' | 'random';

export const HOLD_KINDS: readonly HoldKind[] = ['averaged', 'single', 'random'];

export interface HoldPlan {
  terms: readonly HoldTerm[];
  expected: Traits;
  trials: number;
  /** From the groups' exemplars to the latent that is drawn. */
  solve(groups: readonly (readonly Float32Array[])[], kind: HoldKind, trial: number): Float32Array;
  /** In [0, 1), by trial and number within the trial: draws without replacement. */
  random(trial: number, index: number): number;
}

export type HoldResult = Readonly<Record<HoldKind, Share & { successes: number }>> & {
  trials: number;
};

/** Trials at a time: 3 × 8 pictures keep a slow device answering. */
const TRIALS_A_BATCH = 8;

/** Throws AppError 'hold-pool-small' where a concept has fewer exemplars than a trial needs. */
export function checkPools(terms: readonly HoldTerm[]): void {
  const needed = new Map<string, { label: string; has: number; needs: number }>();
  for (const { pool, count } of terms) {
    const entry = needed.get(pool.id) ?? { label: pool.label, has: pool.z.length, needs: 0 };
    entry.needs += count;
    needed.set(pool.id, entry);
  }
  for (const { label, has, needs } of needed.values()) {
    // With exactly as many every trial would be the same one.
    if (has > needs) continue;
    throw new AppError({
      code: 'hold-pool-small',
      message: `There are ${has} exemplars to draw from for “${label}”; each trial takes ${needs}.`,
      hint: 'Use fewer exemplars a group, so that trials can differ.',
    });
  }
}

/** One trial's exemplars, term by term: a shuffle of each pool by its own random numbers. */
export function drawTrial(plan: HoldPlan, trial: number): Float32Array[][] {
  const orders = new Map<string, number[]>();
  let counter = 0;
  return plan.terms.map(({ pool, count }) => {
    const order = orders.get(pool.id) ?? pool.z.map((_, at) => at);
    orders.set(pool.id, order);
    return Array.from({ length: count }, () => {
      const at = Math.floor(plan.random(trial, counter++) * order.length);
      const [chosen = 0] = order.splice(at, 1);
      return pool.z[chosen] ?? new Float32Array();
    });
  });
}

/**
 * Runs all trials. `judge` draws latents and reads the pictures. Progress is by trials; aborting rejects
 * with the signal's reason.
 */
export async function measureHold(
  plan: HoldPlan,
  judge: (z: readonly Float32Array[], signal?: AbortSignal) => Promise<readonly Reading[]>,
  { signal, onProgress }: CallOptions = {},
): Promise<HoldResult> {
  checkPools(plan.terms);
  const successes: Record<HoldKind, number> = { averaged: 0, single: 0, random: 0 };
  for (let start = 0; start < plan.trials; start += TRIALS_A_BATCH) {
    signal?.throwIfAborted();
    onProgress?.({ fraction: start / plan.trials, label: `${start} of ${plan.trials} drawn` });
    const trials = Math.min(TRIALS_A_BATCH, plan.trials - start);
    const latents = Array.from({ length: trials }, (_, at) => start + at).flatMap((trial) => {
      const groups = drawTrial(plan, trial);
      return HOLD_KINDS.map((kind) => plan.solve(groups, kind, trial));
    });
    const readings = await judge(latents, signal);
    readings.forEach((reading, at) => {
      const kind = HOLD_KINDS[at % HOLD_KINDS.length] ?? 'averaged';
      if (agrees(reading, plan.expected)) successes[kind] += 1;
    });
  }
  signal?.throwIfAborted();
  const share = (kind: HoldKind) => ({
    ...wilsonInterval(successes[kind], plan.trials),
    successes: successes[kind],
  });
  return {
    trials: plan.trials,
    averaged: share('averaged'),
    single: share('single'),
    random: share('random'),
  };
}

/** '93 % (87 to 96)'. */
export function shareText({ share, low, high }: Share): string {
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(share)} % (${percent(low)} to ${percent(high)})`;
}
