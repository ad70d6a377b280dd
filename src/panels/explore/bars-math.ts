/** Where the bars of z stand on the screen, and which of them a pointer means. Pure. */

export interface BarRoom {
  /** CSS pixels. */
  width: number;
  height: number;
  /** Numbers in z. */
  size: number;
  /** The top and bottom edge show +limit and −limit. */
  limit: number;
}

/** One path for the bars of the given dimensions: a stroke each, from the middle line. */
export function barsPath(
  z: Float32Array,
  room: BarRoom,
  include: (index: number) => boolean,
): string {
  const { height, limit } = room;
  const middle = height / 2;
  let path = '';
  for (let index = 0; index < z.length; index++) {
    if (!include(index)) continue;
    const value = Math.max(-limit, Math.min(limit, z[index] ?? 0));
    const y = middle - (value / limit) * middle;
    // A number near zero still has a bar that can be seen.
    const tip = Math.abs(y - middle) < 0.75 ? middle + (y > middle ? 0.75 : -0.75) : y;
    path += `M${barCenter(index, room).toFixed(2)} ${middle}V${tip.toFixed(2)}`;
  }
  return path;
}

export function barCenter(index: number, { width, size }: BarRoom): number {
  return ((index + 0.5) * width) / size;
}

/** Stroke width that leaves a gap between bars where there is room for one. */
export function barWidth({ width, size }: BarRoom): number {
  const pitch = width / size;
  return pitch > 4 ? pitch - 2 : Math.max(0.5, pitch * 0.75);
}

/** The bar under a point, and the number that its height there means. */
export function barAt(x: number, y: number, room: BarRoom): { index: number; value: number } {
  const { width, height, size, limit } = room;
  const index = Math.max(0, Math.min(size - 1, Math.floor((x / width) * size)));
  const value = (1 - (2 * y) / height) * limit;
  return { index, value: Math.max(-limit, Math.min(limit, value)) };
}

/** A copy with one number changed, to two decimals: what the field beside it can show exactly. */
export function withValue(z: Float32Array, index: number, value: number): Float32Array {
  const next = z.slice();
  next[index] = Math.round(value * 100) / 100;
  return next;
}
