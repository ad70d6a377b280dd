import { Tooltip as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { usePortalContainer } from './portal';
import styles from './tooltip.module.css';

/** Once, around the whole page. */
export function TooltipProvider(props: { children: ReactNode }) {
  return (
    <Base.Provider delayDuration={400} skipDelayDuration={200}>
      {props.children}
    </Base.Provider>
  );
}

interface TooltipProps {
  label: ReactNode;
  shortcut?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that takes a ref and can have the focus. */
  children: ReactNode;
}

/** A word on what a control does. Never the only place where something stands: touch has no hover. */
export function Tooltip({ label, shortcut, side = 'bottom', children }: TooltipProps) {
  const container = usePortalContainer();
  return (
    <Base.Root>
      <Base.Trigger asChild>{children}</Base.Trigger>
      <Base.Portal container={container}>
        <Base.Content className={styles.content} side={side} sideOffset={6} collisionPadding={8}>
          {label}
          {shortcut !== undefined && <kbd>{shortcut}</kbd>}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
