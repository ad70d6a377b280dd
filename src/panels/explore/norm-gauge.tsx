import styles from './norm-gauge.module.css';

interface NormGaugeProps {
  norm: number;
  /** Where 95 % of the prior's samples lie. */
  shell: { low: number; high: number };
}

/** |z| on a scale from 0, against the shell that the prior's samples lie on. */
export function NormGauge({ norm, shell }: NormGaugeProps) {
  const top = Math.max(shell.high * 1.6, norm * 1.05);
  const percent = (value: number) => `${((value / top) * 100).toFixed(2)}%`;
  // The sphere has no thickness; a strip that can be seen stands for it.
  const width = Math.max(shell.high - shell.low, top * 0.012);
  const inside = norm >= shell.low - 1e-3 && norm <= shell.high + 1e-3;
  const place = inside
    ? 'on the shell'
    : norm < shell.low
      ? 'inside the shell'
      : 'outside the shell';
  return (
    <div
      className={styles.gauge}
      role="img"
      aria-label={`Length of z: ${norm.toFixed(2)}, ${place} of the prior, ${shell.low.toFixed(1)} to ${shell.high.toFixed(1)}`}
      data-testid="norm-gauge"
    >
      <div className={styles.scale}>
        <span
          className={styles.shell}
          style={{ left: percent(shell.low), width: percent(width) }}
        />
        <span className={styles.marker} style={{ left: percent(norm) }} />
      </div>
      <p className={styles.text}>
        <span>
          |z| <strong>{norm.toFixed(2)}</strong>
        </span>
        <span>{place}</span>
      </p>
    </div>
  );
}
