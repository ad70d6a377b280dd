import { useEffect, useMemo, useState } from 'react';
import type { Player } from './player';
import type { Walk } from './use-walk';

/** An endless walk is shown in pages of so many new pictures. */
const ENDLESS_PAGE = 12;

export interface TimelineRange {
  /** First frame shown, and the one behind the last. */
  from: number;
  to: number;
  /** Frames of the keyframes; of an endless walk, where a new picture comes. */
  ticks: number[];
}

/** The stretch of the walk that timeline and chart show: all of it, or a page of an endless one. */
export function useTimelineRange({ scene, settings }: Walk, player: Player): TimelineRange {
  const { kind, framesPerSegment } = settings;
  const pageFrames = ENDLESS_PAGE * framesPerSegment;
  const page = usePage(player, pageFrames, kind === 'endless');
  const count = scene?.count ?? 0;
  return useMemo(() => {
    const from = kind === 'endless' ? page * pageFrames : 0;
    const to = kind === 'endless' ? from + pageFrames + 1 : count;
    const ticks: number[] = [];
    for (let tick = from; tick < to; tick += framesPerSegment) ticks.push(tick);
    return { from, to, ticks };
  }, [kind, page, pageFrames, count, framesPerSegment]);
}

function usePage(player: Player, pageFrames: number, active: boolean): number {
  const [page, setPage] = useState(0);
  useEffect(() => {
    if (!active) return;
    return player.onFrame((index) => setPage(Math.floor(index / pageFrames)));
  }, [player, pageFrames, active]);
  return active ? page : 0;
}
