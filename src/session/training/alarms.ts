/**
 * Alarms: what a teacher would point at while it happens, in words, with what to try. Each rule looks at a
 * window of steps or at several measures, so that the ups and downs of every GAN raise none.
 */
import type { TrainingStats } from '../../engine/training-api';
import type { TrainingLoss } from '../../model/training';
import type { RunAlarm, RunMeasure } from './training';

type Kind = RunAlarm['kind'];

/** Steps that a rule on D and G looks at. */
const WINDOW = 100;
/** D is that sure of both kinds of pictures: it has won. */
const SURE = 0.95;
/** With the other losses D need not be sure to have won; they say it by D's loss, of 2 and 0.25 for a D that knows nothing. */
const WON_LOSS: Record<Exclude<TrainingLoss, 'non-saturating'>, number> = {
  hinge: 0.06,
  'least-squares': 0.015,
};
/** D tells real from fake by less than this. */
const BLIND = 0.03;
/** An alarm ends when its numbers are this much better than what raised it. */
const EASE = 2;
/** Share of the data's diversity below which fakes look alike … */
export const COLLAPSE_SHARE = 0.3;
const COLLAPSE_OVER_SHARE = 0.4;
/** … in so many measures, one after the other, … */
const COLLAPSE_MEASURES = 3;
/** … after the start, where every G draws one grey picture. */
const COLLAPSE_FROM_STEP = 200;
const MAX_ALARMS = 30;

export interface AlarmWatch {
  steps(stats: TrainingStats, loss: TrainingLoss): void;
  measure(measures: readonly RunMeasure[], dataDiversity: number): void;
  /** A loss or weight became no finite number at `step`; training went back to `backTo`. */
  notFinite(step: number, backTo: number, learningRate: number): void;
  /** Training goes on after it. */
  goesOn(): void;
  /** In the order in which they were raised. */
  all(): RunAlarm[];
}

export function createAlarmWatch(start: readonly RunAlarm[] = []): AlarmWatch {
  let alarms = start.map((alarm) => ({ ...alarm }));
  let window: Row[] = [];

  const active = (kind: Kind) => alarms.find((alarm) => alarm.kind === kind && !alarm.over);
  function raise(kind: Kind, step: number, message: string, hint: string): void {
    if (active(kind)) return;
    alarms = [...alarms, { kind, step, message, hint, over: false }].slice(-MAX_ALARMS);
  }
  function end(kind: Kind): void {
    alarms = alarms.map((alarm) => (alarm.kind === kind ? { ...alarm, over: true } : alarm));
  }

  function judgeWindow(step: number, loss: TrainingLoss): void {
    if (window.length < WINDOW) return;
    const means = meansOf(window);
    const { real, fake, lossD, lossG } = means;
    if (hasWon(means, loss, 1)) {
      raise(
        'discriminator-wins',
        step,
        `D wins outright: over the last ${WINDOW} steps it gave real pictures ${percent(real)} and generated ones ${percent(fake)} (G’s loss ${lossG.toFixed(1)}, D’s ${lossD.toFixed(2)}). G learns little from a judge that is never in doubt.`,
        'Halve the learning rate of D, smooth its labels (0.1), or give it an R1 penalty of 1 to 10.',
      );
    } else if (!hasWon(means, loss, EASE)) end('discriminator-wins');
    if (real - fake < BLIND) {
      raise(
        'generator-wins',
        step,
        `D is blind: over the last ${WINDOW} steps it gave real pictures ${percent(real)} and generated ones ${percent(fake)}. What it tells G is hardly better than chance.`,
        'Give D more steps for each step of G, raise its learning rate, or halve that of G.',
      );
    } else if (real - fake > EASE * BLIND) end('generator-wins');
  }

  return {
    steps({ step, steps, lossD, lossG, real, fake }, loss) {
      for (let i = 0; i < steps; i++) {
        const row = { lossD: lossD[i]!, lossG: lossG[i]!, real: real[i]!, fake: fake[i]! };
        // Where one part steps alone there is nothing to weigh it against.
        if (Object.values(row).every(Number.isFinite)) window.push(row);
      }
      window = window.slice(-WINDOW);
      judgeWindow(step, loss);
    },
    measure(measures, dataDiversity) {
      const last = measures.slice(-COLLAPSE_MEASURES);
      const newest = last.at(-1);
      if (!newest || dataDiversity === 0) return;
      const shares = last.map(({ diversity }) => diversity / dataDiversity);
      const started = last.every(({ step }) => step >= COLLAPSE_FROM_STEP);
      if (shares.at(-1)! > COLLAPSE_OVER_SHARE) end('collapse');
      else if (
        started &&
        last.length === COLLAPSE_MEASURES &&
        shares.every((share) => share < COLLAPSE_SHARE)
      ) {
        raise(
          'collapse',
          newest.step,
          `G’s pictures look alike: they differ by ${newest.diversity.toFixed(1)} levels from each other, the data’s by ${dataDiversity.toFixed(1)} (${percent(shares.at(-1)!)}), in ${COLLAPSE_MEASURES} measures one after the other. This is mode collapse.`,
          'Lower the learning rate of G or take two steps of D for each of G; or go back in the time machine to where they still differed and start from other settings.',
        );
      }
    },
    notFinite(step, backTo, learningRate) {
      end('not-finite');
      const lower = Number((learningRate / 4).toPrecision(2));
      raise(
        'not-finite',
        step,
        `The numbers ran away: at step ${step} a loss or a weight was no finite number. Training stopped and went back to step ${backTo}, where all was well.`,
        `Lower both learning rates (to ${lower}, say), then press Resume. With the settings as they are it would happen again.`,
      );
      window = [];
    },
    goesOn() {
      end('not-finite');
    },
    all: () => alarms.map((alarm) => ({ ...alarm })),
  };
}

interface Row {
  lossD: number;
  lossG: number;
  real: number;
  fake: number;
}

function meansOf(rows: readonly Row[]): Row {
  const mean = (of: (row: Row) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  return {
    lossD: mean((row) => row.lossD),
    lossG: mean((row) => row.lossG),
    real: mean((row) => row.real),
    fake: mean((row) => row.fake),
  };
}

/** With thresholds that are `ease` times as wide. */
function hasWon({ real, fake, lossD }: Row, loss: TrainingLoss, ease: number): boolean {
  if (loss !== 'non-saturating') return lossD < ease * WON_LOSS[loss];
  return real > 1 - ease * (1 - SURE) && fake < ease * (1 - SURE);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
