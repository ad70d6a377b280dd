/**
 * Tooltips of all icon buttons, by one listener for the page: a button only carries `data-tooltip`. Our own
 * because the component library's one costs 16 kB before the first picture, and wraps every button.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { placeTooltip, type TooltipSide } from './tooltip-place';
import styles from './tooltip.module.css';

const HOVER_MS = 400;
/** After one tooltip the next comes at once. */
const WARM_MS = 300;
/** Time to get from the button onto the tooltip itself. */
const LEAVE_MS = 120;

/** Once, in the shell. */
export function TooltipLayer() {
  const [button, setButton] = useState<HTMLElement | null>(null);
  const tooltip = useRef<HTMLDivElement>(null);

  useEffect(() => listen(tooltip.current, setButton), []);

  useLayoutEffect(() => {
    const element = tooltip.current;
    if (!element || !button) return;
    // In the top layer, so that it also shows over a modal dialog.
    element.showPopover();
    const side = (button.dataset.tooltipSide ?? 'bottom') as TooltipSide;
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const room = { width: window.innerWidth, height: window.innerHeight };
    const { left, top } = placeTooltip(button.getBoundingClientRect(), size, side, room);
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
    return () => element.hidePopover();
  }, [button]);

  return (
    // The button's own name says the same: nothing to read out twice.
    <div ref={tooltip} popover="manual" aria-hidden="true" className={styles.tooltip}>
      {button?.dataset.tooltip}
      {button?.dataset.tooltipKey !== undefined && <kbd>{button.dataset.tooltipKey}</kbd>}
    </div>
  );
}

/** Shows on hover after a moment and on keyboard focus at once; Escape, a press and leaving hide it. */
function listen(tooltip: HTMLElement | null, show: (button: HTMLElement | null) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: HTMLElement | null = null;
  let hiddenAt = -Infinity;

  const change = (button: HTMLElement | null, delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (shown && !button) hiddenAt = performance.now();
      shown = button;
      show(button);
    }, delayMs);
  };
  const buttonAt = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null;

  const onPointerOver = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    if (event.target instanceof Node && tooltip?.contains(event.target)) {
      clearTimeout(timer);
      return;
    }
    const button = buttonAt(event.target);
    if (button === shown) clearTimeout(timer);
    else if (button) change(button, performance.now() - hiddenAt < WARM_MS || shown ? 0 : HOVER_MS);
    else change(null, LEAVE_MS);
  };
  const onFocusIn = (event: FocusEvent) => {
    const button = buttonAt(event.target);
    if (button?.matches(':focus-visible')) change(button, 0);
    else if (shown) change(null, 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && shown) change(null, 0);
  };
  const hide = () => change(null, 0);

  document.addEventListener('pointerover', onPointerOver);
  document.addEventListener('focusin', onFocusIn);
  document.addEventListener('keydown', onKeyDown);
  document.addEventListener('pointerdown', hide);
  document.addEventListener('scroll', hide, true);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('pointerover', onPointerOver);
    document.removeEventListener('focusin', onFocusIn);
    document.removeEventListener('keydown', onKeyDown);
    document.removeEventListener('pointerdown', hide);
    document.removeEventListener('scroll', hide, true);
  };
}
