/**
 * Curves over a growing axis, drawn by uPlot on a canvas: loaded with the first chart that needs it.
 * `time-chart.tsx` is the component around it.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Tokens of tokens.css that curves are drawn in. */
export type ChartColor = 'text' | 'accent' | 'text-muted';

export interface TimeSeries {
  label: string;
  color: ChartColor;
  dashed?: boolean;
  /** Raw values behind a smoothed curve: thin, and not in the legend. */
  faint?: boolean;
}

export interface ChartMark {
  x: number;
  /** Drawn over the line; the words stand beside the chart. */
  number: number;
}

export interface TimePlotOptions {
  series: readonly TimeSeries[];
  /** Absent: from the values. */
  yRange?: readonly [low: number, high: number] | undefined;
  /** Where the pointer or the keyboard stands; null where neither does. */
  onPoint: (index: number | null) => void;
}

export interface TimePlot {
  /** `columns` as in `series`; not-a-numbers leave gaps. */
  setData: (
    x: readonly number[],
    columns: readonly (readonly number[])[],
    marks: readonly ChartMark[],
  ) => void;
  /** CSS pixels. */
  resize: (width: number, height: number) => void;
  /** Shows the place of one index, as the pointer would. */
  point: (index: number | null) => void;
  destroy: () => void;
}

/** Puts a plot into `host`. Its colours and letters are those of this moment: make another when the theme changes. */
export function createTimePlot(host: HTMLElement, options: TimePlotOptions): TimePlot {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const rem = parseFloat(style.fontSize);
  let marks: readonly ChartMark[] = [];
  const font = `${0.6875 * rem}px ${token('font')}`;

  const plot = new uPlot(
    {
      width: Math.max(40, host.clientWidth),
      height: Math.max(40, host.clientHeight),
      padding: [0.5 * rem, rem, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: (_plot, low, high) => [low, high > low ? high : low + 1] },
        y: options.yRange ? { range: [...options.yRange] } : { range: { min: PAD, max: PAD } },
      },
      axes: [
        axis({ size: 1.25 * rem, space: 4 * rem, gap: 3 }),
        axis({ size: 2.5 * rem, space: 1.75 * rem, gap: 4 }),
      ],
      series: [{}, ...options.series.map((one) => curve(one))],
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { size: 6, width: 0, fill: (self, index) => strokeOf(self, index) },
      },
      hooks: {
        draw: [drawMarks],
        setCursor: [(self) => options.onPoint(self.cursor.idx ?? null)],
      },
    },
    [[], ...options.series.map(() => [])],
    host,
  );

  function axis(size: { size: number; space: number; gap: number }): uPlot.Axis {
    return {
      ...size,
      font,
      stroke: token('text-muted'),
      grid: { stroke: token('line'), width: 1 },
      ticks: { show: false },
    };
  }

  function curve({ label, color, dashed, faint }: TimeSeries): uPlot.Series {
    return {
      label,
      stroke: token(color),
      width: faint ? 1 : 1.75,
      alpha: faint ? 0.3 : 1,
      ...(dashed && { dash: [5, 4] }),
      points: { show: false },
    };
  }

  function drawMarks(drawn: uPlot): void {
    const { ctx, bbox } = drawn;
    const ratio = window.devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = token('text-muted');
    ctx.fillStyle = token('text-muted');
    ctx.font = `${0.6875 * rem * ratio}px ${token('font')}`;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    for (const { x, number } of marks) {
      const left = Math.round(drawn.valToPos(x, 'x', true));
      if (left < bbox.left || left > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(String(number), left + 3 * ratio, bbox.top + 0.6875 * rem * ratio);
    }
    ctx.restore();
  }

  return {
    setData(x, columns, nextMarks) {
      marks = nextMarks;
      const gapped = columns.map((column) =>
        column.map((value) => (Number.isFinite(value) ? value : null)),
      );
      plot.setData([[...x], ...gapped]);
    },
    resize: (width, height) => plot.setSize({ width, height }),
    point(index) {
      const x = index === null ? undefined : plot.data[0][index];
      plot.setCursor(
        x === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(x, 'x'), top: 1 },
      );
    },
    destroy: () => plot.destroy(),
  };
}

/** A little room above and below; a scale that nearly reaches zero starts there. */
const PAD: uPlot.Range.Limit = { pad: 0.06, soft: 0, mode: 3 };

function strokeOf(plot: uPlot, index: number): string {
  const stroke = plot.series[index]?.stroke;
  const value = typeof stroke === 'function' ? stroke(plot, index) : stroke;
  return typeof value === 'string' ? value : '';
}
