import type { ReactNode } from 'react';
import styles from './panel-layout.module.css';

interface PanelLayoutProps {
  /** The panel's own controls, in order of use: they stay in lecture mode. */
  controls: ReactNode;
  /** What a first visitor and an audience can do without: gone in lecture mode. */
  more?: ReactNode;
  /** A row along the bottom of the stage: a transport bar, a film strip. */
  footer?: ReactNode;
  /** The stage: what the panel shows. */
  children: ReactNode;
}

/**
 * Inside of a panel: a column of controls and the stage. Title, summary and the notes margin come from the
 * PanelDefinition and are drawn around this by the shell. On a narrow page the stage comes first and the
 * controls follow.
 */
export function PanelLayout({ controls, more, footer, children }: PanelLayoutProps) {
  return (
    <div className={styles.layout}>
      <div className={styles.stage}>
        <div className={styles.main}>{children}</div>
        {footer !== undefined && <div className={styles.footer}>{footer}</div>}
      </div>
      <div className={styles.controls}>
        {controls}
        {more !== undefined && <div className={styles.more}>{more}</div>}
      </div>
    </div>
  );
}

/** A group of controls under a small heading. */
export function ControlGroup(props: { title?: string; children: ReactNode }) {
  return (
    <section className={styles.group}>
      {props.title !== undefined && <h2 className={styles.groupTitle}>{props.title}</h2>}
      {props.children}
    </section>
  );
}

/** Buttons side by side, wrapping where they must. */
export function ButtonRow(props: { children: ReactNode }) {
  return <div className={styles.buttons}>{props.children}</div>;
}
