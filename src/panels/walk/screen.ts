/** The canvases of the player: one a track, and one for the difference of two tracks. */
import type { RgbaPixels } from '../../export/frames';
import { paintCanvas } from '../../ui/image-canvas';

/** Differences are shown this many times brighter: most are too small to be seen. */
export const DIFFERENCE_GAIN = 4;

export interface PixelDifference {
  /** Over all pixels and the three colors, in bytes: 0 to 255. */
  mean: number;
  max: number;
}

/** |a − b| for every pixel and color. Writes the picture, DIFFERENCE_GAIN times brighter, into `target`. */
export function pixelDifference(a: RgbaPixels, b: RgbaPixels, target: RgbaPixels): PixelDifference {
  let sum = 0;
  let max = 0;
  for (let i = 0; i < a.length; i += 4) {
    for (let channel = i; channel < i + 3; channel++) {
      const difference = Math.abs((a[channel] ?? 0) - (b[channel] ?? 0));
      sum += difference;
      if (difference > max) max = difference;
      target[channel] = difference * DIFFERENCE_GAIN;
    }
    target[i + 3] = 255;
  }
  return { mean: sum / ((a.length / 4) * 3), max };
}

export interface Screen {
  setCanvas(track: number, canvas: HTMLCanvasElement | null): void;
  setDifferenceCanvas(canvas: HTMLCanvasElement | null): void;
  /**
   * Paints one frame of every track, where it differs from what is there. `data-frame` of a canvas tells
   * the frame at the playhead, `data-shown` the one painted (a neighbour until its own is drawn).
   * True when something new was painted.
   */
  show(
    frames: readonly (RgbaPixels | undefined)[],
    width: number,
    height: number,
    shown: number,
    index: number,
  ): boolean;
  /** Of the frames shown last. */
  difference(): PixelDifference | null;
  /** PNG data URL of a track's picture, or '' before it has one. */
  thumbnail(track: number): string;
  /** The next frame is painted even where it is the same. */
  forget(): void;
}

export function createScreen(): Screen {
  const canvases: (HTMLCanvasElement | null)[] = [];
  let differenceCanvas: HTMLCanvasElement | null = null;
  let painted: (RgbaPixels | undefined)[] = [];
  let difference: PixelDifference | null = null;

  const showDifference = (
    [a, b]: readonly (RgbaPixels | undefined)[],
    width: number,
    height: number,
  ) => {
    if (!a || !b) {
      difference = null;
      return;
    }
    const picture = new Uint8ClampedArray(a.length);
    difference = pixelDifference(a, b, picture);
    if (differenceCanvas) paintCanvas(differenceCanvas, picture, width, height);
  };

  return {
    setCanvas(track, canvas) {
      canvases[track] = canvas;
      painted = [];
    },
    setDifferenceCanvas(canvas) {
      differenceCanvas = canvas;
      painted = [];
    },
    show(frames, width, height, shown, index) {
      let isNew = false;
      frames.forEach((rgba, track) => {
        const canvas = canvases[track];
        if (!canvas || !rgba) return;
        canvas.dataset.frame = String(index);
        canvas.dataset.shown = String(shown);
        if (painted[track] === rgba) return;
        paintCanvas(canvas, rgba, width, height);
        painted[track] = rgba;
        isNew = true;
      });
      if (isNew) showDifference(frames, width, height);
      return isNew;
    },
    difference: () => difference,
    thumbnail: (track) => {
      const canvas = canvases[track];
      return canvas?.dataset.painted === 'true' ? canvas.toDataURL('image/png') : '';
    },
    forget() {
      painted = [];
      difference = null;
    },
  };
}
