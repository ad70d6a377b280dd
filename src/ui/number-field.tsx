import { useState, type KeyboardEvent } from 'react';
import { cx } from './class-names';
import styles from './fields.module.css';

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
  format?: ((value: number) => string) | undefined;
  className?: string | undefined;
  id?: string;
}

/** A number to type: taken over on Enter and on leaving; arrows step. What is no number is put back. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, min, max, step, onChange, className, id } = props;
  const format = props.format ?? formatPlain;
  const [draft, setDraft] = useState<string | null>(null);

  const commit = (text: string) => {
    setDraft(null);
    const parsed = Number(text.trim().replace(',', '.').replace('−', '-'));
    if (text.trim() !== '' && Number.isFinite(parsed)) onChange(clamp(parsed, min, max));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') commit(event.currentTarget.value);
    if (event.key === 'Escape') setDraft(null);
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction !== 0) {
      event.preventDefault();
      setDraft(null);
      const factor = event.shiftKey ? 10 : 1;
      onChange(clamp(roundTo(value + direction * step * factor, step), min, max));
    }
  };

  return (
    <input
      id={id}
      className={cx(styles.input, styles.number, className)}
      aria-label={label}
      inputMode={Number.isInteger(step) && min >= 0 ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      value={draft ?? format(value)}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => {
        if (draft !== null) commit(event.currentTarget.value);
      }}
      onKeyDown={onKeyDown}
    />
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Rounds to a whole number of steps without leaving 0.30000000000000004 behind. */
function roundTo(value: number, step: number): number {
  const decimals = Math.max(0, -Math.floor(Math.log10(step)) + 2);
  return Number((Math.round(value / step) * step).toFixed(Math.min(decimals, 12)));
}

function formatPlain(value: number): string {
  return String(value).replace('-', '−');
}
