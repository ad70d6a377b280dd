/** The exports of the panel: which frames, which size, which name. The encoders are loaded when used. */
import type { CallOptions } from '../../engine/api';
import { fileName } from '../../export/download';
import { scaleFor, type Film } from '../../export/frames';
import type { ExportResult } from '../export-jobs';
import { createFilm } from './film';
import type { FrameCache } from './frame-cache';
import type { Walk } from './use-walk';
import { mainTrack, stripRows } from './walk';
import { walkJson } from './walk-file';

export interface ExportContext {
  walk: Walk;
  cache: FrameCache;
  framesPerSecond: number;
  /** How much of an endless walk a film takes. */
  endlessFrames: number;
  /** Frame at the playhead. */
  position: number;
  /** Pixels that the shorter side of a film has at least. */
  least: number;
  /** Pictures in a row of the strip. */
  steps: number;
}

function filmOf(context: ExportContext, latents: readonly Float32Array[]): Film {
  return createFilm({ cache: context.cache, look: context.walk.look, latents });
}

/** Every frame of the walk; of an endless one, a stretch from the playhead on. */
function walkFilm(context: ExportContext): Film {
  const { walk, endlessFrames, position } = context;
  const track = walk.scene?.tracks[mainTrack(walk.settings)];
  if (!walk.scene || !track) return filmOf(context, []);
  const endless = walk.settings.kind === 'endless';
  const count = endless ? endlessFrames : walk.scene.count;
  const first = endless ? position : 0;
  return filmOf(
    context,
    Array.from({ length: count }, (_, index) => track.latent(first + index)),
  );
}

function recipeOf({ walk, framesPerSecond, position }: ExportContext): string {
  return walkJson({ ...walk, units: walk.look.units, framesPerSecond, position });
}

function named({ walk }: ExportContext, what: string, extension: string): string {
  return fileName([what, walk.model.id], extension);
}

export async function exportGif(
  context: ExportContext,
  options: CallOptions,
): Promise<ExportResult> {
  const { filmToGif } = await import('../../export/gif');
  const film = walkFilm(context);
  const scale = scaleFor(film.width, film.height, context.least);
  const { framesPerSecond } = context;
  const blob = await filmToGif(film, { framesPerSecond, scale, ...options });
  return { blob, name: named(context, 'walk', 'gif') };
}

export async function exportVideo(
  context: ExportContext,
  container: 'mp4' | 'webm',
  options: CallOptions,
): Promise<ExportResult> {
  const { filmToVideo } = await import('../../export/video');
  const { framesPerSecond, least, walk } = context;
  const { blob, format } = await filmToVideo(walkFilm(context), {
    framesPerSecond,
    least,
    title: `Latent walk, ${walk.model.title}`,
    recipe: recipeOf(context),
    containers: [container],
    ...options,
  });
  return { blob, name: named(context, 'walk', format.extension) };
}

export async function exportStrip(
  context: ExportContext,
  options: CallOptions,
): Promise<ExportResult> {
  const { stripToPng } = await import('../../export/png');
  const { walk, steps, least } = context;
  const latents = stripRows(walk.keyframes, walk.settings, steps).flatMap((row) => row.latents);
  const film = filmOf(context, latents);
  const blob = await stripToPng(film, {
    columns: steps,
    gap: 2,
    // Half the size of a film's frame: a strip has many.
    scale: scaleFor(film.width, film.height, least / 2),
    recipe: recipeOf(context),
    ...options,
  });
  return { blob, name: named(context, 'strip', 'png') };
}

export async function exportFrame(
  context: ExportContext,
  options: CallOptions,
): Promise<ExportResult> {
  const { rgbaToPng } = await import('../../export/png');
  const { walk, position, least } = context;
  const track = walk.scene?.tracks[mainTrack(walk.settings)];
  const film = filmOf(context, track ? [track.latent(position)] : []);
  const { width, height } = film;
  const rgba = await film.frame(0, options.signal);
  const scale = scaleFor(width, height, least);
  const blob = await rgbaToPng(rgba, width, height, {
    scale,
    recipe: recipeOf(context),
    ...options,
  });
  return { blob, name: named(context, `frame-${position + 1}`, 'png') };
}

export function exportJson(context: ExportContext): Promise<ExportResult> {
  const blob = new Blob([recipeOf(context)], { type: 'application/json' });
  return Promise.resolve({ blob, name: named(context, 'walk', 'json') });
}
