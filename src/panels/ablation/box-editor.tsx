import { useEffect, useRef, type KeyboardEvent } from 'react';
import { normalizeBox, type Box } from '../../core/boxes';
import { cx } from '../../ui/class-names';
import { paintCanvas } from '../../ui/image-canvas';
import styles from './forget.module.css';
import { boxAfterKey, cornerOf, handleRadius, HANDLES } from './box-math';
import type { Rgba } from './paint';
import { useBoxGesture } from './use-box-gesture';

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

/** One sample, large, with its boxes: drawn, moved and resized by mouse, touch and keyboard. */
export function BoxEditor(props: BoxEditorProps) {
  const { sample, picture, width, height, boxes, selected, onSelect, onChange } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<SVGSVGElement>(null);
  const size = { width, height };
  const { draft, begin, pointOf, handlers } = useBoxGesture({
    ...{ overlay, size, sample, boxes, onSelect, onChange },
  });

  useEffect(() => {
    if (canvas.current && picture) paintCanvas(canvas.current, picture, width, height);
  }, [picture, width, height]);

  const replace = (index: number, box: Box, step: boolean) =>
    onChange(
      boxes.map((one, i) => (i === index ? normalizeBox(box, size) : one)),
      step,
    );
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
        onPointerDown={(event) => begin(event, { kind: 'draw', from: pointOf(event) })}
        {...handlers}
      >
        {shown.map(({ box, index }, place) => (
          <rect
            key={index}
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
            onPointerDown={(event) =>
              begin(event, { kind: 'move', from: pointOf(event), index, box })
            }
          />
        ))}
        {/* Over all boxes, so that none covers a handle. */}
        {shown
          .filter(({ index }) => index === selected)
          .map(({ box, index }) =>
            HANDLES.map((handle) => {
              const { x, y } = cornerOf(box, handle);
              const r = handleRadius(box, size);
              return (
                <circle
                  key={handle}
                  className={styles.handle}
                  data-handle={handle}
                  cx={x}
                  cy={y}
                  r={r}
                  strokeWidth={2 * r}
                  onPointerDown={(event) => begin(event, { kind: 'corner', index, box, handle })}
                />
              );
            }),
          )}
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
