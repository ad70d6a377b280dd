/**
 * What a training is about to start from: the pictures that are chosen, how they were read, and what a step
 * costs here. It belongs to the session and not to the view: a look into another panel loses nothing.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DataFile, ReadImagesAnswer } from '../../data/api';
import type { Progress } from '../../engine/api';
import { AppError, isAbort, toErrorReport, type ErrorReport } from '../../lib/errors';
import type { TrainingConfig } from '../../model/training';
import type { DatasetEntry } from '../../session/datasets';
import type { Session } from '../../session/session';
import type { TrainingData, TrainingEstimate } from '../../session/training/training';

/** Which pictures, and how they are wished. */
export interface Wanted {
  /** A set that can be opened without files, or the visitor's own files. */
  source: DatasetEntry['source'] | { kind: 'own' };
  size: TrainingConfig['image']['size'];
  /** null: as the visitor's own pictures are. */
  channels: 1 | 3 | null;
  framing: 'crop' | 'fit';
  /** Side of a sprite sheet's tiles; null: found out. */
  tile: number | null;
}

export interface SetupState {
  /** Null until the list has been read. */
  entries: readonly DatasetEntry[] | null;
  status: 'none' | 'reading' | 'ready' | 'failed';
  progress: Progress | null;
  data: TrainingData | null;
  /** How the visitor's own files were read. */
  report: ReadImagesAnswer['report'] | null;
  error: ErrorReport | null;
  /** The visitor's own, of this visit. */
  files: readonly DataFile[] | null;
  estimate: TrainingEstimate | null;
  estimating: boolean;
  estimateError: ErrorReport | null;
}

export interface Setup {
  store: StoreApi<SetupState>;
  /** Reads the list of sets again. */
  list: () => Promise<void>;
  /** Reads these pictures, unless they are there; what was being read is dropped. */
  want: (wanted: Wanted) => void;
  /** The visitor's own files from now on. */
  take: (files: readonly DataFile[]) => void;
  /** Keeps the pictures in this browser; resolves with the id that finds them again. */
  keep: () => Promise<string | null>;
  remove: (id: string) => Promise<void>;
  /** Measures a step of this config; what was being measured is dropped. */
  measure: (config: TrainingConfig) => void;
  /** Stops measuring: the device is wanted for something else. */
  rest: () => void;
}

const setups = new WeakMap<Session, Setup>();

export function setupOf(session: Session): Setup {
  let setup = setups.get(session);
  if (!setup) {
    setup = createSetup(session);
    setups.set(session, setup);
  }
  return setup;
}

/** Of the order of the pictures: the same for everybody who opens the same set. */
const ORDER_SEED = 1;
/** A dragged setting is not measured on its way. */
const MEASURE_DELAY_MS = 500;

function createSetup(session: Session): Setup {
  const datasets = session.datasets;
  const store = createStore<SetupState>(() => ({
    entries: null,
    status: 'none',
    progress: null,
    data: null,
    report: null,
    error: null,
    files: null,
    estimate: null,
    estimating: false,
    estimateError: null,
  }));
  let reading: AbortController | null = null;
  let measuring: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is read or being read, as text; '' for nothing. */
  let current = '';
  let wantedNow: Wanted | null = null;
  /** The visitor's own in which there were pictures, the last ones. */
  let goodFiles: readonly DataFile[] | null = null;

  async function list(): Promise<void> {
    try {
      // Digits and kept pictures need no network.
      const onMissing = (error: unknown) => session.notices.postError(error);
      store.setState({ entries: await datasets.list({ onMissing }) });
    } catch (error) {
      store.setState({ entries: [], status: 'failed', error: toErrorReport(error) });
    }
  }

  function read(wanted: Wanted, signal: AbortSignal) {
    const { source, size, channels, framing, tile } = wanted;
    const { files } = store.getState();
    const options = {
      signal,
      onProgress: (progress: Progress) => {
        if (!signal.aborted) store.setState({ progress });
      },
    };
    if (source.kind !== 'own') {
      return datasets
        .open(source, { size, channels: channels ?? 3 }, options)
        .then((data) => ({ data, report: null }));
    }
    const request = { files: [...(files ?? [])], size, channels, framing, tile, seed: ORDER_SEED };
    return datasets.read(request, options);
  }

  async function change(wanted: Wanted): Promise<void> {
    reading?.abort();
    const controller = new AbortController();
    reading = controller;
    rest();
    store.setState({
      status: 'reading',
      progress: null,
      data: null,
      report: null,
      error: null,
      estimate: null,
    });
    try {
      const found = await read(wanted, controller.signal);
      if (!controller.signal.aborted) {
        store.setState({ status: 'ready', progress: null, ...found });
        if (wanted.source.kind === 'own') goodFiles = store.getState().files;
      }
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) return;
      if (wanted.source.kind === 'own' && isStray(error)) return change(wanted);
      current = '';
      store.setState({ status: 'failed', progress: null, error: toErrorReport(error) });
    }
  }

  /** Whether files without a picture came after good ones, which are then the visitor's own again. */
  function isStray(error: unknown): boolean {
    const { files } = store.getState();
    const { code, message, hint } = toErrorReport(error);
    if (code !== 'data-none' || goodFiles === null || goodFiles === files) return false;
    store.setState({ files: goodFiles });
    session.notices.postError(
      new AppError({ code, message, hint: `The pictures that you had are still chosen. ${hint}` }),
    );
    return true;
  }

  function want(wanted: Wanted): void {
    wantedNow = wanted;
    const isEmpty = wanted.source.kind === 'own' && store.getState().files === null;
    const key = isEmpty ? 'none' : JSON.stringify(wanted);
    if (key === current) return;
    current = key;
    if (!isEmpty) {
      void change(wanted);
      return;
    }
    reading?.abort();
    rest();
    store.setState({ status: 'none', data: null, report: null, error: null, estimate: null });
  }

  async function measure(config: TrainingConfig, data: TrainingData): Promise<void> {
    const controller = new AbortController();
    measuring = controller;
    store.setState({ estimating: true, estimateError: null });
    try {
      const estimate = await session.training.estimate(config, data, {
        signal: controller.signal,
      });
      if (measuring === controller) store.setState({ estimate });
    } catch (error) {
      if (measuring === controller && !isAbort(error)) {
        store.setState({ estimateError: toErrorReport(error) });
      }
    } finally {
      if (measuring === controller) store.setState({ estimating: false });
    }
  }

  function rest(): void {
    clearTimeout(timer);
    measuring?.abort();
    measuring = null;
    store.setState({ estimating: false });
  }

  return {
    store,
    list,
    want,
    rest,
    take(files) {
      store.setState({ files });
      current = '';
      if (wantedNow?.source.kind === 'own') want(wantedNow);
    },
    async keep() {
      const { data } = store.getState();
      if (!data) return null;
      const kept = await datasets.keep(data);
      store.setState({ data: kept });
      await list();
      return kept.source.kind === 'kept' ? kept.source.id : null;
    },
    async remove(id) {
      await datasets.remove(id);
      await list();
    },
    measure(config) {
      rest();
      store.setState({ estimate: null, estimateError: null });
      const { data } = store.getState();
      if (!data) return;
      timer = setTimeout(() => void measure(config, data), MEASURE_DELAY_MS);
    },
  };
}
