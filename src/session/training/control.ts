/** What the thin handle of create-training.ts loads when training is first used: commands on one run at a time. */
import type { StoreApi } from 'zustand/vanilla';
import type { CallOptions, Engine } from '../../engine/api';
import { createTaskQueue } from '../../engine/queue';
import type { TrainingPart } from '../../engine/training-api';
import { toErrorReport } from '../../lib/errors';
import { checkTrainingConfig, type TrainingConfig } from '../../model/training';
import type { Database } from '../database';
import { sha256Hex } from '../sha256';
import type { Models } from '../session';
import {
  noRunError,
  picturesUnfit,
  runElsewhere,
  runNotKept,
  runPicturesChanged,
  runPicturesMissing,
} from './errors';
import { estimateTraining } from './estimate';
import { packed } from './latents';
import { exportFiles, exportRun, openAsModel } from './outcome';
import { createRun, type Run, type RunStart } from './run';
import { createRunKeeper } from './run-keeper';
import { createRunLocks } from './run-locks';
import { keepPictures, picturesOf, type RunPictures } from './run-pictures';
import { createRunRecords, type StoredRun } from './run-records';
import { noRun } from './run-state';
import type { PictureLine } from './run-view';
import type {
  DatasetRef,
  KeptRun,
  StartRequest,
  Training,
  TrainingData,
  TrainingRunState,
} from './training';
import { createWork } from './work';

export interface TrainingOptions {
  engine: Engine;
  database: Database;
  models: Pick<Models, 'open'>;
  /** Pictures of a run that goes on, found again. */
  openData(source: DatasetRef, image: TrainingConfig['image']): Promise<TrainingData>;
  /** Starts an engine that died again; false, and nothing done, where it lives. */
  reviveEngine(): Promise<boolean>;
}

export type TrainingControl = Omit<Training, 'store' | 'onPictures' | 'fixedLatents'> & {
  /** Somebody looks: draws what there is. */
  look(): void;
  dispose(): void;
};

