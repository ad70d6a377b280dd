import { linePath, niceTicks } from '../../ui/chart-math';
import styles from './turn-chart.module.css';

interface TurnChartProps {
  /** Said in place of the picture. */
  summary: string;
  /** One line a face, in equal steps. */
  rows: readonly (readonly number[])[];
  mean: readonly number[];
  reach: number;
  yRange: readonly [low: number, high: number];
  /** Where the slider stands; null beyond the rows. */
  cursor: number | null;
}

const WIDTH = 220;
const HEIGHT = 150;
const MARGIN = { top: 6, right: 6, bottom: 18, left: 30 };

/** The judge's number against the step; drawn for a narrow column, where the page's wide chart has no room. */
export function TurnChart({ summary, rows, mean, reach, yRange, cursor }: TurnChartProps) {
  const [low, high] = yRange;
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (step: number) => MARGIN.left + ((step + reach) / (2 * reach)) * (right - MARGIN.left);
  const y = (value: number) => bottom - ((value - low) / (high - low || 1)) * (bottom - MARGIN.top);
  const path = (values: readonly number[]) =>
    linePath(values, (at, count) => x(reach * ((2 * at) / Math.max(1, count - 1) - 1)), y);
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={summary}
    >
      {niceTicks(low, high, 4).map((tick) => (
        <g key={tick}>
          <line className={styles.rule} x1={MARGIN.left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text
            className={styles.tick}
            x={MARGIN.left - 5}
            y={y(tick)}
            textAnchor="end"
            dy="0.32em"
          >
            {String(tick).replace('-', '−')}
          </text>
        </g>
      ))}
      {[-reach, 0, reach].map((step) => (
        <text key={step} className={styles.tick} x={x(step)} y={HEIGHT - 4} textAnchor="middle">
          {String(step).replace('-', '−')}
        </text>
      ))}
      {rows.map((values, at) => (
        <path key={at} className={styles.face} d={path(values)} />
      ))}
      <path className={styles.mean} d={path(mean)} />
      {cursor !== null && (
        <line className={styles.cursor} x1={x(cursor)} x2={x(cursor)} y1={MARGIN.top} y2={bottom} />
      )}
    </svg>
  );
}
