import { describe, expect, it } from 'vitest';
import { createStallLimits } from './stall-limits';

describe('stall limits', () => {
  it('are known once a kind of call was answered: at least 20 s', () => {
    const limits = createStallLimits();
    expect(limits.of('steps both')).toBeUndefined();
    limits.took('steps both', 90);
    expect(limits.of('steps both')).toBe(20_000);
    expect(limits.of('state')).toBeUndefined();
  });

  it('are 20 times the longest of the last calls, of which the one that compiled is soon none', () => {
    const limits = createStallLimits();
    limits.took('steps both', 60_000);
    expect(limits.of('steps both')).toBe(1_200_000);
    for (let call = 0; call < 7; call++) limits.took('steps both', 1500);
    expect(limits.of('steps both')).toBe(1_200_000);
    limits.took('steps both', 1500);
    expect(limits.of('steps both')).toBe(30_000);
  });

  it('are not known after what was compiled has changed', () => {
    const limits = createStallLimits();
    limits.took('steps both', 90);
    limits.forget();
    expect(limits.of('steps both')).toBeUndefined();
  });
});
