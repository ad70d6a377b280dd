import { PAPER_CONFIG, type TrainingConfig } from '../../model/training';

export type PresetId = 'short' | 'medium' | 'paper';

export const PRESETS: readonly { id: PresetId; title: string; about: string }[] = [
  { id: 'short', title: 'In 2 minutes', about: '16 filters, batches of 16.' },
  { id: 'medium', title: 'In 10 minutes', about: '24 filters, batches of 32.' },
  { id: 'paper', title: 'As in the paper', about: '64 filters, batches of 128.' },
];

export function presetConfig(id: PresetId, image: TrainingConfig['image']): TrainingConfig {
  if (id === 'paper') return { ...PAPER_CONFIG, image };
  return {
    ...PAPER_CONFIG,
    image,
    latentSize: 64,
    baseFilters: id === 'short' ? 16 : 24,
    batch: id === 'short' ? 16 : 32,
  };
}

export function presetSteps(id: PresetId, msPerStep: number | null): number | null {
  if (id === 'paper') return null;
  return Math.max(
    100,
    Math.round((id === 'short' ? 120 : 600) / ((msPerStep ?? 100) / 1000) / 100) * 100,
  );
}
