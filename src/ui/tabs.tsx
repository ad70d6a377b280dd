import { Tabs as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './tabs.module.css';

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: readonly { value: T; label: ReactNode; content: ReactNode }[];
  /** At the right end of the row of tabs. */
  aside?: ReactNode;
  className?: string | undefined;
}

export function Tabs<T extends string>(props: TabsProps<T>) {
  const { label, value, onChange, tabs, aside, className } = props;
  return (
    <Base.Root
      className={cx(styles.root, className)}
      value={value}
      onValueChange={(next) => {
        const tab = tabs.find((candidate) => candidate.value === next);
        if (tab) onChange(tab.value);
      }}
    >
      <div className={styles.head}>
        <Base.List className={styles.list} aria-label={label}>
          {tabs.map((tab) => (
            <Base.Trigger key={tab.value} className={styles.tab} value={tab.value}>
              {tab.label}
            </Base.Trigger>
          ))}
        </Base.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        // Not a tab stop itself: what is inside is.
        <Base.Content key={tab.value} className={styles.content} value={tab.value} tabIndex={-1}>
          {tab.content}
        </Base.Content>
      ))}
    </Base.Root>
  );
}
