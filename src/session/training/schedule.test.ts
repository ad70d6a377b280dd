import { describe, expect, it } from 'vitest';
import { createHistory } from './history';
import { createPace } from './pace';
import { presetOf, presetSteps, TRAINING_PRESETS } from './presets';
import { nextMeasureStep, snapshotCapacity, snapshotInterval, thinSnapshots } from './schedule';
import { heldOutCount } from './split';
import { checkTrainingConfig } from '../../model/training';

describe('measures', () => {
  it('are dense at first, then thinner, at steps that any resume meets again', () => {
    const steps = [0];
    while (steps.at(-1)! < 5000) steps.push(nextMeasureStep(steps.at(-1)!));
    expect(steps.slice(0, 4)).toEqual([0, 50, 100, 150]);
    expect(steps.filter((step) => step > 1000 && step <= 2000)).toHaveLength(10);
    for (const step of [0, 1, 49, 50, 333, 1999, 4711]) {
      const next = nextMeasureStep(step);
      expect(next).toBeGreaterThan(step);
      if (step > 0 && step < 5000) expect(steps.filter((one) => one > step)[0]).toBe(next);
    }
    expect(nextMeasureStep(1e6) - 1e6).toBeLessThanOrEqual(800);
  });
});

describe('snapshots', () => {
  it('stay about 40, evenly apart, however long a run becomes', () => {
    let interval = snapshotInterval(null);
    let steps: number[] = [];
    for (let step = 0; step <= 20_000; step += 10) {
      if (step % interval !== 0) continue;
      ({ steps, interval } = thinSnapshots([...steps, step], interval, 40));
      expect(steps.length).toBeLessThanOrEqual(42);
    }
    expect(interval).toBe(640);
    expect(steps.slice(0, 3)).toEqual([0, 640, 1280]);
    expect(snapshotInterval(300)).toBe(8);
    expect(snapshotInterval(20)).toBe(1);
  });

  it('keep to a byte budget', () => {
    expect(snapshotCapacity(7e6, 1e8)).toBe(14);
    expect(snapshotCapacity(2e5, 1e8)).toBe(40);
    expect(snapshotCapacity(1e9, 1e8)).toBe(4);
  });
});

describe('held-out pictures', () => {
  it('are a tenth, 16 to 512, and none of small sets', () => {
    expect([4, 40, 79, 80, 200, 4096, 50_000].map(heldOutCount)).toEqual([
      0, 0, 0, 16, 20, 410, 512,
    ]);
  });
});

describe('the history', () => {
  const row = (step: number) => {
    const one = new Float32Array([step]);
    return { step, steps: 1, ms: 1, finite: true, lossD: one, lossG: one, real: one, fake: one };
  };

  it('thins itself evenly, and goes on with the same spacing from where it was left', () => {
    const whole = createHistory();
    let left = createHistory();
    for (let step = 1; step <= 9000; step++) {
      whole.add(row(step));
      left.add(row(step));
      if (step % 1237 === 0) left = createHistory(left.rows());
    }
    const { step, lossD } = whole.rows();
    expect(step).toHaveLength(1125);
    expect(step.slice(0, 2)).toEqual([8, 16]);
    expect(lossD).toEqual(step);
    expect(left.rows()).toEqual(whole.rows());
    whole.cut(24);
    expect(whole.rows().step).toEqual([8, 16, 24]);
  });
});

describe('the pace', () => {
  it('is of the last five seconds, on the device and with all that is between', () => {
    const pace = createPace();
    expect(pace.msPerStep()).toBeNull();
    pace.add(1, 3000, 3000);
    expect(pace.msPerStep()).toBe(3000);
    for (let call = 0; call < 100; call++) pace.add(4, 80, 100);
    expect(pace.msPerStep()).toBe(20);
    expect(pace.wallMsPerStep()).toBe(25);
  });
});

describe('presets', () => {
  it('have settings that can be used, and steps that fill their time', () => {
    for (const { config } of TRAINING_PRESETS) expect(checkTrainingConfig(config)).toEqual(config);
    const twoMinutes = presetOf('two-minutes');
    expect(presetSteps(twoMinutes, { msPerStep: 130 })).toBe(730);
    expect(presetSteps(twoMinutes, { msPerStep: 5000 })).toBe(100);
    expect(presetSteps(presetOf('paper'), { msPerStep: 130 })).toBeNull();
  });
});
