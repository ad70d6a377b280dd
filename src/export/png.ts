/** Pictures and film strips as PNG files. */
import type { CallOptions } from '../engine/api';
import { AppError } from '../lib/errors';
import { nextTask, requireFrames, upscaleNearest, type Film, type RgbaPixels } from './frames';
import { encodePng } from './png-encode';

/** Browsers refuse larger canvases, and few programs open larger pictures. */
const MAX_SIDE = 16_384;
const MAX_PIXELS = 100_000_000;

export interface PngOptions extends CallOptions {
  /** Whole factor; 1 is a pixel a pixel. */
  scale?: number;
  /** Blends between pixels instead of repeating them. */
  smooth?: boolean;
  /** JSON that says how the picture was made. */
  recipe?: string;
}

function checkSize(width: number, height: number): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS) return;
  throw new AppError({
    code: 'export-too-large',
    message: `The picture would have ${width} × ${height} pixels; ${MAX_SIDE} a side and ${MAX_PIXELS / 1e6} million in all are the limit.`,
    hint: 'Choose a smaller scale or fewer pictures, then export again.',
  });
}

/** Blending is the browser's own: a canvas that is drawn larger. */
function upscaleSmooth(rgba: RgbaPixels, width: number, height: number, scale: number): RgbaPixels {
  const small = new OffscreenCanvas(width, height);
  const large = new OffscreenCanvas(width * scale, height * scale);
  const from = small.getContext('2d');
  const to = large.getContext('2d');
  if (!from || !to) {
    throw new AppError({
      code: 'export-no-canvas',
      message: 'The browser gave no canvas to scale the picture on.',
      hint: 'Close other tabs that hold many pictures, or export without smoothing.',
    });
  }
  from.putImageData(new ImageData(rgba, width, height), 0, 0);
  to.imageSmoothingEnabled = true;
  to.imageSmoothingQuality = 'high';
  to.drawImage(small, 0, 0, large.width, large.height);
  return to.getImageData(0, 0, large.width, large.height).data;
}

/** One picture. `rgba` holds height × width × 4 bytes. Throws AppError 'export-too-large'. */
export async function rgbaToPng(
  rgba: RgbaPixels,
  width: number,
  height: number,
  options: PngOptions = {},
): Promise<Blob> {
  const { scale = 1, smooth = false } = options;
  checkSize(width * scale, height * scale);
  const upscale = smooth && scale > 1 ? upscaleSmooth : upscaleNearest;
  return encodePng(upscale(rgba, width, height, scale), width * scale, height * scale, {
    recipe: options.recipe,
    signal: options.signal,
    onProgress: (fraction) => options.onProgress?.({ fraction, label: 'writing the PNG' }),
  });
}

export interface StripOptions extends PngOptions {
  /** Pictures a row. */
  columns: number;
  /** Pixels between pictures, after scaling. */
  gap?: number;
  /** RGB of the gap. White, as on paper, when absent. */
  background?: readonly [red: number, green: number, blue: number];
}

/**
 * Many pictures on one sheet, row by row from the left, as the paper's figure 4. The last row may be
 * short. Throws AppError 'export-empty' and 'export-too-large'.
 */
export async function stripToPng(film: Film, options: StripOptions): Promise<Blob> {
  requireFrames(film);
  const { scale = 1, gap = 0, smooth = false, background = [255, 255, 255] } = options;
  const columns = Math.max(1, Math.min(options.columns, film.count));
  const rows = Math.ceil(film.count / columns);
  const cellWidth = film.width * scale;
  const cellHeight = film.height * scale;
  const width = columns * cellWidth + (columns - 1) * gap;
  const height = rows * cellHeight + (rows - 1) * gap;
  checkSize(width, height);
  const sheet = new Uint8ClampedArray(width * height * 4);
  const paper = new Uint32Array(Uint8Array.of(...background, 255).buffer);
  new Uint32Array(sheet.buffer).fill(paper[0] ?? 0);
  const upscale = smooth && scale > 1 ? upscaleSmooth : upscaleNearest;
  for (let index = 0; index < film.count; index++) {
    options.signal?.throwIfAborted();
    const cell = upscale(await film.frame(index, options.signal), film.width, film.height, scale);
    const left = (index % columns) * (cellWidth + gap);
    const top = Math.floor(index / columns) * (cellHeight + gap);
    for (let y = 0; y < cellHeight; y++) {
      const row = cell.subarray(y * cellWidth * 4, (y + 1) * cellWidth * 4);
      sheet.set(row, ((top + y) * width + left) * 4);
    }
    options.onProgress?.({
      fraction: (0.8 * (index + 1)) / film.count,
      label: `picture ${index + 1} of ${film.count}`,
    });
    await nextTask();
  }
  return encodePng(sheet, width, height, {
    recipe: options.recipe,
    signal: options.signal,
    onProgress: (fraction) =>
      options.onProgress?.({ fraction: 0.8 + 0.2 * fraction, label: 'writing the PNG' }),
  });
}
