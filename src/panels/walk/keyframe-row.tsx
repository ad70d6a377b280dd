import { useEffect, useRef } from 'react';
import { isAbort } from '../../lib/errors';
import { cx } from '../../ui/class-names';
import { paintCanvas } from '../../ui/image-canvas';
import { SortableLatents, useLatentDrop, type LatentPayload } from '../../ui/latent-drag';
import { useSession, useStoreValue } from '../../ui/session-context';
import { createFilm } from './film';
import { KeyframeCard } from './keyframe-card';
import styles from './keyframe-row.module.css';
import { moveKey, segmentOf } from './keyframes';
import { takeLatent } from './take';
import type { Walk } from './use-walk';
import type { WalkPlayer } from './use-walk-player';

const KEYFRAME_LIST = 'walk-keyframes';

interface KeyframeRowProps {
  walk: Walk;
  walkPlayer: WalkPlayer;
  /** At the end of the row: how to add one. */
  children: React.ReactNode;
}

/** The keyframes in order: drag, arrows, replace, remove; latents from elsewhere can be dropped in. */
export function KeyframeRow({ walk, walkPlayer, children }: KeyframeRowProps) {
  const { keyframes, settings } = walk;
  const canvases = useKeyframePictures(walk, walkPlayer);
  const session = useSession();
  const onDrop = (payload: LatentPayload, at?: number) =>
    takeLatent(session, walk.model, payload, (ref) => walk.addKeys([ref], at));
  const { setNodeRef, isOver } = useLatentDrop(KEYFRAME_LIST, 'the walk', onDrop, {
    listId: KEYFRAME_LIST,
  });
  const index = useStoreValue(walkPlayer.player.store, (state) => state.index);
  const { from, to, isKey } = segmentOf(index, settings.framesPerSegment, keyframes.length);
  const move = (at: number, next: number) =>
    walk.setKeys(moveKey(keyframes, at, next).map(({ ref }) => ref));

  return (
    <div ref={setNodeRef} className={cx(styles.row, isOver && styles.over)}>
      <SortableLatents ids={keyframes.map(({ id }) => id)}>
        <ol className={styles.list} aria-label="Keyframes">
          {keyframes.map((keyframe, place) => (
            <KeyframeCard
              key={keyframe.id}
              {...{ keyframe, place, walk, walkPlayer }}
              current={place + 1 === from || (!isKey && place + 1 === to)}
              listId={KEYFRAME_LIST}
              onMove={move}
              onDrop={onDrop}
              canvasRef={(canvas) => {
                if (canvas) canvases.current.set(keyframe.id, canvas);
                else canvases.current.delete(keyframe.id);
              }}
            />
          ))}
        </ol>
      </SortableLatents>
      {children}
    </div>
  );
}

/** Paints the keyframes' pictures as they come; those that stay are not drawn again. */
function useKeyframePictures({ look, keyframes }: Walk, { cache }: WalkPlayer) {
  const { notices } = useSession();
  const canvases = useRef(new Map<string, HTMLCanvasElement>());
  useEffect(() => {
    const controller = new AbortController();
    const { width, height } = look;
    const film = createFilm({ cache, look, latents: keyframes.map(({ z }) => z) });
    const draw = async () => {
      for (const [place, { id }] of keyframes.entries()) {
        const rgba = await film.frame(place, controller.signal);
        controller.signal.throwIfAborted();
        const canvas = canvases.current.get(id);
        if (canvas) paintCanvas(canvas, rgba, width, height);
      }
    };
    draw().catch((error: unknown) => {
      if (!isAbort(error)) notices.postError(error);
    });
    return () => controller.abort();
  }, [notices, cache, look, keyframes]);
  return canvases;
}
