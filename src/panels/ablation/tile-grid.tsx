import {
  memo,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import { colorize, viridis } from '../../core/color';
import type { Activations } from '../../engine/api';
import { cx } from '../../ui/class-names';
import { nextIndex } from '../../ui/grid-math';
import { paintCanvas } from '../../ui/image-canvas';
import { mapOf, rowsInSight, tileRows, TILE_GAP, type MapStats } from './tile-math';
import styles from './tiles.module.css';
import { useSize } from '../../ui/use-size';

interface TileGridProps {
  layerTitle: string;
  maps: Activations | null;
  stats: MapStats | null;
  /** Filters in the order of their tiles. */
  order: readonly number[];
  /** One brightness for all, or each its own. */
  shared: boolean;
  scaleOf: (filter: number) => number;
  /** What is added to a tile's name: ', effect 3.1'. */
  note: (filter: number) => string;
  /** The filter in the inspector. */
  current: number;
  /** Under the pointer or the focus, and null when it leaves. */
  onPeek: (filter: number | null) => void;
  /** Before the first of a gesture's changes. */
  onStart: () => void;
  /** Filters that a click, a range or a stroke reaches; `on` is what the first one was. */
  onSwitch: (filters: readonly number[], changed: boolean) => void;
}

const SMALLEST_TILE = 34;

/**
 * Every filter's map as a tile. Only the rows in sight exist, so that 512 filters scroll as well as 32.
 * Click switches, Shift reaches from the last one, dragging with the mouse paints.
 */
export function TileGrid(props: TileGridProps) {
  const { maps, stats, order, shared, scaleOf, note, current, onPeek, onStart, onSwitch } = props;
  const boxRef = useRef<HTMLDivElement>(null);
  const { size, scrollTop, onScroll } = useViewport(boxRef);
  const rows = tileRows(order.length, size.width, size.height, SMALLEST_TILE);
  const [first, last] = rowsInSight(rows, scrollTop, size.height);
  const [place, setPlace] = useState(0);
  const anchor = useRef(0);
  const stroke = useRef<{ changed: boolean; seen: Set<number> } | null>(null);
  const wantsFocus = useRef(false);

  useEffect(() => {
    const end = () => (stroke.current = null);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
    return () => {
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
    };
  }, []);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    boxRef.current?.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus();
  });

  const filterAt = (index: number) => order[index] ?? 0;
  const isChanged = (index: number) => scaleOf(filterAt(index)) !== 1;

  function reach(to: number, extend: boolean): void {
    onStart();
    const changed = extend ? isChanged(anchor.current) : !isChanged(to);
    const [low, high] = extend
      ? [Math.min(anchor.current, to), Math.max(anchor.current, to)]
      : [to, to];
    const filters = order.slice(low, high + 1);
    onSwitch(filters, changed);
    if (!extend) anchor.current = to;
    setPlace(to);
    stroke.current = { changed, seen: new Set(filters) };
  }

  function paintOver(index: number): void {
    const run = stroke.current;
    const filter = filterAt(index);
    if (!run || run.seen.has(filter)) return;
    run.seen.add(filter);
    onSwitch([filter], run.changed);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      reach(place, event.shiftKey);
      stroke.current = null;
      return;
    }
    const next = nextIndex(event.key, place, rows.columns, order.length);
    if (next === null) return;
    event.preventDefault();
    scrollIntoView(boxRef.current, Math.floor(next / rows.columns) * rows.pitch, rows.pitch);
    wantsFocus.current = true;
    setPlace(next);
    onPeek(filterAt(next));
  }

  const tiles: number[] = [];
  for (let index = first * rows.columns; index < (last + 1) * rows.columns; index++) {
    if (index < order.length) tiles.push(index);
  }
  const tabStop = tiles.includes(place) ? place : (tiles[0] ?? 0);
  const sharedHigh = stats ? stats.high.reduce((a, b) => Math.max(a, b), 0) : 1;

  return (
    <div
      ref={boxRef}
      className={styles.tiles}
      onScroll={onScroll}
      onPointerLeave={() => onPeek(null)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onPeek(null);
      }}
    >
      <div
        role="listbox"
        aria-label={`Filters of ${props.layerTitle}: selected ones are switched off or scaled`}
        aria-multiselectable
        aria-orientation="horizontal"
        className={styles.canvas}
        style={{ height: `${rows.rows * rows.pitch - TILE_GAP}px` }}
        onKeyDown={onKeyDown}
      >
        {tiles.map((index) => {
          const filter = filterAt(index);
          return (
            <Tile
              key={filter}
              index={index}
              count={order.length}
              filter={filter}
              maps={maps}
              high={shared ? sharedHigh : (stats?.high[filter] ?? 1)}
              scale={scaleOf(filter)}
              note={note(filter)}
              current={filter === current}
              tabStop={index === tabStop}
              left={(index % rows.columns) * rows.pitch}
              top={Math.floor(index / rows.columns) * rows.pitch}
              side={rows.pitch - TILE_GAP}
              onFocus={() => {
                setPlace(index);
                onPeek(filter);
              }}
              onPointerEnter={(event) => {
                onPeek(filter);
                if (event.buttons === 1) paintOver(index);
              }}
              onPress={(event) => {
                if (event.button === 0) reach(index, event.shiftKey);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface TileProps {
  index: number;
  count: number;
  filter: number;
  maps: Activations | null;
  high: number;
  scale: number;
  note: string;
  current: boolean;
  tabStop: boolean;
  left: number;
  top: number;
  side: number;
  onFocus: () => void;
  onPointerEnter: (event: PointerEvent) => void;
  onPress: (event: { button: number; shiftKey: boolean }) => void;
}

function Tile(props: TileProps) {
  const { index, count, filter, maps, high, scale, note, current, left, top, side } = props;
  const changed = scale !== 1;
  const state = scale === 0 ? ' off' : changed ? ` ×${scale}` : '';
  const byPointer = useRef(false);
  return (
    <div
      role="option"
      aria-label={`Filter ${filter}${state}${note}`}
      aria-selected={changed}
      aria-setsize={count}
      aria-posinset={index + 1}
      tabIndex={props.tabStop ? 0 : -1}
      data-place={index}
      data-filter={filter}
      className={cx(styles.tile, current && styles.current, scale === 0 && styles.off)}
      style={{ left: `${left}px`, top: `${top}px`, width: `${side}px`, height: `${side}px` }}
      onFocus={props.onFocus}
      onPointerEnter={props.onPointerEnter}
      onPointerDown={(event) => {
        // A finger may be about to scroll: it switches when it is lifted.
        byPointer.current = event.pointerType === 'mouse';
        if (!byPointer.current) return;
        event.currentTarget.releasePointerCapture(event.pointerId);
        props.onPress(event);
      }}
      onClick={(event) => {
        if (!byPointer.current) props.onPress(event);
        byPointer.current = false;
      }}
    >
      <MapCanvas maps={maps} filter={filter} high={high} />
      <span className={styles.number}>{filter} </span>
      {changed && <span className={styles.scale}>{scale === 0 ? 'off' : `×${scale}`}</span>}
    </div>
  );
}

const MapCanvas = memo(function MapCanvas(props: {
  maps: Activations | null;
  filter: number;
  high: number;
}) {
  const { maps, filter, high } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!maps || !canvas.current || filter >= maps.filters) return;
    const rgba = colorize(mapOf(maps, filter), viridis, 0, high);
    paintCanvas(canvas.current, rgba, maps.width, maps.height);
  }, [maps, filter, high]);
  return <canvas ref={canvas} aria-hidden="true" />;
});

function useViewport(boxRef: React.RefObject<HTMLDivElement | null>) {
  const size = useSize(boxRef);
  const [scrollTop, setScrollTop] = useState(0);
  const onScroll = () => setScrollTop(boxRef.current?.scrollTop ?? 0);
  return { size, scrollTop, onScroll };
}

function scrollIntoView(box: HTMLDivElement | null, top: number, height: number): void {
  if (!box) return;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height > box.scrollTop + box.clientHeight) {
    box.scrollTop = top + height - box.clientHeight;
  }
}
