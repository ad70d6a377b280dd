import { useId, type ReactNode } from 'react';
import styles from './fields.module.css';

/** A visible label over any control that has its own accessible name. */
export function Field(props: { label: ReactNode; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <div className={styles.field} role="group" aria-labelledby={id}>
      <div className={styles.head}>
        <span id={id} className={styles.label}>
          {props.label}
        </span>
        {props.aside}
      </div>
      {props.children}
    </div>
  );
}
