import { useEffect, useMemo } from 'react';
import { useSession } from '../../ui/session-context';
import { createTimeMachine, type TimeMachine } from './time-machine';
import { trainingOf } from './use-training';

/** The time machine of a run; another run gets another. */
export function useTimeMachine(runId: string): TimeMachine {
  const session = useSession();
  const machine = useMemo(
    () => createTimeMachine(trainingOf(session), (error) => session.notices.postError(error)),
    // A run's snapshots are its own.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [session, runId],
  );
  useEffect(() => machine.mount(), [machine]);
  return machine;
}
