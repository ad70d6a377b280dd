import type { ComponentProps } from 'react';
import { cx } from './class-names';
import styles from './fields.module.css';

interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
}

/** One line of text; the label is read out, show a visible one beside it where there is room. */
export function TextField({ label, className, ...rest }: TextFieldProps) {
  return (
    <input
      aria-label={label}
      autoComplete="off"
      spellCheck={false}
      className={cx(styles.input, className)}
      {...rest}
    />
  );
}
