import { useRef, useState } from 'react';
import type { Progress } from '../../engine/api';
import { isAbort } from '../../lib/errors';
import { useSession } from '../../ui/session-context';

type Work = (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<void>;

/** Runs an export: its progress while it takes, a way to cancel it, a notice when it fails. */
export function useSaving() {
  const { notices } = useSession();
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController>(null);

  const save = async (work: Work): Promise<void> => {
    running.current?.abort(new DOMException('Another export was started.', 'AbortError'));
    const controller = new AbortController();
    running.current = controller;
    try {
      await work(controller.signal, setProgress);
    } catch (error) {
      if (!isAbort(error)) notices.postError(error);
    } finally {
      if (running.current === controller) {
        running.current = null;
        setProgress(null);
      }
    }
  };
  const cancel = () =>
    running.current?.abort(new DOMException('The visitor cancelled it.', 'AbortError'));
  return { save, cancel, progress };
}
