import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallOptions, Progress } from '../engine/api';
import { isAbort } from '../lib/errors';
import { useSession } from '../ui/session-context';

export interface ExportResult {
  blob: Blob;
  name: string;
}

export interface ExportJobs {
  /** What is being exported; null at rest. One at a time. */
  progress: Progress | null;
  run: (label: string, work: (options: CallOptions) => Promise<ExportResult>) => void;
  cancel: () => void;
}

/**
 * Runs one export at a time: progress, cancelling, the download, and a notice of how it ended. `place` is
 * what the visitor leaves when an export is stopped by leaving: 'the Walk'.
 */
export function useExport(place: string): ExportJobs {
  const { notices } = useSession();
  const [progress, setProgress] = useState<Progress | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      if (!controller.current) return;
      controller.current.abort();
      notices.post({ level: 'info', message: `The export was stopped, since ${place} was left.` });
    },
    [notices, place],
  );

  const run = useCallback<ExportJobs['run']>(
    (label, work) => {
      if (controller.current) return;
      const mine = new AbortController();
      controller.current = mine;
      setProgress({ fraction: 0, label });
      let lastMs = 0;
      const onProgress = (next: Progress) => {
        const nowMs = performance.now();
        if (nowMs - lastMs < 50 && next.fraction < 1) return;
        lastMs = nowMs;
        setProgress({ fraction: next.fraction, label: `${label}: ${next.label}` });
      };
      void work({ signal: mine.signal, onProgress })
        .then(async ({ blob, name }) => {
          mine.signal.throwIfAborted();
          const { downloadBlob } = await import('../export/download');
          downloadBlob(blob, name);
          notices.post({ level: 'success', message: `Saved ${name} (${formatBytes(blob.size)}).` });
        })
        .catch((error: unknown) => {
          if (mine.signal.aborted) return;
          if (isAbort(error)) {
            notices.post({
              level: 'info',
              message: `${label}: stopped, since another model is open.`,
            });
          } else notices.postError(error);
        })
        .finally(() => {
          controller.current = null;
          setProgress(null);
        });
    },
    [notices],
  );
  const cancel = useCallback(() => controller.current?.abort(), []);
  return { progress, run, cancel };
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
