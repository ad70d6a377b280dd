import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useSession, useUrlParam } from '../../ui/session-context';
import { createFrameCache } from './frame-cache';
import { frameParam, speedParam } from './params';
import { createPlayer, type Player } from './player';
import type { Walk } from './use-walk';

/** 6,000 frames of 64 × 64. Stays when the panel is left, so that coming back finds them. */
const CACHE_BYTES = 96 * 2 ** 20;
const cache = createFrameCache(CACHE_BYTES);

export interface WalkPlayer {
  player: Player;
  /** Plays, or pauses and writes the frame into the link. */
  toggle: () => void;
  /** Pauses at this frame. */
  jump: (index: number) => void;
  /** Moves the playhead; `commit` then writes it into the link. */
  seek: (index: number) => void;
  commit: () => void;
  cache: typeof cache;
}

/** The player of a walk, kept in step with the link, the model and the device. */
export function useWalkPlayer(walk: Walk): WalkPlayer {
  const [player] = useState(() => createPlayer({ cache }));
  const [frame, setFrame] = useUrlParam(frameParam);
  const [framesPerSecond] = useUrlParam(speedParam);
  const calm = useReducedMotion();
  const { scene, settings } = walk;

  useEffect(() => player.mount(), [player]);
  useEffect(() => player.setScene(scene), [player, scene]);
  // After the scene: a link's frame is a place in it.
  useEffect(() => {
    if (frame === null || frame === player.index()) return;
    player.pause();
    player.seek(frame);
  }, [player, frame, scene]);
  useEffect(() => {
    const stride = calm ? Math.max(1, Math.round(settings.framesPerSegment / 2)) : 1;
    player.setSpeed(calm ? stride : framesPerSecond, stride);
  }, [player, framesPerSecond, calm, settings.framesPerSegment]);
  useAutoplay(player, frame === null && !calm);
  useRecovery(player);

  const commit = useCallback(() => {
    setFrame(player.store.getState().playing ? null : player.index());
  }, [player, setFrame]);
  const toggle = useCallback(() => {
    if (player.store.getState().playing) player.pause();
    else player.play();
    commit();
  }, [player, commit]);
  const seek = useCallback((index: number) => player.seek(index), [player]);
  const jump = useCallback(
    (index: number) => {
      player.pause();
      player.seek(index);
      commit();
    },
    [player, commit],
  );
  return { player, toggle, jump, seek, commit, cache };
}

/** A walk without a frame in its link starts to play, once. */
function useAutoplay(player: Player, wanted: boolean): void {
  const done = useRef(false);
  useEffect(() => {
    if (done.current) return;
    done.current = true;
    if (wanted) player.play();
  }, [player, wanted]);
}

/** Errors go to the visitor; a device that came back goes on drawing. */
function useRecovery(player: Player): void {
  const { notices, device } = useSession();
  useEffect(
    () =>
      player.store.subscribe(({ error }, previous) => {
        if (error === null || error === previous.error) return;
        notices.postError(error, { label: 'Draw again', run: () => player.retry() });
      }),
    [player, notices],
  );
  useEffect(
    () =>
      device.subscribe(({ status }, previous) => {
        if (status === 'ready' && previous.status !== 'ready') player.retry();
      }),
    [player, device],
  );
}

const CALM = '(prefers-reduced-motion: reduce)';

function useReducedMotion(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = window.matchMedia(CALM);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => window.matchMedia(CALM).matches,
  );
}
