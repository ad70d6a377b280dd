import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { normalizeBox, type Box } from '../../core/boxes';
import { cx } from '../../ui/class-names';
import { paintCanvas } from '../../ui/image-canvas';
import styles from './forget.module.css';
import {
  boxAfterKey,
  cornerOf,
  dragCorner,
  HANDLES,
  moveBox,
  type Handle,
  type Point,
} from './box-math';
import type { Rgba } from './paint';

interface BoxEditorProps {
  sample: number;
  picture: Rgba | null;
  width: number;
  height: number;
  /** All boxes; those of the sample are shown. */
  boxes: readonly Box[];
  selected: number | null;
  onSelect: (index: number | null) => void;
  /** `step`: the first change of a gesture, which undo returns to. */
  onChange: (boxes: readonly Box[], step: boolean) => void;
}

type Gesture =
  | { kind: 'draw'; from: Point; index: number }
  | { kind: 'move'; from: Point; index: number; box: Box }
  | { kind: 'corner'; index: number; box: Box; handle: Handle };

/** Pixels of the picture below which a stroke counts as a click. */
const SMALLEST = 2;

/** One sample, large, with its boxes: drawn, moved and resized by mouse, touch and keyboard. */
export function BoxEditor(props: BoxEditorProps) {
  const { sample, picture, width, height, boxes, selected, onSelect, onChange } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<SVGSVGElement>(null);
  const gesture = useRef<Gesture | null>(null);
  /** A box that is being drawn and is too small to count yet. */
  const [draft, setDraft] = useState<Box | null>(null);

  useEffect(() => {
    if (canvas.current && picture) paintCanvas(canvas.current, picture, width, height);
  }, [picture, width, height]);

  const size = { width, height };
  const pointOf = (event: PointerEvent): Point => {
    const rect = overlay.current?.getBoundingClientRect();
    if (!rect) return { x: 0, y: 0 };
    return {
      x: ((event.clientX - rect.left) / rect.width) * width,
      y: ((event.clientY - rect.top) / rect.height) * height,
    };
  };
  const replace = (index: number, box: Box, step: boolean) =>
    onChange(
      boxes.map((one, i) => (i === index ? normalizeBox(box, size) : one)),
      step,
    );

  const begin = (event: PointerEvent, next: Gesture) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    overlay.current?.setPointerCapture(event.pointerId);
    gesture.current = next;
  };
  const isFirst = useRef(true);
  const onPointerMove = (event: PointerEvent) => {
    const run = gesture.current;
    if (!run) return;
    const at = pointOf(event);
    if (run.kind === 'draw') {
      setDraft({ sample, x0: run.from.x, y0: run.from.y, x1: at.x, y1: at.y });
      return;
    }
    const box =
      run.kind === 'move'
        ? moveBox(run.box, Math.round(at.x - run.from.x), Math.round(at.y - run.from.y), size)
        : dragCorner(run.box, run.handle, at);
    replace(run.index, box, isFirst.current);
    isFirst.current = false;
  };
  const onPointerUp = () => {
    const run = gesture.current;
    gesture.current = null;
    isFirst.current = true;
    setDraft(null);
    if (run?.kind !== 'draw') return;
    const big =
      draft !== null &&
      Math.abs(draft.x1 - draft.x0) >= SMALLEST &&
      Math.abs(draft.y1 - draft.y0) >= SMALLEST;
    if (!big) {
      onSelect(null);
      return;
    }
    onChange([...boxes, normalizeBox(draft, size)], true);
    onSelect(boxes.length);
  };
  const onBoxKey = (event: KeyboardEvent, index: number) => {
    const box = boxes[index]!;
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      onChange(
        boxes.filter((_, i) => i !== index),
        true,
      );
      onSelect(null);
      return;
    }
    const next = boxAfterKey(box, event.key, { shift: event.shiftKey, alt: event.altKey }, size);
    if (!next) return;
    event.preventDefault();
    replace(index, next, !event.repeat);
  };

  const shown = boxes.flatMap((box, index) => (box.sample === sample ? [{ box, index }] : []));
  return (
    <div className={styles.editor} style={{ aspectRatio: `${width} / ${height}` }}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Sample ${sample}, ${shown.length} ${shown.length === 1 ? 'box' : 'boxes'}`}
      />
      <svg
        ref={overlay}
        viewBox={`0 0 ${width} ${height}`}
        className={styles.overlay}
        data-testid="box-editor"
        role="group"
        aria-label={`Boxes on sample ${sample}. Drag to draw one.`}
        onPointerDown={(event) => {
          begin(event, { kind: 'draw', from: pointOf(event), index: -1 });
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
      >
        {shown.map(({ box, index }, place) => (
          <g key={index}>
            <rect
              className={cx(styles.box, index === selected && styles.selectedBox)}
              role="button"
              tabIndex={0}
              data-box={index}
              aria-label={`Box ${place + 1}: left ${box.x0}, top ${box.y0}, ${box.x1 - box.x0} wide, ${box.y1 - box.y0} high`}
              aria-pressed={index === selected}
              x={box.x0}
              y={box.y0}
              width={box.x1 - box.x0}
              height={box.y1 - box.y0}
              onFocus={() => onSelect(index)}
              onKeyDown={(event) => onBoxKey(event, index)}
              onPointerDown={(event) => {
                onSelect(index);
                event.currentTarget.focus();
                begin(event, { kind: 'move', from: pointOf(event), index, box });
              }}
            />
            {index === selected &&
              HANDLES.map((handle) => {
                const { x, y } = cornerOf(box, handle);
                return (
                  <circle
                    key={handle}
                    className={styles.handle}
                    data-handle={handle}
                    cx={x}
                    cy={y}
                    r={1.3}
                    onPointerDown={(event) => begin(event, { kind: 'corner', index, box, handle })}
                  />
                );
              })}
          </g>
        ))}
        {draft && (
          <rect
            className={styles.box}
            x={Math.min(draft.x0, draft.x1)}
            y={Math.min(draft.y0, draft.y1)}
            width={Math.abs(draft.x1 - draft.x0)}
            height={Math.abs(draft.y1 - draft.y0)}
          />
        )}
      </svg>
    </div>
  );
}
