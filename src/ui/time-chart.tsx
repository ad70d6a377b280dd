import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { cx } from './class-names';
import type { ChartMark, TimePlot, TimeSeries } from './time-plot';
import styles from './time-chart.module.css';

/** What a chart shows now. */
export interface ChartData {
  x: readonly number[];
  /** One for each series; NaN leaves a gap. */
  columns: readonly (readonly number[])[];
  marks: readonly ChartMark[];
}

/** Where the numbers come from: asked at most ten times a second, past React. */
export interface ChartFeed {
  read: () => ChartData;
  subscribe: (listener: () => void) => () => void;
}

interface TimeChartProps {
  title: string;
  /** What x counts: 'step'. */
  xName: string;
  series: readonly TimeSeries[];
  feed: ChartFeed;
  /** A value in few characters. */
  format: (value: number) => string;
  yRange?: readonly [low: number, high: number];
  /** What the curves say, in a sentence; read out in their place. */
  summary: (data: ChartData) => string;
  className?: string | undefined;
}

const REDRAW_MS = 100;
/** A screen reader that stands on the chart need not hear every step. */
const SUMMARY_MS = 2000;

/**
 * Curves that grow while one looks. Pointer and arrow keys read single steps off; the legend has the
 * newest values, or those of the place that is read.
 */
export function TimeChart(props: TimeChartProps) {
  const { title, series, className } = props;
  const id = useId();
  const { boxRef, imageRef, sliderRef, valuesRef, placeRef, onKeyDown, onLeave } = usePlot(props);
  return (
    <figure className={cx(styles.figure, className)}>
      <figcaption className={styles.legend}>
        <span id={id} className={styles.title}>
          {title}
        </span>
        {series.map(({ label, color, dashed, faint }, index) =>
          faint ? null : (
            <span key={label} className={styles.key}>
              <svg viewBox="0 0 16 4" width="16" height="4" aria-hidden="true">
                <path d="M0 2h16" data-color={color} strokeDasharray={dashed ? '4 3' : undefined} />
              </svg>
              {label}
              <span
                ref={(element) => {
                  valuesRef.current[index] = element;
                }}
                className={styles.value}
              />
            </span>
          ),
        )}
        <span ref={placeRef} className={styles.place} />
      </figcaption>
      <div className={styles.plot}>
        <div ref={imageRef} role="img" aria-label={title} className={styles.fill}>
          <div ref={boxRef} className={styles.fill} />
        </div>
        <div
          ref={sliderRef}
          className={styles.reader}
          role="slider"
          tabIndex={0}
          aria-labelledby={id}
          aria-valuemin={0}
          aria-valuemax={0}
          aria-valuenow={0}
          onKeyDown={onKeyDown}
          onBlur={onLeave}
        />
      </div>
    </figure>
  );
}

/** Draws, past React: elements are written to as numbers come. */
function usePlot(props: TimeChartProps) {
  const boxRef = useRef<HTMLDivElement>(null);
  const imageRef = useRef<HTMLDivElement>(null);
  const sliderRef = useRef<HTMLDivElement>(null);
  const valuesRef = useRef<(HTMLElement | null)[]>([]);
  const placeRef = useRef<HTMLSpanElement>(null);
  const latest = useRef(props);
  const plotRef = useRef<TimePlot | null>(null);
  /** The index that is read; null: the newest. */
  const pointRef = useRef<number | null>(null);
  /** The one that keys went to: stays while the curves grow under it. */
  const heldRef = useRef<number | null>(null);
  useEffect(() => {
    latest.current = props;
  });

  const write = () => {
    const { feed, format, series, xName } = latest.current;
    const { x, columns } = feed.read();
    const last = x.length - 1;
    const index = Math.min(pointRef.current ?? last, last);
    const said: string[] = [];
    series.forEach(({ label, faint }, place) => {
      const value = index < 0 ? NaN : (columns[place]?.[index] ?? NaN);
      const text = Number.isFinite(value) ? format(value) : '–';
      const element = valuesRef.current[place];
      if (element) element.textContent = text;
      if (!faint) said.push(`${label} ${text}`);
    });
    const where = index < 0 ? 'nothing yet' : `${xName} ${x[index]}`;
    if (placeRef.current) placeRef.current.textContent = pointRef.current === null ? '' : where;
    const slider = sliderRef.current;
    slider?.setAttribute('aria-valuemax', String(Math.max(0, last)));
    slider?.setAttribute('aria-valuenow', String(Math.max(0, index)));
    slider?.setAttribute('aria-valuetext', `${where}: ${said.join(', ')}`);
  };

  useEffect(() => {
    const box = boxRef.current;
    if (!box) return;
    return drawWhileShown(box, {
      feed: props.feed,
      series: props.series,
      yRange: props.yRange,
      setPlot: (plot) => {
        plotRef.current = plot;
      },
      onPoint: (index) => {
        pointRef.current = index;
        write();
      },
      held: () => heldRef.current,
      onDrawn: write,
      onSummary: (data) => {
        imageRef.current?.setAttribute('aria-label', latest.current.summary(data));
      },
    });
    // Formats and summaries are read when they are needed; only these make another plot.
  }, [props.feed, props.series, props.yRange]);

  const onKeyDown = (event: KeyboardEvent) => {
    const last = latest.current.feed.read().x.length - 1;
    const next = readerTarget(event.key, pointRef.current ?? last, last);
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    hold(next);
  };
  const hold = (index: number | null) => {
    heldRef.current = index;
    pointRef.current = index;
    plotRef.current?.point(index);
    write();
  };
  const onLeave = () => hold(null);
  return { boxRef, imageRef, sliderRef, valuesRef, placeRef, onKeyDown, onLeave };
}

