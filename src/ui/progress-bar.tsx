import { cx } from './class-names';
import { Button } from './button';
import styles from './progress-bar.module.css';

interface ProgressBarProps {
  label: string;
  /** 0 to 1, or null where nobody can tell. */
  fraction: number | null;
  onCancel?: (() => void) | undefined;
  className?: string | undefined;
}

/** A wait that is seen: what is going on, how far it is, and a way out where there is one. */
export function ProgressBar({ label, fraction, onCancel, className }: ProgressBarProps) {
  const percent = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div className={cx(styles.row, className)}>
      <div className={styles.text}>
        <span className={styles.label}>{label}</span>
        {percent !== null && <span className={styles.percent}>{percent} %</span>}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent !== null && { 'aria-valuenow': percent })}
        className={cx(styles.track, percent === null && styles.unknown)}
      >
        <div className={styles.fill} style={{ width: percent === null ? '30%' : `${percent}%` }} />
      </div>
      {onCancel && (
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
