/** Where playing stands, and how fast it really goes. */

export interface Clock {
  /** In frames, with a fraction. */
  position: number;
  /** Open walks go there and back: a jump from the last face to the first would look like a fault. */
  direction: 1 | -1;
}

export interface ClockPath {
  /** Infinity for an endless walk. */
  count: number;
  loop: boolean;
}

/** Moves the clock on by `frames` (time × frames a second), round a loop or back from an end. */
export function advance(clock: Clock, frames: number, path: ClockPath): Clock {
  const { count, loop } = path;
  if (count <= 1) return { position: 0, direction: 1 };
  if (loop) return { position: (clock.position + frames) % count, direction: 1 };
  if (!Number.isFinite(count)) return { position: clock.position + frames, direction: 1 };
  // There and back is a loop of twice the length: positions beyond the end are those of the way back.
  const last = count - 1;
  const start = clock.direction === 1 ? clock.position : 2 * last - clock.position;
  const phase = (start + frames) % (2 * last);
  return phase < last
    ? { position: phase, direction: 1 }
    : { position: 2 * last - phase, direction: -1 };
}

export interface FrameMeter {
  /** A new picture was put on the screen in the animation frame of this time. */
  presented: (timeMs: number) => void;
  /** Frames a second over the last second; null until there are enough to say. */
  rate: (nowMs: number) => number | null;
  reset: () => void;
}

/** Counts what was really shown, from the times of the browser's animation frames. */
export function createFrameMeter(windowMs = 1000): FrameMeter {
  let times: number[] = [];
  return {
    presented(timeMs) {
      times.push(timeMs);
      const first = times.findIndex((time) => timeMs - time <= windowMs);
      if (first > 0) times = times.slice(first);
    },
    rate(nowMs) {
      const recent = times.filter((time) => nowMs - time <= windowMs);
      const [first, last] = [recent[0], recent.at(-1)];
      if (first === undefined || last === undefined || recent.length < 3) return null;
      // A stall counts: the time since the last picture belongs to the measurement.
      const spanMs = Math.max(last - first, nowMs - first - (last - first) / (recent.length - 1));
      return ((recent.length - 1) * 1000) / spanMs;
    },
    reset() {
      times = [];
    },
  };
}
