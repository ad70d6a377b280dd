/** Small statistics for measurements that the page reports: every share comes with its interval. */

/** A share of trials with the interval that holds its true value. All three in [0, 1]. */
export interface Share {
  /** successes / trials. */
  share: number;
  low: number;
  high: number;
}

/** Standard normal quantile of 0.975: two-sided 95 %. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval for `successes` of `trials` (95 % unless `quantile`, a standard normal quantile,
 * says otherwise). Unlike share ± 2·s.e. it stays inside [0, 1] and is right for shares near 0 and 1 and
 * for few trials (Wilson 1927; Brown, Cai & DasGupta 2001). No trials: the interval is all of [0, 1], the
 * share NaN. Throws RangeError for counts that are no counts.
 */
export function wilsonInterval(successes: number, trials: number, quantile = Z_95): Share {
  const valid = Number.isInteger(successes) && Number.isInteger(trials);
  if (!valid || successes < 0 || trials < successes) {
    throw new RangeError(`${successes} successes of ${trials} trials`);
  }
  if (trials === 0) return { share: NaN, low: 0, high: 1 };
  const share = successes / trials;
  const square = quantile * quantile;
  const scale = 1 / (1 + square / trials);
  const center = scale * (share + square / (2 * trials));
  const spread = (share * (1 - share)) / trials + square / (4 * trials * trials);
  const half = scale * quantile * Math.sqrt(spread);
  // At 0 and at all the bound is exact; arithmetic would leave 1e-17 beside it.
  const low = successes === 0 ? 0 : Math.max(0, center - half);
  const high = successes === trials ? 1 : Math.min(1, center + half);
  return { share, low, high };
}

/** Arithmetic mean; NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Slope and Pearson correlation of a least-squares line through points; NaN where it is undetermined. */
export function fitLine(
  x: readonly number[],
  y: readonly number[],
): { slope: number; intercept: number; correlation: number } {
  if (x.length !== y.length) throw new RangeError(`${x.length} x values, ${y.length} y values`);
  const meanX = meanOf(x);
  const meanY = meanOf(y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  x.forEach((value, index) => {
    const dx = value - meanX;
    const dy = (y[index] ?? NaN) - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  });
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX, correlation: xy / Math.sqrt(xx * yy) };
}
