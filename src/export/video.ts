/**
 * A film as a video, by the browser's own encoder (WebCodecs) and mediabunny's container writers: MP4 with
 * H.264 where it can, else WebM with VP9 or VP8. Nothing is downloaded for it.
 */
import {
  BufferTarget,
  canEncodeVideo,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import type { CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import { requireFrames, scaleFor, upscaleNearest, type Film } from './frames';

export interface VideoFormat {
  container: 'mp4' | 'webm';
  codec: 'avc' | 'vp9' | 'vp8';
  mimeType: 'video/mp4' | 'video/webm';
  extension: 'mp4' | 'webm';
  /** For a menu: 'MP4 (H.264)'. */
  label: string;
}

/** In order of how many programs play them. */
const FORMATS: readonly VideoFormat[] = [
  { container: 'mp4', codec: 'avc', mimeType: 'video/mp4', extension: 'mp4', label: 'MP4 (H.264)' },
  {
    container: 'webm',
    codec: 'vp9',
    mimeType: 'video/webm',
    extension: 'webm',
    label: 'WebM (VP9)',
  },
  {
    container: 'webm',
    codec: 'vp8',
    mimeType: 'video/webm',
    extension: 'webm',
    label: 'WebM (VP8)',
  },
];

/** Near lossless: the films are small, and compression smears single pixels. */
const quality = new Quality('very-high');

/** What this browser can encode at this size (even pixels), best first; empty without WebCodecs. */
export async function encodableFormats(width: number, height: number): Promise<VideoFormat[]> {
  if (typeof VideoEncoder === 'undefined') return [];
  const able = await Promise.all(
    FORMATS.map(({ codec }) =>
      canEncodeVideo(codec, { width, height, quality }).catch(() => false),
    ),
  );
  return FORMATS.filter((_, index) => able[index]);
}

function noEncoder(width: number, height: number): AppError {
  const lacks =
    typeof VideoEncoder === 'undefined'
      ? 'This browser has no video encoder (WebCodecs).'
      : `This browser encodes neither H.264 nor VP9 nor VP8 at ${width} × ${height} pixels.`;
  return new AppError({
    code: 'export-no-video',
    message: `No video could be made. ${lacks}`,
    hint: 'Export a GIF instead: every browser can make one. A recent Chrome, Edge, Firefox or Safari makes videos.',
  });
}

/**
 * The smallest whole scale with at least `least` pixels on the shorter side and even sides: codecs halve
 * the color planes, and an even scale keeps every color inside its own block of pixels.
 */
export function videoScale(width: number, height: number, least: number): number {
  const scale = scaleFor(width, height, least);
  return scale % 2 === 0 ? scale : scale + 1;
}

export interface VideoOptions extends CallOptions {
  framesPerSecond: number;
  /** Pixels that the shorter side has at least; 256 when absent. */
  least?: number;
  title?: string;
  /** JSON that says how the film was made; becomes the file's comment. */
  recipe?: string;
  /** Takes the first of these that the browser encodes; all three when absent. */
  containers?: readonly VideoFormat['container'][];
}

export interface VideoFile {
  blob: Blob;
  format: VideoFormat;
  width: number;
  height: number;
}

/**
 * Draws and encodes every frame. Rejects with the signal's reason when cancelled, with AppError
 * 'export-empty', 'export-no-video' (no encoder here) or 'export-video' (the encoder gave up).
 */
export async function filmToVideo(film: Film, options: VideoOptions): Promise<VideoFile> {
  requireFrames(film);
  const { least = 256, signal, containers = ['mp4', 'webm'] } = options;
  signal?.throwIfAborted();
  const scale = videoScale(film.width, film.height, least);
  const width = film.width * scale;
  const height = film.height * scale;
  const formats = await encodableFormats(width, height);
  const format = formats.find(({ container }) => containers.includes(container));
  if (!format) throw noEncoder(width, height);
  const output = new Output({
    format: format.container === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target: new BufferTarget(),
  });
  try {
    await encodeFrames(film, scale, output, format, options);
  } catch (error) {
    await output.cancel().catch(() => undefined);
    if (signal?.aborted) throw signal.reason;
    if (error instanceof AppError) throw error;
    throw videoFailed(error, format);
  }
  const buffer = output.target.buffer;
  if (!buffer) throw videoFailed(new Error('the encoder gave no data'), format);
  return { blob: new Blob([buffer], { type: format.mimeType }), format, width, height };
}

function videoFailed(cause: unknown, format: VideoFormat): AppError {
  return new AppError(
    {
      code: 'export-video',
      message: `The browser's ${format.label} encoder gave up: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Nothing of your work is lost. Export again, choose the other container, or export a GIF.',
    },
    { cause },
  );
}

async function encodeFrames(
  film: Film,
  scale: number,
  output: Output<Mp4OutputFormat | WebMOutputFormat, BufferTarget>,
  format: VideoFormat,
  options: VideoOptions,
): Promise<void> {
  const { framesPerSecond, signal, onProgress, title, recipe } = options;
  const source = new VideoSampleSource({ codec: format.codec, quality, keyFrameInterval: 1 });
  output.addVideoTrack(source, { frameRate: framesPerSecond });
  output.setMetadataTags({
    ...(title === undefined ? {} : { title }),
    ...(recipe === undefined ? {} : { comment: recipe }),
  });
  await output.start();
  for (let index = 0; index < film.count; index++) {
    signal?.throwIfAborted();
    const rgba = await film.frame(index, signal);
    const sample = new VideoSample(upscaleNearest(rgba, film.width, film.height, scale), {
      format: 'RGBA',
      codedWidth: film.width * scale,
      codedHeight: film.height * scale,
      timestamp: index / framesPerSecond,
      duration: 1 / framesPerSecond,
    });
    try {
      await source.add(sample);
    } finally {
      sample.close();
    }
    onProgress?.({
      fraction: (index + 1) / (film.count + 1),
      label: `frame ${index + 1} of ${film.count}`,
    });
  }
  await output.finalize();
  onProgress?.({ fraction: 1, label: 'done' });
}
