/**
 * Plays a walk: owns the clock, the canvases and the drawing ahead. React mounts it and reads its store,
 * which holds a summary about ten times a second; frames go straight to the canvases.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { advance, createFrameMeter, type Clock } from './clock';
import type { FrameCache } from './frame-cache';
import { createFrameDrawer, type Scene } from './frame-drawer';
import { drawnRanges, nearestDrawn } from './schedule';
import { createScreen, type Screen } from './screen';

interface PlayerState {
  playing: boolean;
  /** Playing, but the next frame is not drawn yet. */
  waiting: boolean;
  /** Frame at the playhead. */
  index: number;
  /** Half-open stretches of drawn frames among those that the timeline shows. */
  drawn: readonly (readonly [start: number, end: number])[];
  /** Pictures really shown in the last second of playing; null while paused. */
  framesPerSecond: number | null;
  /** Of drawing one frame; null before the first. */
  msPerFrame: number | null;
  /** Mean and largest difference of the two tracks' pictures in bytes (0 to 255); null with one track. */
  difference: { mean: number; max: number } | null;
  error: unknown;
}

export interface PlayerOptions {
  cache: FrameCache;
  /** Tests bring their own time. */
  animation?: {
    request: (callback: (timeMs: number) => void) => number;
    cancel: (id: number) => void;
  };
}

export interface Player {
  store: StoreApi<PlayerState>;
  /** Shows another walk, at `index` (kept within the walk). Playing goes on. */
  setScene: (scene: Scene | null, index?: number) => void;
  play: () => void;
  pause: () => void;
  /** Frames a second; `stride` shows every stride-th frame only, for those who asked for less motion. */
  setSpeed: (framesPerSecond: number, stride: number) => void;
  /** Moves the playhead; playing goes on from it. */
  seek: (index: number) => void;
  /** Frame at the playhead, up to date: the store's is from the last summary. */
  index: () => number;
  /** Where each track is painted, and where their difference. */
  screen: Pick<Screen, 'setPicture' | 'setDifference'>;
  /** The timeline's stretch, for `drawn`. */
  setTimeline: (from: number, to: number) => void;
  /**
   * Called in each animation frame in which something may have changed: for a playhead that moves smoothly.
   * `exact`: the picture shown is that of frame `index`, not a neighbour's.
   */
  onFrame: (listener: (index: number, exact: boolean) => void) => () => void;
  retry: () => void;
  /** Starts to draw and paint; the function returned stops both. May be mounted again. */
  mount: () => () => void;
}

const SUMMARY_MS = 100;
/** After a hidden tab or a stall: no leap. */
const MAX_STEP_MS = 250;

const initial: PlayerState = {
  playing: false,
  waiting: false,
  index: 0,
  drawn: [],
  framesPerSecond: null,
  msPerFrame: null,
  difference: null,
  error: null,
};

const browserAnimation = {
  request: (callback: (timeMs: number) => void) => requestAnimationFrame(callback),
  cancel: (id: number) => cancelAnimationFrame(id),
};

