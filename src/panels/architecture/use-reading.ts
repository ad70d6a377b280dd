import { useCallback, useState } from 'react';
import { toErrorReport, type ErrorReport } from '../../lib/errors';
import type { NetworkSource } from '../../model/source';
import type { Reading } from '../../session/architecture';
import type { CurrentModel } from '../../session/session';
import { useSession, useStoreValue } from '../../ui/session-context';

/** The open model's foreign arrays and the way in which they are read now. */
export interface ReadingControl {
  /** Null for models that describe themselves: nothing can be changed then. */
  reading: Reading | null;
  /** What the cells show: also a choice that could not be read. */
  overrides: Record<string, string>;
  /** Another reading than the one that is open; null while they are the same. */
  changed: NetworkSource | null;
  error: ErrorReport | null;
  change: (key: string, value: string) => void;
  choose: (index: number) => void;
  reset: () => void;
  /** Opens the reading as the model of all panels. */
  use: () => Promise<void>;
}

/** Reads the arrays again whenever a cell is changed. For one model: give the component its id as key. */
export function useReading(model: CurrentModel): ReadingControl {
  const session = useSession();
  const { architecture, models, notices } = session;
  const stored = useStoreValue(architecture.store, (state) => state.reading);
  const reading = stored?.modelIds.includes(model.id) ? stored : null;
  const [overrides, setOverrides] = useState<Record<string, string>>(reading?.overrides ?? {});
  const [changed, setChanged] = useState<NetworkSource | null>(null);
  const [error, setError] = useState<ErrorReport | null>(null);

  const read = useCallback(
    async (index: number, next: Record<string, string>) => {
      setOverrides(next);
      try {
        setChanged(await architecture.read(index, next));
        setError(null);
      } catch (cause) {
        setError(toErrorReport(cause));
      }
    },
    [architecture],
  );

  return {
    reading,
    overrides,
    changed,
    error,
    change: (key, value) => void read(reading?.index ?? 0, { ...overrides, [key]: value }),
    choose: (index) => void read(index, {}),
    reset: () => void read(reading?.index ?? 0, {}),
    use: async () => {
      const file = architecture.file();
      if (!file) return;
      try {
        const opened = await models.open(file);
        architecture.adopted(opened.id);
        notices.post({
          level: 'success',
          message: `All panels now use this reading of ${opened.title}`,
        });
      } catch {
        // The session has said why.
      }
    },
  };
}
