/** SVG path through values at equal steps; not-a-numbers leave gaps. */
export function linePath(
  values: readonly number[],
  x: (index: number, count: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let pen = false;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      pen = false;
      return;
    }
    path += `${pen ? 'L' : 'M'}${x(index, values.length).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  });
  return path;
}

/** About `count` round numbers within [low, high]. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}

/** Positions moved as little as lets each keep `gap` from the next, in their order, between low and high. */
export function spacedOut(
  positions: readonly number[],
  { gap, low, high }: { gap: number; low: number; high: number },
): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a]! - positions[b]!);
  const out = [...positions];
  let least = low;
  for (const index of order) {
    out[index] = Math.max(out[index]!, least);
    least = out[index] + gap;
  }
  let most = high;
  for (const index of order.reverse()) {
    out[index] = Math.min(out[index]!, most);
    most = out[index] - gap;
  }
  return out;
}