export function createTrainingControl(
  options: TrainingOptions,
  store: StoreApi<TrainingRunState>,
  line: PictureLine,
): TrainingControl {
  const { engine } = options;
  const { training } = engine;
  const records = createRunRecords(options.database);
  const locks = createRunLocks();
  const keeper = createRunKeeper(records, store);
  /** Commands come one at a time; the steps themselves run beside them. */
  const commands = createTaskQueue();
  let run: Run | null = null;

  function current(): Run {
    if (run) return run;
    throw noRunError();
  }

  /** Makes a run and puts it on the device; nothing is left of one that could not be. */
  async function adopt(
    start: RunStart,
    picturesHash: Promise<string>,
    callOptions: CallOptions,
  ): Promise<Run> {
    const opened = createRun(
      {
        engine,
        training,
        work: createWork(),
        store,
        line,
        snapshotBudgetBytes: await keeper.snapshotBudget(),
        keep: (from, checkpoint) => keeper.keep(from, checkpoint, picturesHash),
      },
      start,
    );
    try {
      await opened.open({
        ...callOptions,
        onProgress(progress) {
          store.setState({ progress });
          callOptions.onProgress?.(progress);
        },
      });
    } catch (error) {
      await opened.close();
      locks.release(start.info.id);
      store.setState({ ...noRun(), error: toErrorReport(error) });
      throw error;
    }
    run = opened;
    return opened;
  }

  async function end(): Promise<void> {
    const ended = run;
    if (!ended) return;
    await ended.halt();
    if (store.getState().status !== 'interrupted') await ended.save().catch(() => undefined);
    run = null;
    await ended.close();
    locks.release(ended.info().id);
    line.newest = null;
    store.setState(noRun());
  }

  async function start(request: StartRequest, callOptions: CallOptions = {}): Promise<void> {
    const config = checkTrainingConfig(request.config);
    const { data, steps } = request;
    checkData(config.image, data);
    await end();
    const progress = { fraction: 0, label: 'Preparing the pictures' };
    store.setState({ ...noRun(), status: 'preparing', progress });
    const pictures = keepPictures(data.images);
    const hash = hashOf(pictures);
    const id = runId();
    await locks.take(id);
    const { count, heldOut } = pictures;
    const info = {
      id,
      title: request.title ?? data.title,
      config,
      data: { title: data.title, count, heldOut, source: data.source },
      startedAt: Date.now(),
    };
    const begun = await adopt({ info, pictures, targetSteps: steps }, hash, callOptions);
    void begun.go({ until: steps, part: 'both' });
  }

  async function resume(steps: number | null | undefined): Promise<void> {
    const resumed = current();
    const { status, step, targetSteps } = store.getState();
    if (status === 'interrupted' || resumed.handle() === null) await reopen(resumed);
    if (steps !== undefined) resumed.aim(steps === null ? null : resumed.step() + steps);
    else if (targetSteps !== null && step >= targetSteps) resumed.aim(null);
    if (store.getState().status === 'running') {
      // With another aim.
      await resumed.halt();
    }
    void resumed.go({ until: store.getState().targetSteps, part: 'both' });
  }

  async function reopen(interrupted: Run): Promise<void> {
    const before = store.getState().error;
    store.setState({ status: 'preparing', progress: null, error: null });
    try {
      if (await options.reviveEngine()) interrupted.snapshots.forget();
      await interrupted.open({ onProgress: (progress) => store.setState({ progress }) });
      store.setState({ progress: null });
    } catch (error) {
      const report = toErrorReport(error);
      store.setState({ status: 'interrupted', progress: null, error: before ?? report });
      throw error;
    }
  }

  /** Where the device took the run, what follows says so. */
  async function step(n: number, part: TrainingPart): Promise<{ done: Promise<void> }> {
    const stepped = current();
    await stepped.halt();
    if (stepped.handle() === null) await reopen(stepped);
    return { done: stepped.go({ until: stepped.step() + n, part }) };
  }

  async function restore(id: string): Promise<void> {
    const heads = (await records.heads()) ?? [];
    const head = heads.find((one) => one.info.id === id);
    if (!head) throw runNotKept(id);
    if (run?.info().id === id) return;
    await end();
    if (!(await locks.take(id))) throw runElsewhere(head.info.title);
    await instead(id, async () => {
      const stored = await records.read(id);
      if (!stored) throw runNotKept(id);
      await putBack(stored);
    });
  }

  /** A run takes the place of none, or nothing stays of it. */
  async function instead(id: string, put: () => Promise<void>): Promise<void> {
    const progress = { fraction: 0, label: 'Reading the checkpoint' };
    store.setState({ ...noRun(), status: 'preparing', progress });
    try {
      await put();
    } catch (error) {
      locks.release(id);
      store.setState({ ...noRun(), error: toErrorReport(error) });
      throw error;
    }
  }

  async function putBack(stored: StoredRun): Promise<void> {
    const { info, checkpoint, snapshots, picturesHash } = stored;
    const pictures = await findPictures(stored);
    const hash = Promise.resolve(picturesHash);
    if ((await hashOf(pictures)) !== picturesHash) throw runPicturesChanged(info.data.title);
    const { targetSteps } = checkpoint.log;
    const restored = await adopt(
      { info, pictures, targetSteps, kept: { checkpoint, snapshots } },
      hash,
      {},
    );
    const saved = { step: checkpoint.log.step, at: checkpoint.at };
    restored.publish({ status: 'paused', progress: null, saved });
    look();
  }

  /** Under an id of its own: the run that it was exported from may be here too. */
  async function importRun(file: Blob): Promise<void> {
    const name = file instanceof File ? file.name : 'The file';
    const work = createWork();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { info, checkpoint, snapshots, pictures, picturesHash } = await work.readRun({
        bytes,
        name,
      });
      await end();
      const id = runId();
      await locks.take(id);
      const data = pictures ? { ...info.data, source: { kind: 'own' } as const } : info.data;
      await instead(id, () =>
        putBack({
          info: { ...info, id, data },
          checkpoint,
          snapshots: new Map(snapshots.map(([step, one]) => [step, new Blob([one])])),
          pictures: pictures && new Blob([pictures]),
          picturesHash,
        }),
      );
      await current().save();
    } finally {
      work.dispose();
    }
  }

  async function findPictures({ info, pictures }: StoredRun): Promise<RunPictures> {
    const { data, config } = info;
    if (pictures) return picturesOf({ ...config.image, count: data.count }, pictures);
    if (data.source.kind === 'own') throw runPicturesMissing(data.title);
    const { images } = await options.openData(data.source, config.image);
    if (images.count !== data.count) throw runPicturesChanged(data.title);
    return keepPictures(images);
  }

  async function kept(): Promise<KeptRun[]> {
    const heads = (await records.heads()) ?? [];
    const elsewhere = await locks.elsewhere();
    return heads.map(({ info, step: at, savedAt, bytes }) => ({
      info,
      step: at,
      savedAt,
      bytes,
      elsewhere: elsewhere.has(info.id),
    }));
  }

  async function discard(id: string): Promise<void> {
    if (run?.info().id === id) await end();
    const title = (await kept()).find(({ info }) => info.id === id)?.info.title ?? id;
    if (!(await locks.take(id))) throw runElsewhere(title);
    try {
      await records.remove(id);
    } finally {
      locks.release(id);
    }
  }

  function look(): void {
    const { status } = store.getState();
    if (status === 'running' || !run || run.handle() === null) return;
    void run.show().catch(() => undefined);
  }

  const stopHiding = whenHidden(() => {
    if (store.getState().status === 'running') void run?.save().catch(() => undefined);
  });

  return {
    estimate: (config, data, callOptions) =>
      estimateTraining(engine, training, checkTrainingConfig(config), data.images, callOptions),
    start: (request, callOptions) => commands.run(() => start(request, callOptions)),
    async pause() {
      await current().halt();
    },
    resume: ({ steps } = {}) => commands.run(() => resume(steps)),
    async step(n = 1, part = 'both') {
      const { done } = await commands.run(() => step(n, part));
      await done;
    },
    stop: () => commands.run(end),
    tune: (tuning) => current().tune(tuning),
    kept,
    restore: (id) => commands.run(() => restore(id)),
    discard: (id) => commands.run(() => discard(id)),
    async picturesAt(at, z, callOptions) {
      const drawn = current();
      if (at === null) return drawn.draw(packed(z), z.length, callOptions);
      return drawn.snapshots.draw(at, packed(z), z.length, callOptions);
    },
    openAsModel: async (at = null) => openAsModel(current(), training, options.models, at),
    exportFiles: async () => exportFiles(current(), training),
    async exportRun() {
      const exported = current();
      return exportRun(exported, await hashOf(exported.pictures));
    },
    importRun: (file) => commands.run(() => importRun(file)),
    look,
    dispose() {
      stopHiding();
      void run?.close();
    },
  };
}

function checkData(
  image: { size: number; channels: number },
  { images, title }: TrainingData,
): void {
  if (images.size === image.size && images.channels === image.channels && images.count > 0) return;
  const color = (channels: number) => (channels === 1 ? 'grey' : 'color');
  throw picturesUnfit(
    `'${title}' has ${images.count} pictures of ${images.size}×${images.size} (${color(images.channels)}); these settings train on ${image.size}×${image.size} (${color(image.channels)}).`,
    'Open the pictures again in the size and color of the settings, or change the settings.',
  );
}

async function hashOf({ blob }: RunPictures): Promise<string> {
  return sha256Hex(new Uint8Array(await blob.arrayBuffer()));
}

/** Not crypto.randomUUID, which plain http pages do not have. */
function runId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The page may be gone the moment after: whatever is to be kept begins now. */
function whenHidden(save: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') save();
  };
  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('pagehide', save);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    removeEventListener('pagehide', save);
  };
}
