/** When a GIF shows which frame: apart from the encoder, which only its worker loads. */

export interface GifFrame {
  /** Of the film. */
  index: number;
  /** Hundredths of a second, the unit of the format. */
  delayCs: number;
}

/** Browsers slow any delay below 2/100 s down to 10/100 s. */
const MIN_DELAY_CS = 2;

/**
 * Which frames a GIF shows, and for how long, so that it runs as long as the film. Delays are whole
 * hundredths: the rounding error is carried on (30 a second become 3, 4, 3 …). Above 50 frames a second,
 * which no browser plays, frames are left out.
 */
export function gifTiming(count: number, framesPerSecond: number): GifFrame[] {
  const durationCs = Math.max(MIN_DELAY_CS, Math.round((100 * count) / framesPerSecond));
  const shown = Math.min(count, Math.floor(durationCs / MIN_DELAY_CS));
  const startCs = (frame: number) => Math.round((frame * durationCs) / shown);
  return Array.from({ length: shown }, (_, frame) => ({
    index: Math.floor((frame * count) / shown),
    delayCs: startCs(frame + 1) - startCs(frame),
  }));
}

/** Frames that stand for the whole film when its palette is chosen: at most `most`, evenly spread. */
export function paletteFrames(count: number, most = 32): number[] {
  const taken = Math.min(count, most);
  if (taken <= 1) return [0];
  return Array.from({ length: taken }, (_, i) => Math.round((i * (count - 1)) / (taken - 1)));
}
