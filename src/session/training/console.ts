/** What `latentarium.train` loads when it is first called. */
import type { StoreApi } from 'zustand/vanilla';
import { AppError } from '../../lib/errors';
import { checkTrainingConfig, type TrainingConfig } from '../../model/training';
import type { ConsoleTrainingConfig } from '../console-train';
import type { ConsoleImage, ConsoleModel, LatentLike } from '../console-types';
import { describeModel, splitImages, toLatent } from '../console-values';
import type { Session } from '../session';
import { presetSteps, TRAINING_PRESETS } from './presets';
import type { RunInfo, Training, TrainingData, TrainingRunState } from './training';

export async function startTraining(
  session: Session,
  request: ConsoleTrainingConfig,
): Promise<RunInfo> {
  const {
    preset: wanted = 'two-minutes',
    data: source = 'characters',
    title,
    steps,
    image,
    ...changes
  } = request;
  const preset = TRAINING_PRESETS.find(({ id }) => id === wanted);
  if (!preset) throw unknownPreset(wanted);
  const merged = { ...preset.config, ...changes, image: imageOf(preset.config, source, image) };
  const config = checkTrainingConfig(merged);
  const data = await openPictures(session, source, config);
  const limit =
    steps === undefined
      ? presetSteps(preset, await session.training.estimate(config, data))
      : steps;
  await session.training.start({
    config,
    data,
    steps: limit,
    ...(title !== undefined && { title }),
  });
  const { run } = session.training.store.getState();
  if (run) return run;
  throw new Error('The run was stopped before it began.');
}

type Source = NonNullable<ConsoleTrainingConfig['data']>;

function isSet(source: Source): source is TrainingData {
  return typeof source === 'object' && 'images' in source;
}

/** As the pictures are, where they are there already; digits are grey. */
function imageOf(
  preset: TrainingConfig,
  source: Source,
  image: Partial<TrainingConfig['image']> = {},
): object {
  const channels = source === 'digits' ? 1 : preset.image.channels;
  const own = isSet(source)
    ? { size: source.images.size, channels: source.images.channels }
    : { ...preset.image, channels };
  return { ...own, ...image };
}

async function openPictures(
  { datasets }: Session,
  source: Source,
  { image, seed }: TrainingConfig,
): Promise<TrainingData> {
  if (isSet(source)) return source;
  if (typeof source !== 'string') {
    const files = [source]
      .flat()
      .map((file) => ({ name: file.webkitRelativePath || file.name, file }));
    const request = { files, ...image, framing: 'crop', tile: null, seed } as const;
    return (await datasets.read(request)).data;
  }
  const entries = await datasets.list();
  const entry = entries.find(
    ({ source: ref }) => ref.kind === source || ('id' in ref && ref.id === source),
  );
  if (entry) return datasets.open(entry.source, image);
  const known = entries.map(({ source: ref }) => ('id' in ref ? ref.id : ref.kind));
  throw new AppError({
    code: 'dataset-unknown',
    message: `There is no set of pictures '${source}'; there are: ${known.join(', ')}.`,
    hint: 'Choose one of these, or give files of your own.',
  });
}

function unknownPreset(id: string): AppError {
  return new AppError({
    code: 'preset-unknown',
    message: `There is no preset '${id}'; there are: ${TRAINING_PRESETS.map((one) => one.id).join(', ')}.`,
    hint: 'Choose one of these; single settings may be given beside it.',
  });
}

/** Resolves with the state when nothing trains and nothing is being prepared. */
export function whenStopped(store: StoreApi<TrainingRunState>): Promise<TrainingRunState> {
  return new Promise((resolve) => {
    const look = (state: TrainingRunState): boolean => {
      const { status } = state;
      if (status === 'running' || status === 'preparing') return false;
      resolve(state);
      return true;
    };
    if (look(store.getState())) return;
    const stop = store.subscribe((state) => {
      if (look(state)) stop();
    });
  });
}

export async function drawSnapshot(
  training: Training,
  step: number | null,
  z: readonly LatentLike[],
): Promise<ConsoleImage[]> {
  return splitImages(await training.picturesAt(step, z.map(toLatent)), [-1, 1]);
}

export async function openSnapshot(training: Training, step: number | null): Promise<ConsoleModel> {
  return describeModel(await training.openAsModel(step));
}