/** Where a key leads; null: back to the newest; undefined: the key is not for the chart. */
function readerTarget(key: string, index: number, last: number): number | null | undefined {
  const leap = Math.max(1, Math.round(last / 20));
  const moves: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - leap,
    PageUp: index + leap,
    Home: 0,
    End: last,
  };
  if (key === 'Escape') return null;
  const next = moves[key];
  return next === undefined ? undefined : Math.min(last, Math.max(0, next));
}

interface DrawOptions {
  feed: ChartFeed;
  series: readonly TimeSeries[];
  yRange: readonly [number, number] | undefined;
  setPlot: (plot: TimePlot | null) => void;
  onPoint: (index: number | null) => void;
  /** What the plot has to point at after it was drawn anew. */
  held: () => number | null;
  onDrawn: () => void;
  onSummary: (data: ChartData) => void;
}

/** Makes the plot, feeds it, and makes another when the theme changes. Returns the clean-up. */
function drawWhileShown(box: HTMLElement, options: DrawOptions): () => void {
  const { feed } = options;
  let plot: TimePlot | null = null;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let drawnAt = -Infinity;
  let summaryAt = -Infinity;

  const draw = () => {
    timer = undefined;
    const now = performance.now();
    drawnAt = now;
    const data = feed.read();
    plot?.setData(data.x, data.columns, data.marks);
    const held = options.held();
    if (held !== null) plot?.point(held);
    options.onDrawn();
    if (now - summaryAt > SUMMARY_MS) {
      summaryAt = now;
      options.onSummary(data);
    }
  };
  const drawSoon = () => {
    // With the frame: letters on a canvas want styles worked out, which the frame does anyway.
    timer ??= setTimeout(
      () => {
        frame = requestAnimationFrame(draw);
      },
      Math.max(0, drawnAt + REDRAW_MS - performance.now()),
    );
  };
  const make = async () => {
    const { createTimePlot } = await import('./time-plot');
    if (ended) return;
    plot?.destroy();
    plot = createTimePlot(box, options);
    options.setPlot(plot);
    summaryAt = -Infinity;
    drawSoon();
  };
  void make();
  const stopTheme = onThemeChange(() => void make());
  const stopFeed = feed.subscribe(drawSoon);
  const observer = new ResizeObserver(([entry]) => {
    const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
    if (width > 0 && height > 0) plot?.resize(Math.floor(width), Math.floor(height));
  });
  observer.observe(box);
  return () => {
    ended = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    observer.disconnect();
    stopTheme();
    stopFeed();
    plot?.destroy();
    options.setPlot(null);
  };
}

function onThemeChange(listener: () => void): () => void {
  const scheme = window.matchMedia('(prefers-color-scheme: light)');
  scheme.addEventListener('change', listener);
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'data-lecture'],
  });
  return () => {
    scheme.removeEventListener('change', listener);
    observer.disconnect();
  };
}
