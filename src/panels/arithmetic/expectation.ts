/**
 * What an equation should come to, from what its groups are: smile 1 − 0 + 0 = 1, woman 1 − 1 + 0 = 0,
 * so a smiling man. Only traits in which the groups differ are asked for: one that all of them share
 * would be met by nearly any face and only flatter the count.
 */
import type { Sign } from './equation';
import {
  TRAIT_NAMES,
  TURNED_DEGREES,
  meanReading,
  traitsOf,
  type Reading,
  type TraitName,
  type Traits,
} from './reading';

export interface JudgedTerm {
  sign: Sign;
  /** Of the group's exemplars. */
  readings: readonly Reading[];
}

/** Empty where the judge sees no difference between the groups. */
export function expectedTraits(terms: readonly JudgedTerm[]): Traits {
  const groups = terms.map(({ sign, readings }) => ({ sign, traits: groupTraits(readings) }));
  const expected: Partial<Record<TraitName, -1 | 0 | 1>> = {};
  for (const name of TRAIT_NAMES) {
    const values = groups.map(({ traits }) => traits[name]);
    if (values.some((value) => value === undefined) || !differ(name, values)) continue;
    const sum = groups.reduce((total, { sign, traits }) => total + sign * (traits[name] ?? 0), 0);
    const lowest = name === 'turn' ? -1 : 0;
    expected[name] = sum >= 1 ? 1 : sum <= -1 && lowest === -1 ? -1 : 0;
  }
  return expected;
}

/** A group looks to a side only where all of it does: a mean of a few heads is never quite straight. */
function groupTraits(readings: readonly Reading[]): Traits {
  const traits = traitsOf(meanReading(readings));
  if (traits.turn === undefined) return traits;
  const turns = new Set(readings.map((reading) => traitsOf(reading).turn));
  return { ...traits, turn: turns.size === 1 ? traits.turn : 0 };
}

/** Groups differ in the turn only where they look to opposite sides. */
function differ(name: TraitName, values: readonly (number | undefined)[]): boolean {
  const different = new Set(values);
  return name === 'turn' ? different.has(-1) && different.has(1) : different.size > 1;
}

/** Every expected trait is there. A head expected to look ahead may turn a little. */
export function agrees(reading: Reading, expected: Traits): boolean {
  const traits = traitsOf(reading);
  return TRAIT_NAMES.every((name) => {
    const wanted = expected[name];
    if (wanted === undefined) return true;
    return traits[name] === wanted;
  });
}

/** The rule of `agrees` for the reader: 'woman below 0.5 and smile above 0.5'. */
export function ruleText(expected: Traits): string {
  const parts = TRAIT_NAMES.flatMap((name) => {
    const wanted = expected[name];
    if (wanted === undefined) return [];
    if (name !== 'turn') return [`${name} ${wanted === 1 ? 'above' : 'below'} 0.5`];
    if (wanted === 0) return [`turned by less than ${TURNED_DEGREES}°`];
    return [`turned ${wanted === -1 ? 'left' : 'right'} by more than ${TURNED_DEGREES}°`];
  });
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
