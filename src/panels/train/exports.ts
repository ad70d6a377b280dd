/** Films and pictures of a training, and the run itself. The encoders are loaded when used. */
import type { CallOptions, RgbaImages } from '../../engine/api';
import { fileName } from '../../export/download';
import { scaleFor, type Film } from '../../export/frames';
import type { RunInfo, Training } from '../../session/training/training';
import type { ExportResult } from '../export-jobs';
import { evenly } from './evenly';
import { drawnPictures, sheetOf, sheetSize } from './paint';
import { FRAMES_PER_SECOND, type TimeMachine } from './time-machine';

export interface ExportContext {
  training: Training;
  run: RunInfo;
  machine: TimeMachine;
  /** The snapshot that is shown; null: now. */
  at: number | null;
  /** Pixels that the shorter side of a frame has at least. */
  least: number;
}

const COLUMNS = 4;
/** Of a strip: more would be too small to see on a slide. */
const STRIP_COLUMNS = 10;
const STRIP_ROWS = 8;

/** The fixed grid at a snapshot, or now. */
async function picturesOf(
  { training, machine }: ExportContext,
  step: number | null,
  signal?: AbortSignal,
): Promise<RgbaImages> {
  if (step !== null) return machine.frame(step, signal);
  const options = signal ? { signal } : {};
  return drawnPictures(await training.picturesAt(null, training.fixedLatents(), options));
}

/** Every snapshot, and now. */
function filmOf(context: ExportContext): Film {
  const moments = [...context.machine.steps(), null];
  return {
    count: moments.length,
    ...sheetSize(context.run.config.image.size, context.training.fixedLatents().length, COLUMNS),
    frame: async (index, signal) =>
      sheetOf(await picturesOf(context, moments[index] ?? null, signal), COLUMNS),
  };
}

function recipeOf({ run }: ExportContext): string {
  return JSON.stringify({ v: 1, kind: 'training', title: run.title, config: run.config });
}

function named({ run }: ExportContext, what: string, extension: string): string {
  return fileName([what, run.title], extension);
}

export async function exportGif(
  context: ExportContext,
  options: CallOptions,
): Promise<ExportResult> {
  const { filmToGif } = await import('../../export/gif');
  const film = filmOf(context);
  const scale = scaleFor(film.width, film.height, context.least);
  const blob = await filmToGif(film, { framesPerSecond: FRAMES_PER_SECOND, scale, ...options });
  return { blob, name: named(context, 'training', 'gif') };
}

export async function exportVideo(
  context: ExportContext,
  container: 'mp4' | 'webm',
  options: CallOptions,
): Promise<ExportResult> {
  const { filmToVideo } = await import('../../export/video');
  const { blob, format } = await filmToVideo(filmOf(context), {
    framesPerSecond: FRAMES_PER_SECOND,
    least: context.least,
    title: `Training, ${context.run.title}`,
    recipe: recipeOf(context),
    containers: [container],
    ...options,
  });
  return { blob, name: named(context, 'training', format.extension) };
}

/** A row for each of the first z, a column for each of some moments. */
export async function exportStrip(
  context: ExportContext,
  options: CallOptions,
): Promise<ExportResult> {
  const { stripToPng } = await import('../../export/png');
  const { size } = context.run.config.image;
  const moments = evenly([...context.machine.steps(), null], STRIP_COLUMNS);
  const rows = Math.min(STRIP_ROWS, context.training.fixedLatents().length);
  const film: Film = {
    count: moments.length * rows,
    width: size,
    height: size,
    async frame(index, signal) {
      const images = await picturesOf(context, moments[index % moments.length] ?? null, signal);
      const bytes = size * size * 4;
      const row = Math.floor(index / moments.length);
      return images.data.slice(row * bytes, (row + 1) * bytes);
    },
  };
  const blob = await stripToPng(film, {
    columns: moments.length,
    gap: 2,
    scale: scaleFor(size, size, context.least / 2),
    recipe: recipeOf(context),
    ...options,
  });
  return { blob, name: named(context, 'through-time', 'png') };
}

export async function exportFrame(
  context: ExportContext,
  options: CallOptions,
): Promise<ExportResult> {
  const { rgbaToPng } = await import('../../export/png');
  const images = await picturesOf(context, context.at, options.signal);
  const { width, height } = sheetSize(images.width, images.count, COLUMNS);
  const blob = await rgbaToPng(sheetOf(images, COLUMNS), width, height, {
    scale: scaleFor(width, height, context.least),
    recipe: recipeOf(context),
    ...options,
  });
  const step = context.at ?? context.training.store.getState().step;
  return { blob, name: named(context, `step-${step}`, 'png') };
}

export async function exportWholeRun({ training }: ExportContext): Promise<ExportResult> {
  return training.exportRun();
}
