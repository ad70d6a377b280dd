/**
 * Running average of a column of a chart over about `span` values, each weighing less the older it is. Gaps
 * (NaN) stay gaps and count for nothing.
 */
export function smoothed(values: readonly number[], span: number): number[] {
  const keep = 1 - 1 / span;
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return NaN;
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return sum / weight;
  });
}
