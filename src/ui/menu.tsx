import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './class-names';
import { usePortalContainer } from './portal';
import styles from './popup.module.css';

interface MenuProps {
  /** One button; gets aria-expanded and the like. */
  trigger: ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  wide?: boolean;
  children: ReactNode;
}

/** A list of acts under a button. Not modal: the modal one injects a <style>, which our CSP forbids. */
export function Menu({ trigger, align = 'start', side = 'bottom', wide, children }: MenuProps) {
  const container = usePortalContainer();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          className={cx(styles.popup, styles.menu, wide && styles.wide)}
          {...{ align, side }}
          sideOffset={6}
          collisionPadding={8}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  shortcut?: string;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, shortcut, disabled, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={styles.item}
      disabled={disabled ?? false}
      onSelect={() => onSelect()}
    >
      {icon}
      <span className={styles.itemText}>{children}</span>
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
    </DropdownMenu.Item>
  );
}

interface MenuRadioGroupProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; detail?: ReactNode }[];
}

export function MenuRadioGroup<T extends string>(props: MenuRadioGroupProps<T>) {
  return (
    <>
      <DropdownMenu.Label className={styles.groupLabel}>{props.label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup
        value={props.value}
        onValueChange={(next) => {
          const option = props.options.find((candidate) => candidate.value === next);
          if (option) props.onChange(option.value);
        }}
      >
        {props.options.map((option) => (
          <DropdownMenu.RadioItem key={option.value} className={styles.item} value={option.value}>
            <span className={styles.radio} aria-hidden="true" />
            <span className={styles.itemText}>
              {option.label}
              {option.detail !== undefined && (
                <span className={styles.detail}>{option.detail}</span>
              )}
            </span>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className={styles.separator} />;
}
