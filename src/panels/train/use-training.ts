import type { Training, TrainingRunState } from '../../session/training/training';
import { useSession, useStoreValue } from '../../ui/session-context';

export function useTraining(): Training {
  return useSession().training;
}

/** A part of the run's state; see useStoreValue. */
export function useRun<T>(selector: (state: TrainingRunState) => T): T {
  return useStoreValue(useTraining().store, selector);
}
