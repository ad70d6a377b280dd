/** From latents to canvases: the grid and the large picture. Pixels never enter React's state. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { isAbort } from '../../lib/errors';
import { maskParam } from '../../session/mask-link';
import type { Generator } from '../../session/session';
import type { ImageCanvasHandle } from '../../ui/image-canvas';
import { useSession, useStoreValue } from '../../ui/session-context';
import type { ThumbGridHandle } from '../../ui/thumb-grid';
import type { Cell } from './cells';
import { createGridDrawer, type GridDrawer } from './grid-drawer';

/** Below this no progress is shown: it would only flicker. */
const QUIET_MS = 300;

/** Keeps the grid's pictures up to date; gives 0 to 1 while a drawing takes long, else null. */
export function useGridPictures(
  grid: RefObject<ThumbGridHandle | null>,
  cells: readonly Cell[],
): number | null {
  const session = useSession();
  const drawer = useRef<GridDrawer>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const started = useRef(0);
  const mask = useMaskText();

  useEffect(() => {
    drawer.current = createGridDrawer({
      render: (z, options) => session.generator.render(z, options),
      paint: (first, images) => grid.current?.paint(first, images),
      onProgress(drawn, count) {
        const isSlow = drawn < count && performance.now() - started.current > QUIET_MS;
        setProgress(isSlow ? drawn / count : null);
      },
      onError(error) {
        setProgress(null);
        session.notices.postError(error);
      },
    });
    return () => drawer.current?.dispose();
  }, [session, grid]);

  useEffect(() => {
    started.current = performance.now();
    grid.current?.markStale();
    drawer.current?.setCells(cells.map((cell) => cell.z));
    // The mask is applied by the session: what was drawn with another one is stale.
  }, [cells, grid, mask]);

  return progress;
}

/** Draws z whenever it changes; of many changes only the newest. */
export function useLargePicture(canvas: RefObject<ImageCanvasHandle | null>, z: Float32Array) {
  const session = useSession();
  const preview = useRef<ReturnType<Generator['createPreview']>>(null);
  const mask = useMaskText();

  useEffect(() => {
    preview.current = session.generator.createPreview();
    return () => preview.current?.dispose();
  }, [session]);

  useEffect(() => {
    let newest = true;
    canvas.current?.markStale();
    preview.current
      ?.render([z])
      .then((images) => {
        // What was overtaken while it was drawn is still newer than what is there.
        if (!images) return;
        canvas.current?.draw(images.data, images.width, images.height);
        if (!newest) canvas.current?.markStale();
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) session.notices.postError(error);
      });
    return () => {
      newest = false;
    };
  }, [canvas, session, z, mask]);
}

/** Changes whenever other filters are switched off. */
function useMaskText(): string {
  const { url } = useSession();
  return useStoreValue(url.store, (state) => state.values[maskParam.name] ?? '');
}
