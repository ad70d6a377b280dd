import type { PixelRange } from '../model/spec';

/**
 * Pixels for the screen: N×H×W×C floats in `range` → N×H×W×4 bytes. One channel is grey, four bring
 * their own alpha; values outside the range are clamped.
 */
export function floatsToRgba(
  data: Float32Array,
  channels: number,
  range: PixelRange,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = data.length / channels;
  const rgba = new Uint8ClampedArray(pixels * 4);
  const gain = 255 / (range[1] - range[0]);
  // Uint8ClampedArray rounds and clamps by itself.
  const byte = (index: number): number => ((data[index] ?? 0) - range[0]) * gain;
  const green = channels >= 3 ? 1 : 0;
  const blue = channels >= 3 ? 2 : 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    const to = pixel * 4;
    rgba[to] = byte(from);
    rgba[to + 1] = byte(from + green);
    rgba[to + 2] = byte(from + blue);
    rgba[to + 3] = channels === 4 ? byte(from + 3) : 255;
  }
  return rgba;
}
