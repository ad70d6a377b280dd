import { Slider as Base } from 'radix-ui';
import { useId, type ReactNode } from 'react';
import { NumberField } from './number-field';
import styles from './fields.module.css';

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** On every move. */
  onChange: (value: number) => void;
  /** On release: for what belongs into the history rather than on the screen. */
  onCommit?: (value: number) => void;
  unit?: string;
  format?: (value: number) => string;
  /** A place worth finding again, drawn as a tick (the default, the prior's own value). */
  mark?: number;
  disabled?: boolean;
  /** Beside the number. */
  aside?: ReactNode;
}

/** Label, number to type, and a slider: arrows step, PageUp and PageDown leap, Home and End jump. */
export function Slider(props: SliderProps) {
  const { label, value, min, max, step, onChange, onCommit, unit, format, mark, disabled } = props;
  const id = useId();
  const valueText = `${format ? format(value) : value}${unit ? ` ${unit}` : ''}`;
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <span id={id} className={styles.label}>
          {label}
        </span>
        <span className={styles.value}>
          {props.aside}
          <NumberField
            className={styles.inHead}
            label={`${label}, number`}
            {...{ value, min, max, step, format }}
            onChange={(next) => {
              onChange(next);
              onCommit?.(next);
            }}
          />
          {unit && <span className={styles.unit}>{unit}</span>}
        </span>
      </div>
      <Base.Root
        className={styles.slider}
        value={[value]}
        {...{ min, max, step }}
        disabled={disabled ?? false}
        onValueChange={([next]) => next !== undefined && onChange(next)}
        onValueCommit={([next]) => next !== undefined && onCommit?.(next)}
      >
        <Base.Track className={styles.track}>
          <Base.Range className={styles.range} />
          {mark !== undefined && (
            <span
              className={styles.mark}
              style={{ left: `${((mark - min) / (max - min)) * 100}%` }}
            />
          )}
        </Base.Track>
        <Base.Thumb className={styles.thumb} aria-labelledby={id} aria-valuetext={valueText} />
      </Base.Root>
    </div>
  );
}
