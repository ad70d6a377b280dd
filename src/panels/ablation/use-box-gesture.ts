import { useRef, useState, type PointerEvent, type RefObject } from 'react';
import { normalizeBox, type Box, type Size } from '../../core/boxes';
import { dragCorner, moveBox, sameBox, type Handle, type Point } from './box-math';

type Start =
  | { kind: 'draw'; from: Point }
  | { kind: 'move'; from: Point; index: number; box: Box }
  | { kind: 'corner'; index: number; box: Box; handle: Handle };

/** Pixels of the picture below which a stroke counts as a click. */
const SMALLEST = 2;

interface BoxGestureOptions {
  overlay: RefObject<SVGSVGElement | null>;
  size: Size;
  sample: number;
  boxes: readonly Box[];
  onSelect: (index: number | null) => void;
  onChange: (boxes: readonly Box[], step: boolean) => void;
}

/** Draws, moves and resizes boxes with one pointer at a time: mouse, pen or the first finger. */
export function useBoxGesture(options: BoxGestureOptions) {
  const { overlay, size, sample, boxes, onSelect, onChange } = options;
  const running = useRef<{ start: Start; pointerId: number; changed: boolean } | null>(null);
  /** The box that is being drawn. */
  const [draft, setDraft] = useState<Box | null>(null);

  const pointOf = (event: PointerEvent): Point => {
    const rect = overlay.current?.getBoundingClientRect();
    if (!rect) return { x: 0, y: 0 };
    return {
      x: ((event.clientX - rect.left) / rect.width) * size.width,
      y: ((event.clientY - rect.top) / rect.height) * size.height,
    };
  };

  const begin = (event: PointerEvent<SVGElement>, start: Start) => {
    event.stopPropagation();
    // A second finger waits until the first is up.
    if (event.button !== 0 || running.current) return;
    event.preventDefault();
    overlay.current?.setPointerCapture(event.pointerId);
    running.current = { start, pointerId: event.pointerId, changed: false };
    if (start.kind === 'move') {
      event.currentTarget.focus();
      onSelect(start.index);
    }
  };
  const ofRun = (event: PointerEvent) =>
    running.current?.pointerId === event.pointerId ? running.current : null;

  const onPointerMove = (event: PointerEvent) => {
    const run = ofRun(event);
    if (!run) return;
    const { start } = run;
    const at = pointOf(event);
    if (start.kind === 'draw') {
      setDraft(stroke(sample, start.from, at));
      return;
    }
    const box =
      start.kind === 'move'
        ? moveBox(start.box, Math.round(at.x - start.from.x), Math.round(at.y - start.from.y), size)
        : normalizeBox(dragCorner(start.box, start.handle, at), size);
    // A finger that only taps moves a little: no change, no step of undo, and the fit stays.
    if (!run.changed && sameBox(box, start.box)) return;
    onChange(
      boxes.map((one, index) => (index === start.index ? box : one)),
      !run.changed,
    );
    run.changed = true;
  };

  const onPointerUp = (event: PointerEvent) => {
    const run = ofRun(event);
    if (!run) return;
    running.current = null;
    setDraft(null);
    if (run.start.kind !== 'draw') return;
    const box = stroke(sample, run.start.from, pointOf(event));
    if (Math.abs(box.x1 - box.x0) < SMALLEST || Math.abs(box.y1 - box.y0) < SMALLEST) {
      onSelect(null);
      return;
    }
    onChange([...boxes, normalizeBox(box, size)], true);
    onSelect(boxes.length);
  };

  /** The browser took the pointer away: what was being drawn is not meant. */
  const onPointerCancel = (event: PointerEvent) => {
    if (!ofRun(event)) return;
    running.current = null;
    setDraft(null);
  };

  return { draft, begin, pointOf, handlers: { onPointerMove, onPointerUp, onPointerCancel } };
}

function stroke(sample: number, from: Point, to: Point): Box {
  return { sample, x0: from.x, y0: from.y, x1: to.x, y1: to.y };
}
