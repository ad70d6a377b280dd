import type { Datasets } from '../../session/datasets';
import type { Training, TrainingRunState } from '../../session/training/training';
import type { Session } from '../../session/session';
import { useSession, useStoreValue } from '../../ui/session-context';

export function trainingOf(session: Session): Training {
  return (session as Session & { training: Training }).training;
}

export function useTraining(): Training {
  return trainingOf(useSession());
}

/** A part of the run's state; see useStoreValue. */
export function useRun<T>(selector: (state: TrainingRunState) => T): T {
  return useStoreValue(useTraining().store, selector);
}

export function datasetsOf(session: Session): Datasets {
  return session.datasets;
}
