import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Button } from './button';
import { CloseIcon } from './icons';
import { PortalContext } from './portal';
import styles from './dialog.module.css';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  footer?: ReactNode;
  /** The element with `data-autofocus` inside gets the focus; else the text, so that arrows scroll it. */
  children: ReactNode;
}

/**
 * A modal dialog on the browser's own <dialog>: it keeps the focus inside, makes the rest inert, and gives
 * the focus back. (The component library's one injects a <style>, which a strict CSP forbids.)
 */
export function Dialog({ open, onClose, title, footer, children }: DialogProps) {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();

  useEffect(() => {
    if (!dialog || !open) return;
    dialog.showModal();
    const first = dialog.querySelector<HTMLElement>('[data-autofocus]') ?? body.current;
    first?.focus();
    return () => dialog.close();
  }, [dialog, open]);

  return (
    <dialog
      ref={setDialog}
      className={styles.dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // Also fired by a cancelled file picker inside.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The backdrop belongs to the dialog element itself; its content fills the rest.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {open && (
        <PortalContext value={dialog}>
          <div className={styles.frame}>
            <div className={styles.head}>
              <h2 id={titleId}>{title}</h2>
              <Button look="quiet" className={styles.close} aria-label="Close" onClick={onClose}>
                <CloseIcon />
              </Button>
            </div>
            <div ref={body} className={styles.body} tabIndex={0}>
              {children}
            </div>
            {footer !== undefined && <div className={styles.foot}>{footer}</div>}
          </div>
        </PortalContext>
      )}
    </dialog>
  );
}
