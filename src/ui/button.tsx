import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names';
import type { TooltipSide } from './tooltip-place';
import styles from './button.module.css';

type Look = 'primary' | 'plain' | 'quiet';

export interface ButtonProps extends ComponentProps<'button'> {
  /** 'primary' once a view at most: the main act. 'quiet' has no edge until it is hovered. */
  look?: Look;
  icon?: ReactNode;
  /** A toggle: sets aria-pressed and shows it. */
  pressed?: boolean | undefined;
}

export function Button({
  look = 'plain',
  icon,
  pressed,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      className={cx(styles.button, styles[look], className)}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** The name: read out, and shown as tooltip (TooltipLayer). */
  label: string;
  /** Shown in the tooltip; the key itself is bound by useShortcuts. */
  shortcut?: string | undefined;
  side?: TooltipSide;
  children: ReactNode;
}

export function IconButton(props: IconButtonProps) {
  const { label, shortcut, side, look = 'quiet', pressed, className, children, ...rest } = props;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      data-tooltip={label}
      data-tooltip-key={shortcut}
      data-tooltip-side={side}
      className={cx(styles.button, styles.icon, styles[look], className)}
      {...rest}
    >
      {children}
    </button>
  );
}
