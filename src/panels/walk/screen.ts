/** The canvases of the player: one a track, and one for the difference of two tracks. */
import type { RgbaPixels } from '../../export/frames';

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

/** What a frame is painted on: the handle of an ImageCanvas. */
interface Picture {
  draw: (rgba: RgbaPixels, width: number, height: number) => void;
  /** What is seen is a neighbour's picture. */
  markStale: () => void;
}

interface Frames {
  /** One a track; undefined where it is not there yet. */
  rgba: readonly (RgbaPixels | undefined)[];
  width: number;
  height: number;
  /** False for a neighbour of the frame at the playhead, shown until that is drawn. */
  exact: boolean;
}

export interface Screen {
  /** Where a track is painted; asked for at each painting, since React may replace it. */
  setPicture: (track: number, picture: () => Picture | null) => void;
  setDifference: (picture: () => Picture | null) => void;
  /** Paints what differs from what is there. True when something new was painted. */
  show: (frames: Frames) => boolean;
  /** Of the frames shown last; null with one track. */
  difference: () => PixelDifference | null;
  /** What is seen is overtaken: the pictures say so until the next frame is painted on them. */
  markStale: () => void;
}

export function createScreen(): Screen {
  const pictures: (() => Picture | null)[] = [];
  let differencePicture: () => Picture | null = () => null;
  let painted: (RgbaPixels | undefined)[] = [];
  let difference: PixelDifference | null = null;

  const showDifference = ({ rgba: [a, b], width, height }: Frames) => {
    if (!a || !b) {
      difference = null;
      return;
    }
    const picture = new Uint8ClampedArray(a.length);
    difference = pixelDifference(a, b, picture);
    differencePicture()?.draw(picture, width, height);
  };

  return {
    setPicture(track, picture) {
      pictures[track] = picture;
      painted = [];
    },
    setDifference(picture) {
      differencePicture = picture;
      painted = [];
    },
    show(frames) {
      let isNew = false;
      frames.rgba.forEach((rgba, track) => {
        const picture = pictures[track]?.();
        if (!picture || !rgba) return;
        if (painted[track] !== rgba) {
          picture.draw(rgba, frames.width, frames.height);
          painted[track] = rgba;
          isNew = true;
        }
        if (!frames.exact) {
          picture.markStale();
          painted[track] = undefined;
        }
      });
      if (isNew) showDifference(frames);
      return isNew && frames.exact;
    },
    difference: () => difference,
    markStale() {
      painted = [];
      for (const picture of [...pictures, differencePicture]) picture()?.markStale();
    },
  };
}
