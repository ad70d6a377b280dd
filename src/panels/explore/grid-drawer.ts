/**
 * Draws the cells of the grid a few at a time, so that the first row comes at once, a slow device stays
 * responsive, and while a slider moves every cell gets its turn instead of the first ones again and again.
 */
import type { RgbaImages } from '../../engine/api';
import { isAbort } from '../../lib/errors';

export interface GridDrawerOptions {
  render(z: readonly Float32Array[], options: { signal: AbortSignal }): Promise<RgbaImages>;
  paint(firstIndex: number, images: RgbaImages): void;
  /** How many of all are up to date. */
  onProgress(drawn: number, count: number): void;
  onError(error: unknown): void;
}

export interface GridDrawer {
  /** What the cells show from now on. Old pictures stay until they are painted over. */
  setCells(z: readonly Float32Array[]): void;
  dispose(): void;
}

/** Milliseconds for one request: other work (a dragged bar) waits no longer than this. */
const CHUNK_MS = 100;
const FIRST_CHUNK = 4;
const MAX_CHUNK = 16;

export function createGridDrawer(options: GridDrawerOptions): GridDrawer {
  const ended = new AbortController();
  let cells: readonly Float32Array[] = [];
  let version = 0;
  let drawn: number[] = [];
  let cursor = 0;
  let running = false;
  let msPerCell: number | null = null;

  const isStale = (index: number): boolean => drawn[index] !== version;

  async function work(): Promise<void> {
    if (running) return;
    running = true;
    try {
      for (;;) {
        const chunk = nextChunk(cells.length, cursor, isStale, chunkSize(msPerCell));
        if (!chunk || ended.signal.aborted) break;
        await draw(chunk.start, chunk.end, version);
      }
    } catch (error) {
      if (!isAbort(error) && !ended.signal.aborted) options.onError(error);
    } finally {
      running = false;
    }
  }

  async function draw(start: number, end: number, asked: number): Promise<void> {
    const images = await options.render(cells.slice(start, end), { signal: ended.signal });
    if (ended.signal.aborted) return;
    msPerCell = images.latencyMs / images.count;
    // Overtaken meanwhile: newer than what is there, so it is shown, but it has to be drawn again.
    options.paint(start, images);
    for (let index = start; index < end; index++) drawn[index] = asked;
    cursor = end;
    const upToDate = cells.reduce((sum, _, index) => sum + (isStale(index) ? 0 : 1), 0);
    options.onProgress(upToDate, cells.length);
  }

  return {
    setCells(z) {
      cells = z;
      version += 1;
      drawn = drawn.slice(0, z.length);
      if (!running) cursor = 0;
      void work();
    },
    dispose() {
      ended.abort(new DOMException('The grid was closed.', 'AbortError'));
    },
  };
}

/** Powers of two, so that a GPU compiles few batch sizes. */
export function chunkSize(msPerCell: number | null): number {
  if (msPerCell === null) return FIRST_CHUNK;
  const fitting = CHUNK_MS / Math.max(msPerCell, 0.01);
  return Math.max(1, Math.min(MAX_CHUNK, 2 ** Math.floor(Math.log2(Math.max(1, fitting)))));
}

/** The next run of stale cells from the cursor on, then from the start; null when all are up to date. */
export function nextChunk(
  count: number,
  cursor: number,
  isStale: (index: number) => boolean,
  size: number,
): { start: number; end: number } | null {
  for (let offset = 0; offset < count; offset++) {
    const start = (cursor + offset) % count;
    if (!isStale(start)) continue;
    let end = start + 1;
    while (end < count && end - start < size && isStale(end)) end++;
    return { start, end };
  }
  return null;
}
