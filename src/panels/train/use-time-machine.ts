import { useEffect, useMemo } from 'react';
import { useSession } from '../../ui/session-context';
import { createTimeMachine, type TimeMachine } from './time-machine';

/** The time machine of a run; another run gets another. */
export function useTimeMachine(runId: string): TimeMachine {
  const session = useSession();
  const machine = useMemo(
    () => createTimeMachine(session.training, (error) => session.notices.postError(error)),
    // A run's snapshots are its own.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [session, runId],
  );
  useEffect(() => machine.mount(), [machine]);
  return machine;
}
