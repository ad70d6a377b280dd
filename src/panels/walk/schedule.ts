/** Which frames to draw next, and how many at once: pure decisions, so that they can be tested alone. */

export interface DrawState {
  /** Frame on the screen. */
  playhead: number;
  /** Frames of the path; Infinity for an endless walk. */
  count: number;
  /** Playing goes on from the last frame to the first. */
  loop: boolean;
  /** How far to draw before and behind the playhead, in frames; together no more than the cache holds. */
  ahead: number;
  behind: number;
  isDrawn: (index: number) => boolean;
}

/**
 * The next `chunk` frames that are missing: from the playhead on (round the end in a loop), then, where
 * everything ahead is there, from the playhead back, so that scrubbing back finds frames too.
 */
export function nextFrames(state: DrawState, chunk: number): number[] {
  const { playhead, count, loop, isDrawn } = state;
  const wanted: number[] = [];
  const consider = (index: number) => {
    if (!isDrawn(index)) wanted.push(index);
  };
  const ahead = Math.min(state.ahead, loop ? count : count - playhead);
  for (let offset = 0; offset < ahead && wanted.length < chunk; offset++) {
    consider(loop ? (playhead + offset) % count : playhead + offset);
  }
  const behind = Math.min(state.behind, loop ? count - ahead : playhead);
  for (let back = 1; back <= behind && wanted.length < chunk; back++) {
    consider(loop ? (playhead - back + count) % count : playhead - back);
  }
  return wanted;
}

/** Milliseconds that one request to the engine should take: a scrub waits for no more than this. */
const CHUNK_MS = 90;
const MAX_CHUNK = 32;

/** How many frames to ask for at once on a device of this speed; powers of two, so that few sizes compile. */
export function chunkSize(msPerFrame: number | null): number {
  if (msPerFrame === null) return 4;
  const fitting = Math.min(MAX_CHUNK, Math.max(1, CHUNK_MS / Math.max(msPerFrame, 0.01)));
  return 2 ** Math.floor(Math.log2(fitting));
}

/** Half-open [start, end) stretches of drawn frames within [from, to). */
export function drawnRanges(
  isDrawn: (index: number) => boolean,
  from: number,
  to: number,
): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  for (let index = from; index < to; index++) {
    if (!isDrawn(index)) continue;
    const last = ranges.at(-1);
    if (last && last[1] === index) last[1] = index + 1;
    else ranges.push([index, index + 1]);
  }
  return ranges;
}

/** The drawn frame nearest to `index`, for the moment until its own is there; null where none is within `reach`. */
export function nearestDrawn(
  isDrawn: (index: number) => boolean,
  index: number,
  count: number,
  reach = 400,
): number | null {
  for (let distance = 0; distance <= reach; distance++) {
    if (index - distance >= 0 && isDrawn(index - distance)) return index - distance;
    if (index + distance < count && isDrawn(index + distance)) return index + distance;
  }
  return null;
}
