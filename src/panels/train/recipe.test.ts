import { expect, test } from 'vitest';
import { checkTrainingConfig, PAPER_CONFIG } from '../../model/training';
import { presetOf } from '../../session/training/presets';
import {
  changedSettings,
  LEARNING_SETTINGS,
  NETWORK_SETTINGS,
  overridesCodec,
  settle,
  STEADYING_SETTINGS,
} from './recipe';

const SETTINGS = [...NETWORK_SETTINGS, ...LEARNING_SETTINGS, ...STEADYING_SETTINGS];

test('the form’s ranges are those that a run accepts, at both ends', () => {
  for (const { key, min, max } of SETTINGS) {
    for (const value of [min, max]) {
      expect(checkTrainingConfig({ ...PAPER_CONFIG, [key]: value })[key]).toBe(value);
    }
  }
});

test('whatever is typed settles to what a run accepts', () => {
  for (const setting of SETTINGS) {
    for (const typed of [-5, 0, 0.1, 0.3, 1.6, 7.7, 1e9]) {
      const value = settle(setting, typed);
      expect(checkTrainingConfig({ ...PAPER_CONFIG, [setting.key]: value })[setting.key]).toBe(
        value,
      );
    }
  }
});

test('a link says the settings that were changed, and nothing that no run accepts', () => {
  const overrides = { batch: 32, learningRateD: 0.00025, loss: 'hinge' } as const;
  expect(overridesCodec.format(overrides)).toBe('batch:32,learningRateD:0.00025,loss:hinge');
  expect(overridesCodec.parse('batch:32,learningRateD:0.00025,loss:hinge')).toEqual(overrides);
  expect(overridesCodec.parse('')).toEqual({});
  for (const text of [
    'batch:4',
    'batch:16.5',
    'ema:0.3',
    'loss:wasserstein',
    'steps:5',
    'batch:',
  ]) {
    expect(overridesCodec.parse(text)).toBeUndefined();
  }
  const { config } = presetOf('paper');
  expect(changedSettings(config, { batch: 128, seed: 2 })).toEqual({ seed: 2 });
});
