import { Slider as Base } from 'radix-ui';
import { cx } from './class-names';
import styles from './fields.module.css';

interface TrackSliderProps {
  /** Read out; show a visible one beside it where there is room. */
  label: string;
  /** A whole number from 0 to `max`. */
  value: number;
  max: number;
  /** The value in words. */
  valueText: string;
  disabled?: boolean;
  onChange: (value: number) => void;
  className?: string | undefined;
}

/** More would run together. */
const MOST_TICKS = 24;

/** A slider over numbered places, each of them a tick: no number to type. */
export function TrackSlider(props: TrackSliderProps) {
  const { label, value, max, valueText, disabled, onChange, className } = props;
  return (
    <Base.Root
      className={cx(styles.slider, className)}
      value={[value]}
      min={0}
      max={max}
      step={1}
      disabled={disabled ?? false}
      onValueChange={([next]) => next !== undefined && onChange(next)}
    >
      <Base.Track className={styles.track}>
        <Base.Range className={styles.range} />
        {max <= MOST_TICKS &&
          Array.from({ length: max + 1 }, (_, place) => (
            <span key={place} className={styles.mark} style={{ left: `${(place / max) * 100}%` }} />
          ))}
      </Base.Track>
      <Base.Thumb className={styles.thumb} aria-label={label} aria-valuetext={valueText} />
    </Base.Root>
  );
}
