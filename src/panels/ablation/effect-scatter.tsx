import { OUTSIDE_WEIGHT } from '../../core/boxes';
import { niceTicks } from '../../ui/chart-math';
import styles from './forget.module.css';
import { formatNumber } from './inspector';

interface EffectScatterProps {
  /** Change of a pixel without each filter, in levels of 255. */
  inside: ArrayLike<number>;
  outside: ArrayLike<number>;
  /** Filters that the rule drops. */
  chosen: readonly number[];
  /** Score on the line that is drawn: above it, filters keep to the boxes. */
  threshold: number;
}

const WIDTH = 400;
const HEIGHT = 236;
const MARGIN = { left: 34, right: 8, top: 24, bottom: 34 };

/** A dot for each filter: what it changes inside the boxes over what it changes outside. */
export function EffectScatter({ inside, outside, chosen, threshold }: EffectScatterProps) {
  const largest = Math.max(1, ...Array.from(inside), ...Array.from(outside));
  const x = (value: number) =>
    MARGIN.left + (value / largest) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - (value / largest) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const dropped = new Set(chosen);
  const filters = Array.from({ length: inside.length }, (_, filter) => filter);
  // Those to be dropped lie on top.
  const order = filters.sort((a, b) => Number(dropped.has(a)) - Number(dropped.has(b)));
  // Where inside = threshold + 1.5 × outside enters and leaves the square.
  const from = Math.max(0, -threshold / OUTSIDE_WEIGHT);
  const to = Math.min(largest, (largest - threshold) / OUTSIDE_WEIGHT);
  const line = (value: number) => threshold + OUTSIDE_WEIGHT * value;
  return (
    <svg
      className={styles.histogram}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Change inside the boxes against change outside, ${inside.length} filters, ${dropped.size} to be dropped`}
    >
      {niceTicks(0, largest, 4).map((tick) => (
        <g key={tick}>
          <line
            className={styles.rule}
            x1={MARGIN.left}
            x2={WIDTH - MARGIN.right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text className={styles.axisText} x={MARGIN.left - 5} y={y(tick) + 4} textAnchor="end">
            {tick}
          </text>
          <text
            className={styles.axisText}
            x={x(tick)}
            y={HEIGHT - MARGIN.bottom + 14}
            textAnchor="middle"
          >
            {tick}
          </text>
        </g>
      ))}
      {to > from && (
        <line
          className={styles.threshold}
          x1={x(from)}
          y1={y(line(from))}
          x2={x(to)}
          y2={y(line(to))}
        />
      )}
      {order.map((filter) => (
        <circle
          key={filter}
          className={dropped.has(filter) ? styles.barDropped : styles.bar}
          cx={x(outside[filter]!)}
          cy={y(inside[filter]!)}
          r={3}
        >
          <title>
            {`Filter ${filter}: ${formatNumber(inside[filter]!)} inside, ${formatNumber(outside[filter]!)} outside`}
          </title>
        </circle>
      ))}
      <text
        className={styles.axisText}
        x={(WIDTH + MARGIN.left) / 2}
        y={HEIGHT - 4}
        textAnchor="middle"
      >
        change outside, of 255
      </text>
      <text className={styles.axisText} x={0} y={12}>
        change inside the boxes, of 255
      </text>
    </svg>
  );
}
