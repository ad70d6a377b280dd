import { describe, expect, it } from 'vitest';
import { agrees, expectedTraits, ruleText } from './expectation';
import { describeReading, describeTraits, meanReading, metersOf, wordingText } from './reading';

const smilingWoman = { woman: 0.98, smile: 0.95, glasses: 0.02, yawDegrees: 2 };
const neutralWoman = { woman: 0.97, smile: 0.04, glasses: 0.1, yawDegrees: -3 };
const neutralMan = { woman: 0.02, smile: 0.06, glasses: 0.01, yawDegrees: 1 };

describe('a reading in words', () => {
  it('says what a person would', () => {
    const wording = describeReading({ woman: 0.01, smile: 0.98, glasses: 0.03, yawDegrees: 4 });
    expect(wordingText(wording)).toBe('a smiling man, 0.97');
    expect(describeReading({ woman: 0.9, smile: 0.1, glasses: 0.8, beard: 0.7 }).text).toBe(
      'a neutral woman with glasses and a beard',
    );
    expect(describeReading({ woman: 0.9, smile: 0.1, yawDegrees: -30 }).text).toBe(
      'a neutral woman, looking left',
    );
  });

  it('needs no more than the judge knows', () => {
    expect(wordingText(describeReading({ window: 0.25 }))).toBe('a room without a window, 0.75');
    expect(describeReading({ yawDegrees: 20 })).toEqual({
      text: 'a face, looking right',
      probability: null,
    });
    expect(describeTraits({})).toBe('a face');
  });

  it('becomes meters', () => {
    const meters = metersOf({ woman: 0.25, yawDegrees: -22.5 });
    expect(meters.map((meter) => [meter.label, meter.position, meter.value])).toEqual([
      ['woman', 0.25, '0.25'],
      ['turn', 0.25, '−22°'],
    ]);
  });

  it('averages what all have', () => {
    expect(meanReading([{ woman: 1, smile: 0 }, { woman: 0 }])).toEqual({ woman: 0.5 });
    expect(meanReading([])).toEqual({});
  });
});

describe('what an equation should come to', () => {
  const terms = [
    { sign: 1 as const, readings: [smilingWoman, smilingWoman] },
    { sign: -1 as const, readings: [neutralWoman] },
    { sign: 1 as const, readings: [neutralMan] },
  ];

  it('is a smiling man, and only that is asked for', () => {
    const expected = expectedTraits(terms);
    expect(expected).toEqual({ woman: 0, smile: 1 });
    expect(ruleText(expected)).toBe('woman below 0.5 and smile above 0.5');
    expect(agrees({ woman: 0.3, smile: 0.6, glasses: 0.9 }, expected)).toBe(true);
    expect(agrees({ woman: 0.6, smile: 0.9 }, expected)).toBe(false);
  });

  it('stays within what a trait can be', () => {
    const doubled = expectedTraits([terms[0]!, terms[0]!, terms[2]!]);
    expect(doubled).toEqual({ woman: 1, smile: 1 });
    const turned = expectedTraits([
      { sign: 1, readings: [{ yawDegrees: -30 }] },
      { sign: -1, readings: [{ yawDegrees: 30 }] },
      { sign: 1, readings: [{ yawDegrees: 0 }] },
    ]);
    expect(turned).toEqual({ turn: -1 });
    expect(ruleText(turned)).toBe('turned left by more than 10°');
  });

  it('is nothing where the groups are alike', () => {
    expect(expectedTraits([terms[0]!, { sign: -1, readings: [smilingWoman] }])).toEqual({});
  });
});
