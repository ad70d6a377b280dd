import { describe, expect, it, vi } from 'vitest';
import { createFrameCache } from './frame-cache';
import { createFilm, type RenderFrames } from './film';
import { createFrameDrawer, type Scene } from './frame-drawer';

const SIZE = 4;
const FRAME_BYTES = SIZE * SIZE * 4;

/** Draws a frame whose every byte is its latent's first number. */
function device(delayMs = 0) {
  const requests: number[][] = [];
  const render: RenderFrames = async (z, { signal }) => {
    requests.push(z.map((latent) => latent[0] ?? NaN));
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    signal?.throwIfAborted();
    const data = new Uint8ClampedArray(z.length * FRAME_BYTES);
    z.forEach((latent, i) => data.fill(latent[0] ?? 0, i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
    return { width: SIZE, height: SIZE, data };
  };
  return { render, requests };
}

const sceneOf =
  (render: RenderFrames) =>
  (count: number, offsets = [0], prefix = 'm'): Scene => ({
    prefix,
    render,
    width: SIZE,
    height: SIZE,
    units: {},
    count,
    loop: false,
    tracks: offsets.map((offset) => ({ latent: (index) => Float32Array.of(index + offset) })),
  });

function setUp(maxFrames = 1000, delayMs = 0) {
  const cache = createFrameCache(maxFrames * FRAME_BYTES);
  const { render, requests } = device(delayMs);
  const onError = vi.fn();
  const drawer = createFrameDrawer({ cache, onDrawn: () => undefined, onError });
  const drawn = (count: number) =>
    vi.waitFor(() => {
      for (let i = 0; i < count; i++) expect(drawer.isDrawn(i)).toBe(true);
    });
  return { cache, requests, drawer, drawn, onError, scene: sceneOf(render) };
}

describe('createFrameDrawer', () => {
  it('draws the whole path ahead, each frame once', async () => {
    const { drawer, drawn, requests, scene } = setUp();
    drawer.setScene(scene(40));
    await drawn(40);
    expect(requests.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(drawer.peek(0, 17)?.[0]).toBe(17);
    expect(drawer.msPerFrame).toBeGreaterThan(0);
  });

  it('draws first where the playhead was moved to', async () => {
    const { drawer, requests, scene } = setUp(1000, 5);
    drawer.setScene(scene(200));
    drawer.lookAt(120);
    await vi.waitFor(() => expect(drawer.isDrawn(120)).toBe(true));
    expect(requests[1]?.[0]).toBe(120);
  });

  it('finds frames again after a reorder, and not those of another model', async () => {
    const { drawer, drawn, requests, scene } = setUp();
    drawer.setScene(scene(10));
    await drawn(10);
    const before = requests.flat().length;
    const reversed: Scene = {
      ...scene(10),
      tracks: [{ latent: (index) => Float32Array.of(9 - index) }],
    };
    drawer.setScene(reversed);
    await drawn(10);
    expect(requests.flat().length).toBe(before);
    drawer.setScene(scene(10, [0], 'other'));
    expect(drawer.isDrawn(0)).toBe(false);
    await drawn(10);
    expect(requests.flat().length).toBe(before + 10);
  });

  it('counts a frame as drawn when both tracks have it', async () => {
    const { drawer, drawn, requests, scene } = setUp();
    drawer.setScene(scene(6, [0, 100]));
    await drawn(6);
    expect(drawer.peek(1, 3)?.[0]).toBe(103);
    expect(requests.flat().length).toBe(12);
  });

  it('stays within its bytes and comes to rest on a path longer than the cache', async () => {
    const { drawer, cache, requests, scene } = setUp(20);
    drawer.setScene(scene(100));
    await vi.waitFor(() => expect(drawer.isDrawn(13)).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(requests.flat().length).toBe(14);
    expect(cache.bytes).toBeLessThanOrEqual(20 * FRAME_BYTES);
    drawer.lookAt(50);
    await vi.waitFor(() => expect(drawer.isDrawn(63)).toBe(true));
  });

  it('drops what an older scene still had under way', async () => {
    const { drawer, drawn, onError, scene } = setUp(1000, 10);
    drawer.setScene(scene(50));
    drawer.setScene(scene(5, [1000]));
    await drawn(5);
    expect(drawer.peek(0, 0)?.[0]).toBe(255);
    expect(onError).not.toHaveBeenCalled();
  });

  it('reports a failing device once, waits, and goes on when told to', async () => {
    const cache = createFrameCache(100 * FRAME_BYTES);
    const { render } = device();
    const onError = vi.fn();
    let failing = true;
    const drawer = createFrameDrawer({ cache, onDrawn: () => undefined, onError });
    const scene = sceneOf((z, options) =>
      failing ? Promise.reject(new Error('lost')) : render(z, options),
    );
    drawer.setScene(scene(8));
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1));
    drawer.lookAt(3);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(onError).toHaveBeenCalledTimes(1);
    failing = false;
    drawer.retry();
    await vi.waitFor(() => expect(drawer.isDrawn(7)).toBe(true));
  });
});

describe('createFilm', () => {
  const film = (maxFrames: number, delayMs = 0) => {
    const { render, requests } = device(delayMs);
    const cache = createFrameCache(maxFrames * FRAME_BYTES);
    const latents = Array.from({ length: 20 }, (_, index) => Float32Array.of(index));
    return {
      ...createFilm({
        cache,
        look: { prefix: 'm', width: SIZE, height: SIZE, units: {}, render },
        latents,
      }),
      requests,
    };
  };

  it('draws frames in order, in chunks, each once', async () => {
    const { frame, requests, count } = film(100);
    for (let i = 0; i < count; i++) expect((await frame(i))[0]).toBe(i);
    expect(requests.flat()).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(requests.length).toBeLessThan(5);
  });

  it('gives frames even where the cache holds none of them', async () => {
    const { frame, count } = film(0.5);
    for (let i = 0; i < count; i++) expect((await frame(i))[0]).toBe(i);
  });

  it('stops when cancelled', async () => {
    const { frame } = film(100, 5);
    const controller = new AbortController();
    const cancelled = frame(4, controller.signal);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  });
});
