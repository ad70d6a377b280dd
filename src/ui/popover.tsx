import { Popover as Base } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './class-names';
import { usePortalContainer } from './portal';
import styles from './popup.module.css';

interface PopoverProps {
  /** Names the popup for assistive technology. */
  label: string;
  trigger: ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  wide?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

/** A small surface beside its button; Escape and a click outside close it. */
export function Popover(props: PopoverProps) {
  const { label, trigger, align = 'end', side = 'bottom', wide, open, onOpenChange } = props;
  const container = usePortalContainer();
  return (
    <Base.Root
      {...(open !== undefined && { open })}
      {...(onOpenChange !== undefined && { onOpenChange })}
    >
      <Base.Trigger asChild>{trigger}</Base.Trigger>
      <Base.Portal container={container}>
        <Base.Content
          aria-label={label}
          className={cx(styles.popup, styles.body, wide && styles.wide)}
          {...{ align, side }}
          sideOffset={6}
          collisionPadding={8}
        >
          {props.children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
