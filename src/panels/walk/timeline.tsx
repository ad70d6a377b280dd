import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useStoreValue } from '../../ui/session-context';
import type { Player } from './player';
import styles from './timeline.module.css';

interface TimelineProps {
  player: Player;
  /** First frame shown, and the one behind the last. */
  from: number;
  to: number;
  /** Frames of the keyframes. */
  ticks: readonly number[];
  /** Where frame `index` lies, in words: 'frame 31 of 96, from keyframe 2 to 3'. */
  describe: (index: number) => string;
  /** While it is dragged. */
  onSeek: (index: number) => void;
  /** By a key. */
  onJump: (index: number) => void;
  /** Space: a slider would swallow the page's own key. */
  onToggle: () => void;
  /** When it is let go. */
  onCommit: () => void;
}

/** The walk as a line: what is drawn, where the keyframes are, and a playhead to drag. */
export function Timeline(props: TimelineProps) {
  const { player, from, to, ticks, describe, onSeek, onJump, onCommit } = props;
  const drawn = useStoreValue(player.store, (state) => state.drawn);
  const index = useStoreValue(player.store, (state) => state.index);
  const trackRef = useRef<HTMLDivElement>(null);
  const headRef = useRef<HTMLDivElement>(null);
  const last = Math.max(from + 1, to - 1);
  const percent = (frame: number) => `${((frame - from) / (last - from)) * 100}%`;

  useEffect(() => player.setTimeline(from, to), [player, from, to]);
  useEffect(() => {
    const place = (frame: number) => {
      if (headRef.current)
        headRef.current.style.left = `${((frame - from) / (last - from)) * 100}%`;
    };
    place(player.store.getState().index);
    return player.onFrame(place);
  }, [player, from, last]);

  const seekTo = (event: PointerEvent) => {
    const box = trackRef.current?.getBoundingClientRect();
    if (!box) return;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    onSeek(from + Math.round(share * (last - from)));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ') {
      event.preventDefault();
      props.onToggle();
      return;
    }
    const next = keyTarget(event.key, player.index(), ticks, from, last);
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onJump(Math.min(last, Math.max(from, next)));
  };

  return (
    <div
      className={styles.timeline}
      role="slider"
      tabIndex={0}
      aria-label="Position in the walk"
      aria-valuemin={from}
      aria-valuemax={last}
      aria-valuenow={index}
      aria-valuetext={describe(index)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
      onLostPointerCapture={onCommit}
    >
      <div ref={trackRef} className={styles.track} data-testid="drawn" data-drawn={totalOf(drawn)}>
        {drawn.map(([start, end]) => (
          <span
            key={start}
            className={styles.drawn}
            style={{ left: percent(start), right: `calc(100% - ${percent(Math.min(last, end))})` }}
          />
        ))}
        {ticks.map((tick) => (
          <span key={tick} className={styles.tick} style={{ left: percent(tick) }} />
        ))}
        <div ref={headRef} className={styles.head} />
      </div>
    </div>
  );
}

function totalOf(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** Arrows move by a frame, PageUp and PageDown by a keyframe, Home and End to the ends. */
function keyTarget(
  key: string,
  index: number,
  ticks: readonly number[],
  from: number,
  last: number,
): number | null {
  if (key === 'ArrowRight' || key === 'ArrowUp') return index + 1;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return index - 1;
  if (key === 'PageUp') return ticks.find((tick) => tick > index) ?? last;
  if (key === 'PageDown') return ticks.findLast((tick) => tick < index) ?? from;
  if (key === 'Home') return from;
  if (key === 'End') return last;
  return null;
}
