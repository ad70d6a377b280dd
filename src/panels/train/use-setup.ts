import { useEffect, useMemo } from 'react';
import { TRAINING_SIZES, type TrainingConfig } from '../../model/training';
import type { DatasetEntry } from '../../session/datasets';
import { presetOf, presetSteps, type TrainingPreset } from '../../session/training/presets';
import { useSession, useStoreValue, useUrlParam } from '../../ui/session-context';
import {
  dataParam,
  framingParam,
  mirrorParam,
  overridesParam,
  pixelsParam,
  recipeParam,
  stepsParam,
  tileParam,
  tonesParam,
} from './params';
import { changedSettings, type Overrides } from './recipe';
import { setupOf, type Setup, type SetupState, type Wanted } from './setup';

/** What the form says, and what would be started. */
export interface Plan {
  setup: Setup;
  state: SetupState;
  /** As in the link: a set's key, or 'own'. */
  choice: string;
  /** The set that is chosen; null for the visitor's own files, and before the list is read. */
  entry: DatasetEntry | null;
  preset: TrainingPreset;
  /** What the preset says where nothing was changed by hand. */
  presetConfig: TrainingConfig;
  overrides: Overrides;
  config: TrainingConfig;
  /** Where it stops by itself; null: never. */
  steps: number | null;
}

/** How a set is called in the link. */
export function keyOf({ source }: DatasetEntry): string {
  if (source.kind === 'bundled') return source.id;
  return source.kind === 'kept' ? `kept:${source.id}` : 'digits';
}

/** The form as the link has it; pictures are read and steps measured as it changes. */
export function usePlan(): Plan {
  const session = useSession();
  const setup = setupOf(session);
  const state = useStoreValue(setup.store, (whole) => whole);
  const { choice, entry, wanted } = useWanted(state);
  const [recipe] = useUrlParam(recipeParam);
  const preset = presetOf(recipe);
  const [overrides] = useUrlParam(overridesParam);
  const [mirror] = useUrlParam(mirrorParam);
  const [upTo] = useUrlParam(stepsParam);
  const { size } = wanted;
  const channels = wanted.channels ?? state.data?.images.channels ?? 3;

  const plain = useMemo(
    (): TrainingConfig => ({ ...preset.config, image: { size, channels } }),
    [preset, size, channels],
  );
  const config = useMemo(
    () => ({ ...plain, ...overrides, mirror: mirror ?? plain.mirror }),
    [plain, overrides, mirror],
  );
  useEffect(() => void setup.list(), [setup]);
  useEffect(() => {
    if (state.entries) setup.want(wanted);
  }, [setup, wanted, state.entries]);
  const { data } = state;
  useEffect(() => {
    if (data) setup.measure(config);
    return setup.rest;
  }, [setup, config, data]);

  const steps = stepsOf(preset, upTo, state);
  return {
    ...{ setup, state, choice, entry, preset, config, steps },
    presetConfig: plain,
    overrides: changedSettings(plain, overrides),
  };
}

function useWanted({ entries }: SetupState) {
  const [data] = useUrlParam(dataParam);
  const [pixels] = useUrlParam(pixelsParam);
  const [tones] = useUrlParam(tonesParam);
  const [framing] = useUrlParam(framingParam);
  const [tile] = useUrlParam(tileParam);
  const entry =
    data === 'own' ? null : (entries?.find((one) => keyOf(one) === data) ?? entries?.[0] ?? null);
  const choice = data === 'own' || !entry ? 'own' : keyOf(entry);
  const size = TRAINING_SIZES.find((one) => String(one) === pixels) ?? 32;
  const auto = entry ? entry.channels : null;
  const channels = tones === 'auto' ? auto : tones === 'grey' ? 1 : 3;
  const wanted = useMemo((): Wanted => {
    const source = entry?.source ?? { kind: 'own' };
    return { source, size, channels, framing, tile };
    // Other files of the same wish are read anew by `take`.
  }, [entry, size, channels, framing, tile]);
  return { choice, entry, wanted };
}

/** Before a step was measured nobody knows how many fill the preset's time. */
const UNMEASURED_STEPS = 1000;

function stepsOf(
  preset: TrainingPreset,
  upTo: number | null,
  { estimate }: SetupState,
): number | null {
  if (upTo !== null) return upTo === 0 ? null : upTo;
  if (preset.minutes === null) return null;
  return estimate ? presetSteps(preset, estimate) : UNMEASURED_STEPS;
}
