import { useId, useRef } from 'react';
import { linePath, niceTicks, spacedOut } from './chart-math';
import styles from './line-chart.module.css';
import { useSize } from './use-size';

export interface ChartSeries {
  label: string;
  /** y at equal steps of x from xRange[0] to xRange[1], or at the places of `at`; NaN leaves a gap. */
  values: readonly number[];
  at?: readonly number[];
  dashed?: boolean;
  /** The one that matters is drawn in the accent colour. */
  emphasis?: boolean;
}

interface LineChartProps {
  /** What the curve says, in one sentence; read out in its place. */
  summary: string;
  series: readonly ChartSeries[];
  xRange: readonly [number, number];
  xLabel: string;
  yLabel: string;
  /** Absent: from the values. */
  yRange?: readonly [number, number];
  /** A strip between two heights: the prior's shell. */
  band?: { low: number; high: number; label: string };
  /** A vertical line at this x. */
  cursor?: number | null;
  /** In sixteenths of a rem. */
  height?: number;
  /** Names the curves at their ends rather than below: for more than a legend keeps apart. */
  labelled?: boolean;
}

/** Until the first layout. */
const WIDTH = 600;
const MARGIN = { top: 8, right: 8, bottom: 22, left: 40 };
/** Room for names at the curves' ends, and what two of them keep apart. */
const NAMES_WIDTH = 126;
const NAME_HEIGHT = 14;

/** A few curves over one axis, as SVG: sharp at any size and readable in both themes. */
export function LineChart(props: LineChartProps) {
  const { summary, series, xRange, xLabel, yLabel, band, cursor, height = 140 } = props;
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  // One unit is 1/16 rem, so that text has its size on a phone and in a lecture too.
  const size = useSize(svg);
  const width = size.height > 0 ? (size.width / size.height) * height : WIDTH;
  const [yLow, yHigh] = props.yRange ?? rangeOf(series, band);
  const right = width - (props.labelled ? NAMES_WIDTH : MARGIN.right);
  const bottom = height - MARGIN.bottom;
  const x = (value: number) =>
    MARGIN.left + ((value - xRange[0]) / (xRange[1] - xRange[0] || 1)) * (right - MARGIN.left);
  const y = (value: number) =>
    bottom - ((value - yLow) / (yHigh - yLow || 1)) * (bottom - MARGIN.top);

  return (
    <figure className={styles.figure}>
      <svg
        ref={svg}
        className={styles.svg}
        style={{ height: `${height / 16}rem` }}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-labelledby={id}
      >
        <title id={id}>{summary}</title>
        {band && (
          <rect
            className={styles.band}
            x={MARGIN.left}
            width={right - MARGIN.left}
            y={y(Math.min(band.high, yHigh))}
            height={Math.max(0, y(Math.max(band.low, yLow)) - y(Math.min(band.high, yHigh)))}
          />
        )}
        {niceTicks(yLow, yHigh, 4).map((tick) => (
          <g key={tick}>
            <line className={styles.rule} x1={MARGIN.left} x2={right} y1={y(tick)} y2={y(tick)} />
            <text
              className={styles.tick}
              x={MARGIN.left - 6}
              y={y(tick)}
              textAnchor="end"
              dy="0.32em"
            >
              {tick}
            </text>
          </g>
        ))}
        <text className={styles.tick} x={MARGIN.left} y={height - 5}>
          {xRange[0]}
        </text>
        <text
          className={styles.tick}
          x={(MARGIN.left + right) / 2}
          y={height - 5}
          textAnchor="middle"
        >
          {xLabel}
        </text>
        <text className={styles.tick} x={right} y={height - 5} textAnchor="end">
          {xRange[1]}
        </text>
        {series.map((one) => (
          <path
            key={one.label}
            className={styles.curve}
            data-emphasis={one.emphasis ?? false}
            strokeDasharray={one.dashed ? '5 4' : undefined}
            d={linePath(
              one.values,
              (i, n) => x(one.at?.[i] ?? lerp(xRange, n > 1 ? i / (n - 1) : 0)),
              y,
            )}
          />
        ))}
        {props.labelled &&
          spacedOut(
            series.map((one) => y(one.values.findLast(Number.isFinite) ?? yLow)),
            { gap: NAME_HEIGHT, low: MARGIN.top, high: bottom },
          ).map((height, index) => (
            <text
              key={series[index]!.label}
              className={styles.name}
              data-emphasis={series[index]!.emphasis ?? false}
              x={right + 6}
              y={height}
              dy="0.32em"
            >
              {series[index]!.label}
            </text>
          ))}
        {cursor !== null && cursor !== undefined && (
          <line
            className={styles.cursor}
            x1={x(cursor)}
            x2={x(cursor)}
            y1={MARGIN.top}
            y2={bottom}
          />
        )}
      </svg>
      <figcaption className={styles.legend}>
        <span>{yLabel}</span>
        {(props.labelled ? [] : series).map((one) => (
          <span key={one.label} className={styles.key}>
            <svg viewBox="0 0 20 4" width="20" height="4" aria-hidden="true">
              <path
                className={styles.curve}
                data-emphasis={one.emphasis ?? false}
                strokeDasharray={one.dashed ? '5 4' : undefined}
                d="M0 2h20"
              />
            </svg>
            {one.label}
          </span>
        ))}
        {band && (
          <span className={styles.key}>
            <span className={styles.bandKey} />
            {band.label}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function lerp([low, high]: readonly [number, number], t: number): number {
  return low + (high - low) * t;
}

function rangeOf(
  series: readonly ChartSeries[],
  band: LineChartProps['band'],
): readonly [number, number] {
  const values = series.flatMap((one) => one.values.filter(Number.isFinite));
  if (band) values.push(band.low, band.high);
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  return [low - margin, high + margin];
}
