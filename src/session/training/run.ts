/**
 * One run, from its pictures to its last step: asks the engine for some steps again and again, and does
 * between them what is due (snapshot, measure, pictures, checkpoint). Other panels' requests get their
 * turn between two calls, for the engine takes calls in the order in which they come. No timer drives it, so it goes
 * on in a tab that nobody looks at.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { CallOptions, Engine, FloatImages } from '../../engine/api';
import type { TrainingEngine, TrainingPart, TrainingStats } from '../../engine/training-api';
import { toErrorReport } from '../../lib/errors';
import { checkTrainingConfig, type TrainingTuning } from '../../model/training';
import { createAlarmWatch } from './alarms';
import { marksOf, stateBytes, type Checkpoint, type RunLog } from './checkpoint';
import { createHistory } from './history';
import { measureLatents, packed } from './latents';
import { createPace } from './pace';
import { readPictures, type RunPictures } from './run-pictures';
import { createRunView, type PictureLine } from './run-view';
import { nextMeasureStep } from './schedule';
import { createSnapshots, type Snapshots } from './snapshots';
import type { RunInfo, RunMark, RunMeasure, TrainingRunState } from './training';
import type { Work } from './work';

/** Steps end after this, so that a click, a picture or another panel waits no longer. */
const CALL_MS = 80;
const MAX_STEPS_A_CALL = 64;
const PUBLISH_EVERY_MS = 100;
/** A checkpoint is kept this often, and small ones more often still. */
const SAVE_EVERY_MS = 30_000;
const SAVE_SMALL_EVERY_MS = 10_000;
const SMALL_BYTES = 16 * 2 ** 20;
/** Up to this size the checkpoint before the newest stays in memory too. */
const MAX_OLDER_BYTES = 64 * 2 ** 20;
/** Fakes that a measure looks at. */
const MEASURED = 256;

export interface RunStart {
  /** `parameters` and `dataDiversity` are found out when it is opened. */
  info: Omit<RunInfo, 'parameters' | 'dataDiversity'>;
  pictures: RunPictures;
  targetSteps: number | null;
  /** To go on from; with the files of its snapshots. */
  kept?: { checkpoint: Checkpoint; snapshots: ReadonlyMap<number, Blob> };
}

export interface RunOptions {
  engine: Engine;
  training: TrainingEngine;
  work: Work;
  store: StoreApi<TrainingRunState>;
  line: PictureLine;
  snapshotBudgetBytes: number;
  /** Keeps a checkpoint in the database; never rejects, and tells the store how it went. */
  keep(run: Run, checkpoint: Checkpoint): Promise<void>;
}

export interface Run {
  info(): RunInfo;
  /** Steps done. */
  step(): number;
  pictures: RunPictures;
  snapshots: Snapshots;
  work: Work;
  /** On the device, from the newest checkpoint or from the beginning. Again after an interruption. */
  open(options?: CallOptions): Promise<void>;
  /** Trains until `until` or until `halt`. Resolves when it has stopped, for whatever reason. */
  go(request: { until: number | null; part: TrainingPart }): Promise<void>;
  /** Stops after the steps that run now, and waits for the checkpoint. */
  halt(): Promise<void>;
  aim(targetSteps: number | null): void;
  /** Tells the store how it stands. */
  publish(change?: Partial<TrainingRunState>): void;
  tune(tuning: TrainingTuning): Promise<void>;
  /** Takes a checkpoint and begins to keep it; resolves when it is kept. */
  save(): Promise<void>;
  /** The newest checkpoint after one is taken, if the run is on the device. */
  checkpoint(): Promise<Checkpoint>;
  show(): Promise<void>;
  draw(z: Float32Array, count: number, options?: CallOptions): Promise<FloatImages>;
  handle(): number | null;
  close(): Promise<void>;
}

