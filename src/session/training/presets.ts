/** Settings to start from. How many steps fit the time is measured on the device (estimate), not guessed. */
import { PAPER_CONFIG, type TrainingConfig } from '../../model/training';
import type { TrainingEstimate } from './training';

export type PresetId = 'two-minutes' | 'ten-minutes' | 'paper';

export interface TrainingPreset {
  id: PresetId;
  title: string;
  /** What it is for, in a sentence. */
  about: string;
  /** Time that the steps should fill; null: until stopped. */
  minutes: number | null;
  config: TrainingConfig;
}

/** Pictures, measures and checkpoints take their part of the time beside the steps. */
const OVERHEAD = 1.25;

export const TRAINING_PRESETS: readonly TrainingPreset[] = [
  {
    id: 'two-minutes',
    title: 'In 2 minutes',
    about:
      'Small networks, meant for 32×32: enough to see shapes and colors come out of noise, on any device.',
    minutes: 2,
    config: {
      ...PAPER_CONFIG,
      image: { size: 32, channels: 3 },
      latentSize: 64,
      baseFilters: 16,
      batch: 16,
      learningRateG: 1e-3,
      learningRateD: 5e-4,
      ema: 0.95,
    },
  },
  {
    id: 'ten-minutes',
    title: 'In 10 minutes',
    about:
      'Twice the filters and larger batches, meant for 32×32: details settle, and the pictures differ more.',
    minutes: 10,
    config: {
      ...PAPER_CONFIG,
      image: { size: 32, channels: 3 },
      latentSize: 64,
      baseFilters: 32,
      batch: 32,
      learningRateG: 4e-4,
      learningRateD: 4e-4,
      ema: 0.99,
    },
  },
  {
    id: 'paper',
    title: 'As in the paper',
    about:
      'The recipe of Radford, Metz & Chintala (2015), who trained at 64×64: for a GPU and an evening.',
    minutes: null,
    config: PAPER_CONFIG,
  },
];

export function presetOf(id: PresetId): TrainingPreset {
  const preset = TRAINING_PRESETS.find((one) => one.id === id);
  if (preset) return preset;
  throw new RangeError(`no preset '${id}'`);
}

/** Seconds that so many steps will take, with all that is done between them. */
export function secondsOf(
  steps: number,
  { msPerStep }: Pick<TrainingEstimate, 'msPerStep'>,
): number {
  return (OVERHEAD * steps * msPerStep) / 1000;
}

/** Steps that fill the preset's time at the pace that was measured, to a whole ten; null: until stopped. */
export function presetSteps(
  { minutes }: Pick<TrainingPreset, 'minutes'>,
  { msPerStep }: Pick<TrainingEstimate, 'msPerStep'>,
): number | null {
  if (minutes === null) return null;
  return Math.max(100, 10 * Math.floor((minutes * 60_000) / (OVERHEAD * msPerStep) / 10));
}
