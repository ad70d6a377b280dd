import { describe, expect, it, vi } from 'vitest';
import { createFrameCache } from './frame-cache';
import type { RenderFrames } from './film';
import type { Scene } from './frame-drawer';
import { createPlayer } from './player';
import { pixelDifference } from './screen';

const SIZE = 2;
const FRAME_BYTES = SIZE * SIZE * 4;

/** Animation frames that a test hands out. */
function handAnimation() {
  let pending: ((timeMs: number) => void) | null = null;
  let nowMs = 0;
  return {
    animation: {
      request(callback: (timeMs: number) => void) {
        pending = callback;
        return 1;
      },
      cancel() {
        pending = null;
      },
    },
    /** Runs animation frames of 1/60 s for so long. */
    run(milliseconds: number) {
      for (const end = nowMs + milliseconds; nowMs < end;) {
        nowMs += 1000 / 60;
        const callback = pending;
        pending = null;
        callback?.(nowMs);
      }
    },
    get idle() {
      return pending === null;
    },
  };
}

const render: RenderFrames = (z) =>
  Promise.resolve({
    width: SIZE,
    height: SIZE,
    data: new Uint8ClampedArray(z.length * FRAME_BYTES),
  });

const scene = (count: number, draw: RenderFrames = render): Scene => ({
  prefix: 'm',
  render: draw,
  width: SIZE,
  height: SIZE,
  units: {},
  count,
  loop: false,
  tracks: [{ latent: (index) => Float32Array.of(index) }],
});

function setUp() {
  const hand = handAnimation();
  const cache = createFrameCache(1000 * FRAME_BYTES);
  const player = createPlayer({ cache, animation: hand.animation });
  player.mount();
  const drawn = (count: number) =>
    vi.waitFor(() => {
      hand.run(20);
      expect(player.store.getState().drawn).toEqual([[0, count]]);
    });
  return { hand, player, drawn };
}

describe('createPlayer', () => {
  it('draws what the timeline shows, at rest', async () => {
    const { hand, player, drawn } = setUp();
    player.setTimeline(0, 50);
    player.setScene(scene(50));
    await drawn(50);
    hand.run(100);
    expect(hand.idle).toBe(true);
    expect(player.store.getState()).toMatchObject({ playing: false, index: 0, waiting: false });
  });

  it('plays at its speed, and back from the end', async () => {
    const { hand, player, drawn } = setUp();
    player.setTimeline(0, 49);
    player.setScene(scene(49));
    await drawn(49);
    player.setSpeed(24, 1);
    player.play();
    hand.run(1100);
    expect(player.store.getState().index).toBeGreaterThanOrEqual(24);
    expect(player.store.getState().index).toBeLessThanOrEqual(27);
    hand.run(1900);
    const { index } = player.store.getState();
    expect(index).toBeGreaterThan(20);
    expect(index).toBeLessThan(28);
    player.pause();
    hand.run(500);
    expect(player.store.getState().index).toBe(index);
  });

  it('waits for frames rather than skipping them', async () => {
    let release: () => void = () => undefined;
    const slow: RenderFrames = async (z, options) => {
      await new Promise<void>((resolve) => (release = resolve));
      return render(z, options);
    };
    const { hand, player } = setUp();
    player.setTimeline(0, 100);
    player.setScene(scene(100, slow));
    player.setSpeed(30, 1);
    player.play();
    hand.run(2000);
    expect(player.store.getState()).toMatchObject({ index: 0, waiting: true, playing: true });
    for (let i = 0; i < 40; i++) {
      release();
      await new Promise((resolve) => setTimeout(resolve));
    }
    hand.run(1000);
    expect(player.store.getState().waiting).toBe(false);
    expect(player.store.getState().index).toBeGreaterThan(20);
  });

  it('keeps a playhead within a shorter walk', async () => {
    const { hand, player, drawn } = setUp();
    player.setTimeline(0, 50);
    player.setScene(scene(50), 45);
    await drawn(50);
    expect(player.store.getState().index).toBe(45);
    player.setScene(scene(10));
    hand.run(50);
    expect(player.store.getState().index).toBe(9);
  });

  it('shows every stride-th frame only where less motion is asked for', async () => {
    const { hand, player, drawn } = setUp();
    player.setTimeline(0, 49);
    player.setScene(scene(49));
    await drawn(49);
    player.setSpeed(12, 12);
    player.play();
    const seen = new Set<number>();
    player.onFrame((index) => seen.add(index));
    hand.run(4200);
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 12, 24, 36, 48]);
    const shown = player.index();
    player.pause();
    expect(player.index()).toBe(shown);
    player.seek(17);
    expect(player.index()).toBe(17);
  });

  it('rests while it is not mounted, and goes on when it is mounted again', async () => {
    const { hand, player, drawn } = setUp();
    const unmount = player.mount();
    unmount();
    player.setTimeline(0, 30);
    player.setScene(scene(30));
    hand.run(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(player.store.getState().drawn).toEqual([]);
    player.mount();
    await drawn(30);
  });

  it('stops and says why when the device fails, and goes on after a retry', async () => {
    let failing = true;
    const flaky: RenderFrames = (z, options) =>
      failing ? Promise.reject(new Error('device lost')) : render(z, options);
    const { hand, player, drawn } = setUp();
    player.setTimeline(0, 20);
    player.setScene(scene(20, flaky));
    player.play();
    await vi.waitFor(() => expect(player.store.getState().error).toBeInstanceOf(Error));
    expect(player.store.getState().playing).toBe(false);
    failing = false;
    player.retry();
    expect(player.store.getState().error).toBeNull();
    await drawn(20);
    hand.run(10);
  });
});

describe('pixelDifference', () => {
  it('is the mean and largest difference of colors, and a brighter picture of it', () => {
    const a = Uint8ClampedArray.of(10, 20, 30, 255, 0, 0, 0, 255);
    const b = Uint8ClampedArray.of(10, 26, 30, 255, 0, 0, 90, 255);
    const picture = new Uint8ClampedArray(8);
    expect(pixelDifference(a, b, picture)).toEqual({ mean: 16, max: 90 });
    expect([...picture]).toEqual([0, 24, 0, 255, 0, 0, 255, 255]);
  });
});
