import { cx } from './class-names';
import { ChevronDownIcon } from './icons';
import styles from './fields.module.css';

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; disabled?: boolean }[];
  onChange: (value: T) => void;
  className?: string;
}

/** One of many: the browser's own list, which phones and screen readers know best. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, className } = props;
  return (
    <span className={cx(styles.selectBox, className)}>
      <select
        aria-label={label}
        className={styles.select}
        value={value}
        onChange={(event) => {
          const next = options.find((option) => option.value === event.currentTarget.value);
          if (next) onChange(next.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDownIcon />
    </span>
  );
}
