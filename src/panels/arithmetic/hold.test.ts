import { describe, expect, it } from 'vitest';
import { drawTrial, measureHold, shareText, type HoldPlan } from './hold';

const pool = (id: string, size: number, first = 0) => ({
  id,
  label: id,
  z: Array.from({ length: size }, (_, at) => Float32Array.of(first + at)),
});

/** Any fixed numbers will do; these differ by trial and index. */
const random = (trial: number, index: number) => ((trial * 31 + index * 17 + 7) % 97) / 97;

function makePlan(change: Partial<HoldPlan> = {}): HoldPlan {
  const shared = pool('without', 12, 100);
  return {
    terms: [
      { sign: 1, count: 3, pool: pool('with', 8) },
      { sign: -1, count: 3, pool: shared },
      { sign: 1, count: 3, pool: shared },
    ],
    expected: { smile: 1 },
    trials: 20,
    // The first number says what it was, so that the judge below can tell.
    solve: (_, kind, trial) =>
      Float32Array.of(kind === 'averaged' ? 1 : kind === 'single' ? trial % 2 : 0),
    random,
    ...change,
  };
}

const judge = (z: readonly Float32Array[]) =>
  Promise.resolve(z.map((one) => ({ smile: one[0] ?? 0 })));

describe('how often an equation holds', () => {
  it('draws without replacement, also across groups of one concept', () => {
    for (let trial = 0; trial < 50; trial++) {
      const drawn = drawTrial(makePlan(), trial).flat();
      expect(drawn).toHaveLength(9);
      expect(new Set(drawn.map((z) => z[0])).size).toBe(9);
    }
    expect(drawTrial(makePlan(), 3)).toEqual(drawTrial(makePlan(), 3));
    expect(drawTrial(makePlan(), 3)).not.toEqual(drawTrial(makePlan(), 4));
  });

  it('counts each kind and gives its interval', async () => {
    const seen: number[] = [];
    const onProgress = ({ fraction }: { fraction: number }) => seen.push(fraction);
    const result = await measureHold(makePlan(), judge, { onProgress });
    expect([result.averaged.successes, result.single.successes, result.random.successes]).toEqual([
      20, 10, 0,
    ]);
    expect(shareText(result.single)).toBe('50 % (30 to 70)');
    expect(result.averaged.low).toBeGreaterThan(0.8);
    expect(seen).toEqual([0, 0.4, 0.8]);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const running = measureHold(makePlan({ trials: 100 }), judge, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says which concept is too small', async () => {
    const terms = [{ sign: 1 as const, count: 3, pool: pool('Smiling woman', 3) }];
    await expect(measureHold(makePlan({ terms }), judge)).rejects.toMatchObject({
      code: 'hold-pool-small',
      message: 'There are 3 exemplars to draw from for “Smiling woman”; each trial takes 3.',
    });
  });
});
