import { Switch as Base } from 'radix-ui';
import { useId } from 'react';
import styles from './fields.module.css';

interface SwitchProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ label, checked, onChange, disabled }: SwitchProps) {
  const id = useId();
  return (
    <div className={styles.switchRow}>
      <label htmlFor={id}>{label}</label>
      <Base.Root
        id={id}
        className={styles.switch}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
      >
        <Base.Thumb />
      </Base.Root>
    </div>
  );
}
