/** What the judge said of a picture, as traits that can be counted and as words. */
import type { JudgeOutput } from '../../model/spec';

/** One object a picture, only what the model's judge knows: probabilities, and degrees for the turn. */
export type Reading = Readonly<Partial<Record<JudgeOutput['name'], number>>>;

export type TraitName = 'woman' | 'smile' | 'glasses' | 'beard' | 'window' | 'turn';

/** 1 has it, 0 has it not; of the turn −1 left, 0 ahead, 1 right, as seen in the picture. */
export type Traits = Readonly<Partial<Record<TraitName, -1 | 0 | 1>>>;

export const TRAIT_NAMES: readonly TraitName[] = [
  'woman',
  'smile',
  'glasses',
  'beard',
  'window',
  'turn',
];

/** A head turned by more than this counts as looking to a side. */
export const TURNED_DEGREES = 10;

export function traitsOf(reading: Reading): Traits {
  const traits: Partial<Record<TraitName, -1 | 0 | 1>> = {};
  for (const name of TRAIT_NAMES) {
    if (name === 'turn') continue;
    const probability = reading[name];
    if (probability !== undefined) traits[name] = probability > 0.5 ? 1 : 0;
  }
  const yaw = reading.yawDegrees;
  if (yaw !== undefined) traits.turn = yaw < -TURNED_DEGREES ? -1 : yaw > TURNED_DEGREES ? 1 : 0;
  return traits;
}

/** Name by name over those that all readings have; an empty reading of no readings. */
export function meanReading(readings: readonly Reading[]): Reading {
  const first = readings[0];
  if (!first) return {};
  const mean: Partial<Record<JudgeOutput['name'], number>> = {};
  for (const name of Object.keys(first) as JudgeOutput['name'][]) {
    let sum = 0;
    for (const reading of readings) sum += reading[name] ?? NaN;
    if (!Number.isNaN(sum)) mean[name] = sum / readings.length;
  }
  return mean;
}

export interface Wording {
  /** 'a smiling man with glasses, looking left'. */
  text: string;
  /** That all that was said in yes-or-no words holds, taken as independent; null where there were none. */
  probability: number | null;
}

/** A reading as a person would say it. What is usual (no glasses, looking ahead) goes unsaid. */
export function describeReading(reading: Reading): Wording {
  const traits = traitsOf(reading);
  const said: number[] = [];
  const say = (probability: number | undefined, has: boolean) => {
    if (probability !== undefined) said.push(has ? probability : 1 - probability);
  };
  for (const name of ['woman', 'smile', 'window'] as const) say(reading[name], traits[name] === 1);
  for (const name of ['glasses', 'beard'] as const)
    if (traits[name] === 1) say(reading[name], true);
  return {
    text: describeTraits(traits),
    probability: said.length === 0 ? null : said.reduce((product, one) => product * one, 1),
  };
}

/** Traits in words, without numbers: also for what an equation should come to. */
export function describeTraits(traits: Traits): string {
  if (traits.window !== undefined) {
    return traits.window === 1 ? 'a room with a window' : 'a room without a window';
  }
  const noun = traits.woman === undefined ? 'face' : traits.woman === 1 ? 'woman' : 'man';
  const mood = traits.smile === undefined ? '' : traits.smile === 1 ? 'smiling ' : 'neutral ';
  const worn = [traits.glasses === 1 && 'glasses', traits.beard === 1 && 'a beard'].filter(Boolean);
  const wearing = worn.length === 0 ? '' : ` with ${worn.join(' and ')}`;
  const side = traits.turn === -1 ? ', looking left' : traits.turn === 1 ? ', looking right' : '';
  return `a ${mood}${noun}${wearing}${side}`;
}

/** 'a smiling man, 0.97'. */
export function wordingText({ text, probability }: Wording): string {
  return probability === null ? text : `${text}, ${probability.toFixed(2)}`;
}

/** One line a meter: what it is called, where it stands from 0 to 1, and its number in words. */
export interface Meter {
  name: JudgeOutput['name'];
  label: string;
  /** 0 to 1; of the turn 0.5 is straight ahead. */
  position: number;
  /** The bar starts in the middle. */
  centered: boolean;
  value: string;
}

/** Full deflection of the turn's meter. */
const METER_DEGREES = 45;

const METER_LABELS: Readonly<Record<JudgeOutput['name'], string>> = {
  woman: 'woman',
  smile: 'smile',
  glasses: 'glasses',
  beard: 'beard',
  window: 'window',
  yawDegrees: 'turn',
};

export function metersOf(reading: Reading): Meter[] {
  return (Object.keys(METER_LABELS) as JudgeOutput['name'][]).flatMap((name): Meter[] => {
    const value = reading[name];
    if (value === undefined) return [];
    const label = METER_LABELS[name];
    if (name !== 'yawDegrees') {
      return [{ name, label, position: value, centered: false, value: value.toFixed(2) }];
    }
    const position = Math.min(1, Math.max(0, 0.5 + value / (2 * METER_DEGREES)));
    return [{ name, label, position, centered: true, value: degreesText(value) }];
  });
}

/** '−24°' with a real minus sign. */
export function degreesText(degrees: number): string {
  const rounded = Math.round(degrees);
  return `${rounded < 0 ? '−' : ''}${Math.abs(rounded)}°`;
}
