import {
  memo,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  type RefObject,
} from 'react';
import type { RgbaImages } from '../engine/api';
import { cx } from './class-names';
import { paintCanvas } from './image-canvas';
import { useLatentDrag, type LatentPayload } from './latent-drag';
import { largestCells, nextIndex, type GridRoom } from './grid-math';
import styles from './thumb-grid.module.css';
import { useSize } from './use-size';

export interface ThumbGridHandle {
  /** Paints consecutive cells from `firstIndex` on; bypasses React. */
  paint(firstIndex: number, images: RgbaImages): void;
  /** Says that all pictures are overtaken; they stay until they are painted over. */
  markStale(): void;
  /** PNG data URL of a cell, or '' before it was painted. */
  thumbnail(index: number): string;
  focus(index: number): void;
}

interface ThumbGridProps {
  ref?: Ref<ThumbGridHandle>;
  label: string;
  count: number;
  /** Width of a picture by its height. */
  aspect?: number;
  /** Fixed number of columns; absent: as many as make the pictures largest in the room there is. */
  columns?: number | undefined;
  /** Smallest width of a cell in CSS pixels; below it the grid scrolls. */
  minCell?: number;
  selected: readonly number[];
  /** Click, Enter and Space; arrows too where `followFocus` is set. `toggle`: with Ctrl or ⌘. */
  onSelect: (index: number, how: { toggle: boolean }) => void;
  followFocus?: boolean;
  multiple?: boolean;
  cellLabel: (index: number) => string;
  /** Makes the cells draggable. */
  getPayload?: (index: number) => LatentPayload | null;
  /** Small text over a cell's corner. */
  badge?: ((index: number) => string | null) | undefined;
  className?: string | undefined;
}

/** Pictures to choose from: one tab stop, arrows, Home and End move, Enter or Space choose. */
export function ThumbGrid(props: ThumbGridProps) {
  const { ref, label, count, aspect = 1, minCell = 40, selected, onSelect, followFocus } = props;
  const { getPayload, badge, multiple = false, cellLabel, className } = props;
  const [current, setCurrent] = useState(0);
  const boxRef = useRef<HTMLDivElement>(null);
  const { columns, cellWidth } = useGridSize(boxRef, {
    count,
    aspect,
    minCell,
    columns: props.columns,
  });
  const { focusCell, registerCell, registerCanvas } = useGridElements(ref, setCurrent);

  const active = Math.min(selected[0] ?? current, count - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return;
    const index = Number((event.target as HTMLElement).dataset.index);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(index, { toggle: event.ctrlKey || (multiple && event.key === ' ') });
      return;
    }
    const next = nextIndex(event.key, index, columns, count);
    if (next === null) return;
    event.preventDefault();
    setCurrent(next);
    focusCell(next);
    if (followFocus) onSelect(next, { toggle: false });
  };

  const select = useRef(onSelect);
  useEffect(() => {
    select.current = onSelect;
  });
  const onCellClick = useCallback((index: number, event: MouseEvent) => {
    setCurrent(index);
    select.current(index, { toggle: event.ctrlKey || event.metaKey });
  }, []);

  const tabStop = followFocus ? active : Math.min(current, count - 1);
  return (
    <div ref={boxRef} className={cx(styles.box, className)}>
      <div
        className={styles.grid}
        role="listbox"
        aria-label={label}
        aria-multiselectable={multiple}
        aria-orientation="horizontal"
        style={{ gridTemplateColumns: `repeat(${columns}, ${cellWidth}px)` }}
        onKeyDown={onKeyDown}
      >
        {Array.from({ length: count }, (_, index) => (
          <ThumbCell
            key={index}
            index={index}
            name={cellLabel(index)}
            aspect={aspect}
            selected={selected.includes(index)}
            tabStop={index === tabStop}
            badge={badge?.(index) ?? null}
            getPayload={getPayload}
            onClick={onCellClick}
            onCell={registerCell}
            onCanvas={registerCanvas}
          />
        ))}
      </div>
    </div>
  );
}

interface ThumbCellProps {
  index: number;
  name: string;
  aspect: number;
  selected: boolean;
  tabStop: boolean;
  badge: string | null;
  getPayload: ((index: number) => LatentPayload | null) | undefined;
  onClick: (index: number, event: MouseEvent) => void;
  onCell: (index: number, element: HTMLElement | null) => void;
  onCanvas: (index: number, element: HTMLCanvasElement | null) => void;
}

const ThumbCell = memo(function ThumbCell(props: ThumbCellProps) {
  const { index, name, aspect, selected, tabStop, badge, getPayload, onCell, onCanvas } = props;
  const [gridId] = useState(() => `thumb-${String(nextGridId++)}`);
  const { setNodeRef, listeners, isDragging } = useLatentDrag(
    gridId,
    () => getPayload?.(index) ?? null,
    getPayload === undefined,
  );
  return (
    <div
      ref={(element) => {
        setNodeRef(element);
        onCell(index, element);
      }}
      className={cx(styles.cell, isDragging && styles.dragging)}
      role="option"
      aria-label={name}
      aria-selected={selected}
      tabIndex={tabStop ? 0 : -1}
      data-index={index}
      style={{ aspectRatio: String(aspect) }}
      onClick={(event) => props.onClick(index, event)}
      {...listeners}
    >
      <canvas ref={(element) => onCanvas(index, element)} data-testid="face" />
      {badge !== null && <span className={styles.badge}>{badge}</span>}
    </div>
  );
});

let nextGridId = 0;

function useGridSize(
  boxRef: RefObject<HTMLDivElement | null>,
  room: Omit<GridRoom, 'width' | 'height'>,
) {
  return largestCells({ ...useSize(boxRef), ...room });
}

/** The cells' elements, and the handle that paints on them. */
function useGridElements(
  ref: Ref<ThumbGridHandle> | undefined,
  setCurrent: (index: number) => void,
) {
  const cells = useRef<(HTMLElement | null)[]>([]);
  const canvases = useRef<(HTMLCanvasElement | null)[]>([]);
  const registerCell = useCallback((index: number, element: HTMLElement | null) => {
    cells.current[index] = element;
  }, []);
  const registerCanvas = useCallback((index: number, element: HTMLCanvasElement | null) => {
    canvases.current[index] = element;
  }, []);
  const focusCell = useCallback((index: number) => cells.current[index]?.focus(), []);

  useImperativeHandle(ref, () => ({
    paint(firstIndex, images) {
      const stride = images.width * images.height * 4;
      for (let i = 0; i < images.count; i++) {
        const canvas = canvases.current[firstIndex + i];
        const pixels = images.data.subarray(i * stride, (i + 1) * stride);
        if (canvas) paintCanvas(canvas, pixels, images.width, images.height);
      }
    },
    markStale() {
      for (const canvas of canvases.current) {
        if (canvas?.dataset.painted) canvas.dataset.painted = 'false';
      }
    },
    thumbnail(index) {
      const canvas = canvases.current[index];
      return canvas?.dataset.painted ? canvas.toDataURL('image/png') : '';
    },
    focus(index) {
      setCurrent(index);
      focusCell(index);
    },
  }));
  return { focusCell, registerCell, registerCanvas };
}
