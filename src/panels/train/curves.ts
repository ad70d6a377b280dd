import type { TrainingRunState } from '../../session/training/training';

/** The curves as a table: a row for each step that the history holds, and one for each measurement. */
export function curvesCsv({
  history,
  measures,
}: Pick<TrainingRunState, 'history' | 'measures'>): string {
  const measured = new Map(measures.map((measure) => [measure.step, measure]));
  const steps = [...new Set([...history.step, ...measured.keys()])].sort((a, b) => a - b);
  const rowOf = new Map(history.step.map((step, row) => [step, row]));
  const rows = steps.map((step) => {
    const row = rowOf.get(step);
    const of = (column: readonly number[]) => cell(row === undefined ? undefined : column[row]);
    const measure = measured.get(step);
    return [
      step,
      of(history.lossD),
      of(history.lossG),
      of(history.real),
      of(history.fake),
      cell(measure?.slicedWasserstein),
      cell(measure?.diversity),
    ].join(',');
  });
  return [HEAD, ...rows, ''].join('\n');
}

const HEAD = 'step,loss_d,loss_g,d_of_real,d_of_fake,sliced_wasserstein,diversity';

function cell(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : String(Number(value.toPrecision(6)));
}
