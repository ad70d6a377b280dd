import { describe, expect, it } from 'vitest';
import type { TrainingStats } from '../../engine/training-api';
import type { TrainingLoss } from '../../model/training';
import { createAlarmWatch, type AlarmWatch } from './alarms';

type Numbers = Record<'lossD' | 'lossG' | 'real' | 'fake', number>;

const HEALTHY: Numbers = { lossD: 0.9, lossG: 1.2, real: 0.7, fake: 0.3 };
const WON: Numbers = { lossD: 0.04, lossG: 5, real: 0.99, fake: 0.01 };
const BLIND: Numbers = { lossD: 1.38, lossG: 0.7, real: 0.5, fake: 0.49 };

function stats(step: number, steps: number, numbers: Numbers): TrainingStats {
  const column = (value: number) => new Float32Array(steps).fill(value);
  const { lossD, lossG, real, fake } = numbers;
  return {
    ...{ step, steps, ms: 1, finite: true, lossD: column(lossD), lossG: column(lossG) },
    ...{ real: column(real), fake: column(fake) },
  };
}

/** 150 steps of each, ten at a time; what is active after each. */
function follow(watch: AlarmWatch, phases: Numbers[], loss: TrainingLoss = 'non-saturating') {
  let step = 0;
  return phases.map((numbers) => {
    for (let call = 0; call < 15; call++) {
      step += 10;
      watch.steps(stats(step, 10, numbers), loss);
    }
    return watch.all().flatMap(({ kind, over }) => (over ? [] : [kind]));
  });
}

describe('D and G', () => {
  it('raise no alarm while they are even', () => {
    const watch = createAlarmWatch();
    expect(follow(watch, [HEALTHY, HEALTHY])).toEqual([[], []]);
    expect(watch.all()).toEqual([]);
  });

  it('raise one when D wins outright, which ends when G is back', () => {
    const watch = createAlarmWatch();
    expect(follow(watch, [HEALTHY, WON, WON, HEALTHY])).toEqual([
      [],
      ['discriminator-wins'],
      ['discriminator-wins'],
      [],
    ]);
    const [alarm, ...more] = watch.all();
    expect(more).toEqual([]);
    // 0.3·(1 − n) + 0.01·n falls below 0.05 when the window holds 87 % of the new steps.
    expect(alarm).toMatchObject({ step: 240, over: true });
    expect(alarm!.message).toContain('real pictures 96 % and generated ones 4 %');
    expect(alarm!.hint).toContain('learning rate of D');
  });

  it('says it by D’s loss where probabilities stay in the middle', () => {
    const won = { ...HEALTHY, lossD: 0.01, real: 0.73, fake: 0.5 };
    expect(follow(createAlarmWatch(), [won], 'least-squares')).toEqual([['discriminator-wins']]);
    expect(follow(createAlarmWatch(), [won], 'hinge')).toEqual([['discriminator-wins']]);
    expect(follow(createAlarmWatch(), [HEALTHY], 'hinge')).toEqual([[]]);
  });

  it('raise one when D is blind', () => {
    const watch = createAlarmWatch();
    expect(follow(watch, [BLIND, HEALTHY])).toEqual([['generator-wins'], []]);
    expect(watch.all()[0]!.message).toContain('real pictures 50 % and generated ones 49 %');
  });

  it('are not judged by steps of one of them alone', () => {
    const onlyG = { lossD: NaN, lossG: 0.1, real: NaN, fake: 0.9 };
    expect(follow(createAlarmWatch(), [onlyG, onlyG])).toEqual([[], []]);
  });
});

describe('collapse', () => {
  const measured = (diversities: [step: number, diversity: number][]) => {
    const watch = createAlarmWatch();
    const measures = diversities.map(([step, diversity]) => ({
      step,
      diversity,
      slicedWasserstein: 9,
    }));
    measures.forEach((_, at) => watch.measure(measures.slice(0, at + 1), 60));
    return watch.all();
  };

  it('is three measures below 30 % of the data’s diversity', () => {
    const [alarm] = measured([
      [200, 50],
      [250, 17],
      [300, 16],
      [350, 15],
    ]);
    expect(alarm).toMatchObject({ kind: 'collapse', step: 350, over: false });
    expect(alarm!.message).toContain('by 15.0 levels from each other, the data’s by 60.0 (25 %)');
    expect(
      measured([
        [250, 17],
        [300, 19],
        [350, 15],
      ]),
    ).toEqual([]);
  });

  it('is not the start, where every G draws one grey picture', () => {
    expect(
      measured([
        [0, 1],
        [50, 1],
        [100, 2],
        [150, 9],
        [200, 17],
      ]),
    ).toEqual([]);
  });

  it('is over when pictures differ again', () => {
    const alarms = measured([
      [250, 17],
      [300, 16],
      [350, 15],
      [400, 22],
      [450, 25],
    ]);
    expect(alarms).toMatchObject([{ step: 350, over: true }]);
  });
});

describe('numbers that are not finite', () => {
  it('say where training went back to and a lower learning rate, until it goes on', () => {
    const watch = createAlarmWatch();
    watch.notFinite(77, 60, 0.01);
    const [alarm] = watch.all();
    expect(alarm).toMatchObject({ kind: 'not-finite', step: 77, over: false });
    expect(alarm!.message).toContain('went back to step 60');
    expect(alarm!.hint).toContain('0.0025');
    watch.goesOn();
    expect(watch.all()[0]!.over).toBe(true);
  });

  it('outlive a checkpoint', () => {
    const watch = createAlarmWatch();
    watch.notFinite(77, 60, 0.01);
    expect(createAlarmWatch(watch.all()).all()).toEqual(watch.all());
  });
});
