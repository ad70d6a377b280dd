// Pictures of any size become smaller by averaging areas (every pixel counts, so nothing aliases) and larger
// by Catmull-Rom's cubic. On the bytes as they are, sRGB, as image programs do it unless told otherwise.

/** What one pixel of the result is made of along one axis: weights that sum to 1, from pixel `first` on. */
interface Taps {
  first: number;
  weights: Float32Array;
}

/** How one axis of a picture becomes one of the result. */
interface Axis {
  /** For each pixel of the result. */
  taps: Taps[];
  /** For each pixel of the picture, those of the result that it is part of. */
  targets: { at: number; weight: number }[][];
}

/** The last axes that were worked out: thousands of pictures in a row have the same. */
const known = new Map<string, Axis>();
const MAX_KNOWN = 32;

function axisOf(from: number, to: number): Axis {
  const key = `${from}→${to}`;
  const old = known.get(key);
  if (old) return old;
  const taps = Array.from({ length: to }, (_, at) =>
    to < from ? areaTaps(from, to, at) : cubicTaps(from, to, at),
  );
  const targets = Array.from({ length: from }, (): Axis['targets'][number] => []);
  taps.forEach(({ first, weights }, at) => {
    weights.forEach((weight, i) => targets[first + i]!.push({ at, weight }));
  });
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, { taps, targets });
  return { taps, targets };
}

function areaTaps(from: number, to: number, at: number): Taps {
  const ratio = from / to;
  const [start, end] = [at * ratio, Math.min(from, (at + 1) * ratio)];
  const first = Math.floor(start);
  const weights = new Float32Array(Math.ceil(end - 1e-9) - first);
  for (let i = 0; i < weights.length; i++) {
    const pixel = first + i;
    weights[i] = (Math.min(end, pixel + 1) - Math.max(start, pixel)) / ratio;
  }
  return { first, weights };
}

function cubicTaps(from: number, to: number, at: number): Taps {
  if (from === to) return { first: at, weights: Float32Array.of(1) };
  const centre = ((at + 0.5) * from) / to - 0.5;
  const base = Math.floor(centre);
  const first = Math.max(0, base - 1);
  const last = Math.min(from - 1, base + 2);
  const weights = new Float32Array(last - first + 1);
  for (let pixel = base - 1; pixel <= base + 2; pixel++) {
    // Beyond the border the last pixel goes on.
    const inside = Math.min(last, Math.max(first, pixel));
    weights[inside - first]! += catmullRomWeight(Math.abs(centre - pixel));
  }
  return { first, weights };
}

function catmullRomWeight(distance: number): number {
  if (distance < 1) return 1.5 * distance ** 3 - 2.5 * distance ** 2 + 1;
  if (distance < 2) return -0.5 * distance ** 3 + 2.5 * distance ** 2 - 4 * distance + 2;
  return 0;
}

export interface Resampler {
  /** The next rows of the picture: rows × width × channels bytes. */
  add(rows: Uint8Array | Uint8ClampedArray): void;
  /** height × width × min(channels, 3) numbers, 0 to 255 but for the cubic's overshoot; after the last row. */
  result(): Float32Array;
}

/** Rows go in from top to bottom, in strips of any height. */
export function createResampler(
  from: { width: number; height: number; channels: 1 | 3 | 4 },
  to: { width: number; height: number },
): Resampler {
  const kept = from.channels === 1 ? 1 : 3;
  const { taps } = axisOf(from.width, to.width);
  const { targets } = axisOf(from.height, to.height);
  const sum = new Float32Array(to.width * to.height * kept);
  const narrow = new Float32Array(to.width * kept);
  const stride = from.width * from.channels;
  let y = 0;
  return {
    add(rows) {
      for (let at = 0; at < rows.length; at += stride, y++) {
        squeezeRow(rows, at, from.channels, taps, narrow);
        for (const { at: row, weight } of targets[y]!) {
          const offset = row * narrow.length;
          for (let i = 0; i < narrow.length; i++) sum[offset + i]! += weight * narrow[i]!;
        }
      }
    },
    result: () => sum,
  };
}

function squeezeRow(
  bytes: Uint8Array | Uint8ClampedArray,
  offset: number,
  channels: number,
  columns: readonly Taps[],
  out: Float32Array,
): void {
  const kept = channels === 1 ? 1 : 3;
  for (let x = 0; x < columns.length; x++) {
    const { first, weights } = columns[x]!;
    for (let channel = 0; channel < kept; channel++) {
      let sum = 0;
      let at = offset + first * channels + channel;
      for (let i = 0; i < weights.length; i++, at += channels) sum += weights[i]! * bytes[at]!;
      out[x * kept + channel] = sum;
    }
  }
}