export function createRun(options: RunOptions, start: RunStart): Run {
  const { training, work, store } = options;
  const { pictures } = start;
  let info: RunInfo = {
    ...start.info,
    parameters: { generator: 0, discriminator: 0 },
    dataDiversity: 0,
  };
  let targetSteps = start.targetSteps;
  let handle: number | null = null;
  let checkpoint = start.kept?.checkpoint ?? null;
  let older: Checkpoint | null = null;
  let fellBackTo = -1;
  let step = 0;
  let history = createHistory();
  let marks: RunMark[] = [];
  let measures: RunMeasure[] = [];
  let watch = createAlarmWatch();
  let pace = createPace();
  let measuring: Promise<void> = Promise.resolve();
  let measuredAt = -1;
  let running: Promise<void> | null = null;
  let halting = false;
  let publishedAt = 0;
  let savedAt = -Infinity;
  let saving: Promise<void> = Promise.resolve();
  const view = createRunView(options.line, info.config, pictures);
  const snapshots = createSnapshots({
    engine: options.engine,
    work,
    targetSteps,
    budgetBytes: options.snapshotBudgetBytes,
    ...(start.kept && {
      kept: { interval: start.kept.checkpoint.log.snapshotInterval, files: start.kept.snapshots },
    }),
  });

  if (checkpoint) goBackTo(checkpoint);

  function publish(change: Partial<TrainingRunState> = {}): void {
    publishedAt = performance.now();
    const wall = pace.wallMsPerStep();
    const left = targetSteps === null || wall === null ? null : (targetSteps - step) * wall;
    store.setState({
      run: info,
      step,
      targetSteps,
      msPerStep: pace.msPerStep(),
      imagesPerSecond: wall === null ? null : (1000 * info.config.batch) / wall,
      secondsLeft: left === null ? null : Math.max(0, left / 1000),
      history: history.rows(),
      marks,
      alarms: watch.all(),
      measures,
      snapshots: snapshots.steps(),
      ...change,
    });
  }

  /** The log of a checkpoint becomes the run's own: what came after it never was. */
  function rewind({ log }: Checkpoint): void {
    step = log.step;
    history = createHistory(log.history);
    marks = log.marks;
    measures = log.measures;
    measuredAt = measures.at(-1)?.step ?? -1;
    watch = createAlarmWatch(log.alarms);
    snapshots.cut(step);
  }

  function goBackTo(back: Checkpoint): void {
    info = { ...info, config: back.state.config };
    rewind(back);
  }

  function onDevice(): number {
    if (handle !== null) return handle;
    throw new Error('The run is not on the device.');
  }

  async function put(callOptions: CallOptions = {}): Promise<void> {
    const images = await readPictures(pictures);
    const state = checkpoint?.state;
    const request = { config: info.config, images, ...(state && { state }) };
    const created = await training.create(request, callOptions);
    handle = created.handle;
    info = { ...info, parameters: created.parameters };
  }

  async function takeCheckpoint(): Promise<Checkpoint> {
    const state = await training.state({ handle: onDevice() });
    await measuring;
    const until = state.step;
    const upTo = <T extends { step: number }>(list: readonly T[]) =>
      list.filter((one) => one.step <= until);
    const rows = createHistory(history.rows());
    rows.cut(until);
    const log: RunLog = {
      step: until,
      targetSteps,
      history: rows.rows(),
      marks: upTo(marks),
      alarms: upTo(watch.all()),
      measures: upTo(measures),
      snapshots: snapshots.steps().filter((at) => at <= until),
      snapshotInterval: snapshots.interval(),
    };
    const isNewer = checkpoint !== null && checkpoint.log.step < until;
    if (isNewer) older = stateBytes(state) <= MAX_OLDER_BYTES ? checkpoint : null;
    checkpoint = { state, log, at: Date.now() };
    return checkpoint;
  }

  /** Resolves when it is taken; `saving` when it is kept. */
  async function beginSave(): Promise<void> {
    savedAt = performance.now();
    const taken = await takeCheckpoint();
    saving = options.keep(run, taken);
  }

  async function beside(): Promise<void> {
    if (snapshots.due(step)) await takeSnapshot();
    const measured = step === 0 || nextMeasureStep(step - 1) === step;
    if (measured && measuredAt !== step) await measure();
    if (view.due(performance.now())) await show();
    if (performance.now() - savedAt > saveInterval()) await beginSave();
  }

  function saveInterval(): number {
    const isSmall = checkpoint !== null && stateBytes(checkpoint.state) <= SMALL_BYTES;
    return isSmall ? SAVE_SMALL_EVERY_MS : SAVE_EVERY_MS;
  }

  async function takeSnapshot(): Promise<void> {
    const request = { handle: onDevice(), role: 'generator', average: true } as const;
    await snapshots.add(step, await training.network(request));
  }

  /** Draws now; computes beside the steps that follow. */
  async function measure(): Promise<void> {
    const at = step;
    measuredAt = at;
    const z = measureLatents(info.config, MEASURED);
    const fakes = await draw(packed(z), z.length);
    measuring = Promise.all([measuring, work.measure(fakes)]).then(
      ([, measured]) => {
        if (at > step) return;
        measures = [...measures, { step: at, ...measured }];
        watch.measure(measures, info.dataDiversity);
        publish();
      },
      // Training does not stop for a figure that is missing.
      () => undefined,
    );
  }

  function draw(z: Float32Array, count: number, callOptions?: CallOptions): Promise<FloatImages> {
    return training.pictures({ handle: onDevice(), z, count, average: true }, callOptions);
  }

  const show = () => view.show(step, draw);

  function took(stats: TrainingStats, wallMs: number): void {
    step = stats.step;
    history.add(stats);
    watch.steps(stats, info.config.loss);
    pace.add(stats.steps, stats.ms, wallMs);
    if (performance.now() - publishedAt >= PUBLISH_EVERY_MS) publish();
  }

  async function loop(until: number | null, part: TrainingPart): Promise<void> {
    watch.goesOn();
    pace = createPace();
    publish({ status: 'running', progress: null, error: null });
    let since = performance.now();
    while (!halting && (until === null || step < until)) {
      await beside();
      if (halting) break;
      const end = Math.min(until ?? Infinity, nextMeasureStep(step), snapshots.next(step));
      const steps = Math.min(MAX_STEPS_A_CALL, end - step);
      const stats = await training.steps({ handle: onDevice(), steps, maxMs: CALL_MS, part });
      if (!stats.finite) {
        await fallBack(stats.step);
        return;
      }
      took(stats, performance.now() - since);
      since = performance.now();
    }
    await wrapUp(until !== null && until === targetSteps && step >= until);
  }

  async function wrapUp(finished = false): Promise<void> {
    if (snapshots.due(step) || finished) await takeSnapshot();
    if (finished && measuredAt !== step) await measure();
    if (options.line.listeners.size > 0) await show();
    await beginSave();
    publish({ status: finished ? 'finished' : 'paused' });
    await saving;
  }

  /**
   * The state is spoiled: back to the last checkpoint, in which all numbers were finite. Where that led
   * here before, its weights may be about to run away themselves, so back to the one before it.
   */
  async function fallBack(spoiledAt: number): Promise<void> {
    const again = checkpoint?.log.step === fellBackTo;
    const back = (again && older) || checkpoint;
    if (!back) return;
    checkpoint = back;
    fellBackTo = back.log.step;
    await training.close({ handle: onDevice() });
    handle = null;
    rewind(back);
    await put();
    const { learningRateD, learningRateG } = info.config;
    watch.notFinite(spoiledAt, step, Math.max(learningRateD, learningRateG));
    await wrapUp();
  }

  function interrupted(error: unknown): void {
    handle = null;
    const { code, message } = toErrorReport(error);
    if (checkpoint) goBackTo(checkpoint);
    const hint = `Press Resume: training goes on from step ${step}, the last checkpoint.`;
    publish({ status: 'interrupted', error: { code, message, hint } });
  }

  const run: Run = {
    info: () => info,
    step: () => step,
    publish,
    pictures,
    snapshots,
    work,
    async open(callOptions = {}) {
      await put(callOptions);
      const { diversity } = await work.setReference(pictures.reference);
      info = { ...info, dataDiversity: diversity };
      checkpoint ??= await takeCheckpoint();
    },
    go({ until, part }) {
      halting = false;
      running = loop(until, part)
        .catch(interrupted)
        .finally(() => {
          running = null;
        });
      return running;
    },
    async halt() {
      halting = true;
      await running;
    },
    aim(target) {
      targetSteps = target;
      publish();
    },
    async tune(tuning) {
      const config = checkTrainingConfig({ ...info.config, ...tuning });
      if (handle !== null) await training.tune({ handle, tuning });
      marks = [...marks, ...marksOf(step, info.config, config)];
      info = { ...info, config };
      publish();
    },
    async save() {
      if (handle === null) return;
      await beginSave();
      await saving;
    },
    async checkpoint() {
      if (handle !== null) return takeCheckpoint();
      if (checkpoint) return checkpoint;
      throw new Error('The run has no checkpoint.');
    },
    show,
    draw,
    handle: () => handle,
    async close() {
      halting = true;
      await running;
      await saving;
      await snapshots.unload();
      const open = handle;
      handle = null;
      // What went with a lost device need not be closed.
      if (open !== null) await training.close({ handle: open }).catch(() => undefined);
      work.dispose();
    },
  };
  return run;
}
