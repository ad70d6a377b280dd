import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './fields.module.css';

interface Segment<T extends string> {
  value: T;
  label: ReactNode;
  /** Read out where the label is an icon or an abbreviation. */
  name?: string;
  disabled?: boolean;
}

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: readonly Segment<T>[];
  onChange: (value: T) => void;
  className?: string;
}

/** One of a few, all in sight. One is always chosen. */
export function SegmentedControl<T extends string>(props: SegmentedProps<T>) {
  const { label, value, options, onChange, className } = props;
  return (
    <ToggleGroup.Root
      type="single"
      className={cx(styles.segments, className)}
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        // Radix reports '' when the chosen one is pressed again.
        const option = options.find((candidate) => candidate.value === next);
        if (option) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          className={styles.segment}
          value={option.value}
          disabled={option.disabled ?? false}
          {...(option.name !== undefined && { 'aria-label': option.name })}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
