import type { ReactNode } from 'react';
import styles from './message.module.css';

/** What stands on the stage when the panel cannot: why, and what to do. */
export function Message(props: { title: string; role?: 'alert' | 'status'; children: ReactNode }) {
  return (
    <div className={styles.message} role={props.role}>
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}
