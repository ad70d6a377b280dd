/** The settings of a training as a form: what each is called, what it does, and what the paper took. */
import {
  PAPER_CONFIG,
  TRAINING_LOSSES,
  type TrainingConfig,
  type TrainingLoss,
} from '../../model/training';
import type { Codec } from '../../session/url';

/** What a person may set by hand, beside the pictures. */
export type Overrides = Partial<Omit<TrainingConfig, 'v' | 'image' | 'mirror'>>;
type FieldKey = keyof Overrides;
export type NumberKey = Exclude<FieldKey, 'loss'>;

export interface NumberSetting {
  key: NumberKey;
  label: string;
  min: number;
  max: number;
  step: number;
  /** One line: what it does. */
  about: string;
}

export const NETWORK_SETTINGS: readonly NumberSetting[] = [
  {
    key: 'baseFilters',
    label: 'Filters',
    min: 8,
    max: 64,
    step: 1,
    about: 'Of the widest layer; each layer further in has twice as many. More: better, slower.',
  },
  {
    key: 'latentSize',
    label: 'Length of z',
    min: 16,
    max: 128,
    step: 1,
    about: 'Random numbers that a picture is drawn from.',
  },
  {
    key: 'batch',
    label: 'Pictures a step',
    min: 8,
    max: 128,
    step: 1,
    about: 'The batch that D sees before both change. More: steadier, slower.',
  },
];

export const LEARNING_SETTINGS: readonly NumberSetting[] = [
  {
    key: 'learningRateG',
    label: 'Learning rate of G',
    min: 0,
    max: 0.01,
    step: 0.0001,
    about: 'How far Adam moves G’s weights in a step. The paper found 0.001 too high.',
  },
  {
    key: 'learningRateD',
    label: 'Learning rate of D',
    min: 0,
    max: 0.01,
    step: 0.0001,
    about: 'The same for D. Lower than G’s holds D back.',
  },
  {
    key: 'beta1',
    label: 'β₁ of Adam',
    min: 0,
    max: 0.99,
    step: 0.1,
    about: 'Momentum. At 0.9, training of the paper’s networks oscillated.',
  },
  {
    key: 'dSteps',
    label: 'Steps of D for one of G',
    min: 1,
    max: 5,
    step: 1,
    about: 'More than one makes D the better judge, and every step slower.',
  },
];

export const STEADYING_SETTINGS: readonly NumberSetting[] = [
  {
    key: 'labelSmoothing',
    label: 'Label smoothing',
    min: 0,
    max: 0.3,
    step: 0.05,
    about: 'D is asked to say 1 − this of real pictures: keeps it from being too sure.',
  },
  {
    key: 'r1',
    label: 'R1 penalty, γ',
    min: 0,
    max: 100,
    step: 1,
    about: 'Keeps D flat around real pictures (second derivatives). 0: none.',
  },
  {
    key: 'ema',
    label: 'Average of G',
    min: 0,
    max: 0.9999,
    step: 0.001,
    about: 'Shows and keeps a running average of G’s weights. 0: none; else 0.5 to 0.9999.',
  },
  {
    key: 'seed',
    label: 'Seed',
    min: 0,
    max: 2 ** 32 - 1,
    step: 1,
    about: 'Of first weights, z and batches: the same seed on the same device learns the same.',
  },
];

const NUMBERS = [...NETWORK_SETTINGS, ...LEARNING_SETTINGS, ...STEADYING_SETTINGS];

export const LOSSES: readonly { value: TrainingLoss; label: string }[] = [
  { value: 'non-saturating', label: 'Non-saturating (paper)' },
  { value: 'hinge', label: 'Hinge' },
  { value: 'least-squares', label: 'Least squares' },
];

/** What the paper took, in words; the recipe has no seed. */
export function paperValue(key: FieldKey): string {
  if (key === 'seed') return 'not told';
  const value = PAPER_CONFIG[key];
  return key === 'r1' || key === 'ema' ? 'none' : String(value);
}

/** Why a setting has no effect now; null where it has one. */
export function idleReason(key: FieldKey, loss: TrainingLoss): string | null {
  return key === 'labelSmoothing' && loss === 'hinge'
    ? 'The hinge loss has no labels that could be smoothed.'
    : null;
}

/** The nearest value that the setting may have. */
export function settle({ key, min, max, step }: NumberSetting, value: number): number {
  if (key === 'ema' && value > 0) return value < 0.25 ? 0 : Math.min(max, Math.max(0.5, value));
  const whole = step >= 1 && key !== 'r1';
  const near = Math.min(max, Math.max(min, whole ? Math.round(value) : value));
  return Number(near.toPrecision(12));
}

/** `batch:32,loss:hinge`. One malformed part makes the whole malformed: it would be another recipe. */
export const overridesCodec: Codec<Overrides> = {
  parse(text) {
    const overrides: Record<string, number | string> = {};
    if (text === '') return overrides;
    for (const part of text.split(',')) {
      const [key = '', word = ''] = part.split(':');
      const value = parseSetting(key, word);
      if (value === undefined) return undefined;
      overrides[key] = value;
    }
    return overrides;
  },
  format: (overrides) =>
    Object.entries(overrides)
      .map(([key, value]) => `${key}:${value}`)
      .join(','),
};

function parseSetting(key: string, word: string): number | string | undefined {
  if (key === 'loss') return TRAINING_LOSSES.find((loss) => loss === word);
  const setting = NUMBERS.find((one) => one.key === key);
  const value = Number(word);
  if (!setting || word === '' || !Number.isFinite(value)) return undefined;
  return settle(setting, value) === value ? value : undefined;
}

/** The overrides that say something else than the preset. */
export function changedSettings(preset: TrainingConfig, overrides: Overrides): Overrides {
  return Object.fromEntries(
    Object.entries(overrides).filter(([key, value]) => preset[key as FieldKey] !== value),
  );
}