export function createPlayer(options: PlayerOptions): Player {
  const { animation = browserAnimation } = options;
  const store = createStore<PlayerState>(() => initial);
  const meter = createFrameMeter();
  const listeners = new Set<(index: number, exact: boolean) => void>();
  const screen = createScreen();
  let scene: Scene | null = null;
  let clock: Clock = { position: 0, direction: 1 };
  let speed = { framesPerSecond: 24, stride: 1 };
  let timeline: readonly [number, number] = [0, 0];
  let playing = false;
  let waiting = false;
  let lastMs: number | null = null;
  let summaryMs = -Infinity;
  let frameId = 0;
  let mounted = false;

  const drawer = createFrameDrawer({
    cache: options.cache,
    onDrawn: () => requestTick(),
    onError(error) {
      playing = false;
      store.setState({ error, playing, waiting: false });
    },
  });

  const indexOf = ({ position }: Clock) => {
    const last = (scene?.count ?? 1) - 1;
    const index = Math.min(Math.floor(position + 1e-6), last);
    // Strides are for playing: at rest every frame can be looked at.
    return !playing || index === last ? index : index - (index % speed.stride);
  };

  /** Enough drawn in the direction of travel to go on for half a second without another stop. */
  const canGoOn = () => {
    if (!scene) return false;
    const need = Math.ceil(speed.framesPerSecond / 2);
    for (let offset = 0; offset <= need; offset += speed.stride) {
      const next = indexOf(advance(clock, offset, scene));
      if (!drawer.isDrawn(next)) return false;
    }
    return true;
  };

  const move = (timeMs: number) => {
    const elapsedMs = lastMs === null ? 0 : Math.min(MAX_STEP_MS, timeMs - lastMs);
    lastMs = timeMs;
    if (!playing || !scene || scene.count <= 1) return;
    if (waiting && !canGoOn()) return;
    waiting = false;
    const next = advance(clock, (elapsedMs / 1000) * speed.framesPerSecond, scene);
    if (drawer.isDrawn(indexOf(next))) clock = next;
    else waiting = true;
    drawer.lookAt(indexOf(next));
  };

  const paint = (timeMs: number) => {
    const current = scene;
    if (!current) return;
    const index = indexOf(clock);
    const shown = nearestDrawn(drawer.isDrawn, index, current.count);
    if (shown === null) return;
    const { width, height } = current;
    const rgba = current.tracks.map((_, track) => drawer.peek(track, shown));
    const isNew = screen.show({ rgba, width, height, exact: shown === index });
    if (isNew && playing) meter.presented(timeMs);
  };

  const summarise = (timeMs: number) => {
    summaryMs = timeMs;
    store.setState({
      playing,
      waiting,
      index: indexOf(clock),
      drawn: drawnRanges(drawer.isDrawn, timeline[0], timeline[1]),
      framesPerSecond: playing ? meter.rate(timeMs) : null,
      msPerFrame: drawer.msPerFrame,
      difference: screen.difference(),
    });
  };

  const tick = (timeMs: number) => {
    frameId = 0;
    if (!mounted) return;
    move(timeMs);
    paint(timeMs);
    const index = indexOf(clock);
    for (const listener of listeners) listener(index, drawer.isDrawn(index));
    if (timeMs - summaryMs >= SUMMARY_MS || !playing) summarise(timeMs);
    if (playing) requestTick();
  };

  const requestTick = () => {
    if (frameId === 0 && mounted) frameId = animation.request(tick);
  };

  const seek = (index: number) => {
    if (!scene) return;
    const last = scene.count - 1;
    clock = { position: Math.max(0, Math.min(last, Math.round(index))), direction: 1 };
    waiting = false;
    screen.markStale();
    drawer.lookAt(indexOf(clock));
    requestTick();
  };

  const setPlaying = (next: boolean) => {
    // What is seen stays: a stride shows an earlier frame than the clock's.
    clock = { ...clock, position: indexOf(clock) };
    playing = next;
    waiting = false;
    lastMs = null;
    meter.reset();
    store.setState({ playing, framesPerSecond: null });
    requestTick();
  };

  return {
    store,
    screen,
    seek,
    index: () => indexOf(clock),
    play: () => setPlaying(true),
    pause: () => setPlaying(false),
    setScene(next, index) {
      scene = next;
      store.setState({ error: null });
      if (mounted) drawer.setScene(next);
      seek(index ?? clock.position);
    },
    setSpeed(framesPerSecond, stride) {
      speed = { framesPerSecond, stride: Math.max(1, Math.round(stride)) };
      requestTick();
    },
    setTimeline(from, to) {
      timeline = [from, to];
      requestTick();
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry() {
      store.setState({ error: null });
      drawer.retry();
      requestTick();
    },
    mount() {
      mounted = true;
      drawer.setScene(scene);
      seek(clock.position);
      return () => {
        mounted = false;
        animation.cancel(frameId);
        frameId = 0;
        drawer.setScene(null);
      };
    },
  };
}
