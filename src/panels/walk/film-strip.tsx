import { useEffect, useMemo, useRef, type PointerEvent } from 'react';
import { ease } from '../../core/interpolate';
import { isAbort } from '../../lib/errors';
import { useSession, useStoreValue } from '../../ui/session-context';
import { createFilm } from './film';
import styles from './film-strip.module.css';
import type { Walk } from './use-walk';
import type { WalkPlayer } from './use-walk-player';
import { stripRows } from './walk';

interface FilmStripProps {
  walk: Walk;
  walkPlayer: WalkPlayer;
  /** Pictures a row. */
  steps: number;
}

/** The paper's figure: a row from each keyframe to the next. A click goes there. */
export function FilmStrip({ walk, walkPlayer, steps }: FilmStripProps) {
  const { model, keyframes, settings } = walk;
  const rows = useMemo(() => stripRows(keyframes, settings, steps), [keyframes, settings, steps]);
  const canvas = useStripCanvas(walk, walkPlayer, rows, steps);
  const { width, height } = model.spec.output;
  if (rows.length === 0) return null;

  const onPointerDown = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * steps);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows.length);
    const share = Math.min(1, Math.max(0, column / (steps - 1)));
    walkPlayer.jump(Math.round((row + unease(settings.easing, share)) * settings.framesPerSegment));
  };

  return (
    <div className={styles.strip}>
      <ol className={styles.labels} aria-hidden="true">
        {rows.map(({ from, to }) => (
          <li key={from}>
            {from}→{to}
          </li>
        ))}
      </ol>
      <div
        className={styles.film}
        style={{ aspectRatio: `${steps * width} / ${rows.length * height}` }}
        onPointerDown={onPointerDown}
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Film strip: ${rows.length} rows of ${steps} pictures, each from one keyframe to the next`}
          data-testid="strip"
        />
        <Here walk={walk} walkPlayer={walkPlayer} steps={steps} rows={rows.length} />
      </div>
    </div>
  );
}

/** A frame around the picture of the strip that the playhead is nearest to. */
function Here(props: FilmStripProps & { rows: number }) {
  const { walk, walkPlayer, steps, rows } = props;
  const index = useStoreValue(walkPlayer.player.store, (state) => state.index);
  const { framesPerSegment, easing } = walk.settings;
  const row = Math.min(rows - 1, Math.floor(index / framesPerSegment));
  const share = ease(easing, Math.min(1, index / framesPerSegment - row));
  const column = Math.round(share * (steps - 1));
  return (
    <span
      className={styles.here}
      style={{
        width: `${100 / steps}%`,
        height: `${100 / rows}%`,
        left: `${(100 * column) / steps}%`,
        top: `${(100 * row) / rows}%`,
      }}
    />
  );
}

/** Draws the strip as its pictures come; `data-painted` tells how many are there. */
function useStripCanvas(
  walk: Walk,
  { cache }: WalkPlayer,
  rows: ReturnType<typeof stripRows>,
  steps: number,
) {
  const { notices } = useSession();
  const ref = useRef<HTMLCanvasElement>(null);
  const { look } = walk;

  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const controller = new AbortController();
    const { width, height } = look;
    const latents = rows.flatMap((row) => row.latents);
    canvas.width = steps * width;
    canvas.height = rows.length * height;
    canvas.dataset.painted = '0';
    const film = createFilm({ cache, look, latents });
    const draw = async () => {
      for (let i = 0; i < latents.length; i++) {
        const rgba = await film.frame(i, controller.signal);
        controller.signal.throwIfAborted();
        const picture = new ImageData(rgba, width, height);
        const [x, y] = [(i % steps) * width, Math.floor(i / steps) * height];
        canvas.getContext('2d')?.putImageData(picture, x, y);
        canvas.dataset.painted = String(i + 1);
      }
    };
    draw().catch((error: unknown) => {
      if (!isAbort(error)) notices.postError(error);
    });
    return () => controller.abort();
  }, [notices, cache, look, rows, steps]);
  return ref;
}

/** The time in [0, 1] at which an easing has come to `share`; they all rise, so bisection finds it. */
function unease(easing: Parameters<typeof ease>[0], share: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (ease(easing, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
