/** What the judge says of the Forget side's choice: the table of counts, and the curves. */
import type { Box } from '../../core/boxes';
import type { CallOptions } from '../../engine/api';
import type { UnitMask } from '../../model/source';
import {
  changeAtBoxes,
  chooseAtRandom,
  countForgotten,
  dropUnits,
  forgettingCurve,
  judgeConcept,
  SURE,
  type Concept,
  type CurvePoint,
  type ForgetCount,
  type PixelChange,
  type Scores,
} from '../../session/forgetting';
import { countUnits } from '../../session/mask';
import type { Session } from '../../session/session';
import type { Forget } from './forget-store';
import { shareOf, type Order } from './rule';

/** Scenes that the judge counts, and those of the curve at most. */
export const SCENES = 200;
const CURVE_SCENES = 60;
/** How many times the random control is drawn, with seeds that follow the chosen one. */
const DRAWS = 5;
const CURVE_DRAWS = 3;
/** Shares of filters on the curves. The few filters with the largest effect do most, so there they lie closer. */
const SHARES: Record<Order, readonly number[]> = {
  weight: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
  effect: [0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2],
};

/** What the judge counted, for each way of choosing as many filters. */
export interface Counts {
  before: ForgetCount;
  dropped: ForgetCount;
  /** As many at random, drawn several times: they differ widely from draw to draw. */
  random: readonly ForgetCount[];
  /** As many with the lowest scores; null where nothing was fitted or measured. */
  lowest: ForgetCount | null;
  /** Filters dropped in each case. */
  filters: number;
  change: PixelChange | null;
}

export interface Curve {
  /** A layer's id, or 'together'. */
  layers: string;
  by: Order | 'random';
  points: CurvePoint[];
}

interface Question {
  concept: Concept;
  /** Not the samples that the boxes were drawn on: they were learned from. */
  scenes: readonly Float32Array[];
  boxed: { latents: readonly Float32Array[]; boxes: readonly Box[] };
}

/** What the judge is asked, and on which pictures; null where it can tell nothing. */
async function questionOf(session: Session, forget: Forget): Promise<Question | null> {
  await session.models.judge();
  const { concept, seed, boxes } = forget.store.getState();
  const scenes = forget.latents(seed + 1, SCENES);
  return concept && { concept, scenes, boxed: { latents: forget.latents(), boxes } };
}

/** Judges all scenes with every choice, and puts the counts into the store. */
export async function countAll(
  session: Session,
  forget: Forget,
  { signal, onProgress }: CallOptions,
): Promise<void> {
  const question = await questionOf(session, forget);
  if (!question) return;
  const { concept, scenes, boxed } = question;
  const options = { ...(signal && { signal }) };
  const dropped = forget.units('rule') ?? {};
  const lowest = forget.units('lowest');
  const cases: [string, UnitMask][] = [
    ['all filters', {}],
    ['with the mask', dropped],
    ...Array.from({ length: DRAWS }, (_, draw): [string, UnitMask] => [
      `random filters, draw ${draw + 1}`,
      forget.units('random', draw) ?? {},
    ]),
    ...(lowest ? [['the lowest', lowest] as [string, UnitMask]] : []),
  ];
  const judged: Float32Array[] = [];
  for (const [index, [label, mask]] of cases.entries()) {
    judged.push(
      await judgeConcept(session, scenes, mask, concept, {
        ...options,
        onProgress: ({ fraction }) =>
          onProgress?.({
            fraction: (index + fraction) / (cases.length + 0.5),
            label: `Judging ${SCENES} scenes, ${label}`,
          }),
      }),
    );
  }
  const change = boxed.boxes.length
    ? await changeAtBoxes(session, boxed.latents, boxed.boxes, dropped, options)
    : null;
  signal?.throwIfAborted();
  const all = judged.map((p) => countForgotten(judged[0]!, p));
  forget.set({
    counts: {
      before: all[0]!,
      dropped: all[1]!,
      random: all.slice(2, 2 + DRAWS),
      lowest: lowest ? all.at(-1)! : null,
      filters: countUnits(dropped),
      change,
    },
  });
}

interface CurveJob {
  layers: string;
  by: Order | 'random';
  scores: Scores;
  /** Whether the change of pixels is measured too. */
  change: boolean;
}

/** Draws the curves of each layer, of all together, of the other order and of a random control. */
export async function drawCurves(
  session: Session,
  forget: Forget,
  { signal, onProgress }: CallOptions,
): Promise<void> {
  const question = await questionOf(session, forget);
  if (!question) return;
  const { concept, scenes, boxed } = question;
  const { order, controlSeed } = forget.store.getState();
  const options = { ...(signal && { signal }) };
  const p = await judgeConcept(session, scenes, {}, concept, options);
  const sure = scenes.filter((_, scene) => p[scene]! > SURE).slice(0, CURVE_SCENES);
  const jobs = curveJobs(forget);
  const curves: Curve[] = [];
  for (const [index, job] of jobs.entries()) {
    const steps = SHARES[order].map((share) => ({
      share,
      masks: masksOf(job, { order, share, seed: controlSeed }),
    }));
    const points = await forgettingCurve(session, sure, concept, steps, {
      ...options,
      ...(job.change && boxed.boxes.length > 0 && { boxed }),
      onProgress: ({ fraction, label }) =>
        onProgress?.({ fraction: (index + fraction) / jobs.length, label }),
    });
    signal?.throwIfAborted();
    curves.push({ layers: job.layers, by: job.by, points });
    forget.set({ curves: [...curves] });
  }
}

function curveJobs(forget: Forget): CurveJob[] {
  const { order } = forget.store.getState();
  const all = forget.scores();
  const ids = Object.keys(all);
  const layers = ids.length > 1 ? 'together' : ids[0]!;
  const single = ids.length > 1 ? ids : [];
  const other: Order = order === 'weight' ? 'effect' : 'weight';
  const others = forget.scores(other);
  return [
    ...single.map((id) => ({
      ...{ layers: id, by: order, change: false },
      scores: { [id]: all[id]! },
    })),
    { layers, by: order, scores: all, change: true },
    // The two ways side by side, where both are known on the same layers.
    ...(ids.every((id) => others[id])
      ? [{ layers, by: other, scores: others, change: false }]
      : []),
    { layers, by: 'random', scores: all, change: false },
  ];
}

function masksOf(
  { by, scores }: CurveJob,
  { order, share, seed }: { order: Order; share: number; seed: number },
): UnitMask[] {
  if (by !== 'random') return [dropUnits(shareOf(by, scores, share))];
  const like = shareOf(order, scores, share);
  const sizes = Object.fromEntries(Object.entries(scores).map(([id, own]) => [id, own.length]));
  return Array.from({ length: CURVE_DRAWS }, (_, draw) =>
    dropUnits(chooseAtRandom(like, sizes, seed + draw)),
  );
}
