import { describe, expect, it } from 'vitest';
import type { RgbaImages } from '../../engine/api';
import { chunkSize, createGridDrawer, nextChunk } from './grid-drawer';

const images = (count: number): RgbaImages => ({
  count,
  height: 1,
  width: 1,
  data: new Uint8ClampedArray(count * 4),
  latencyMs: count,
});

const latents = (count: number, value: number) =>
  Array.from({ length: count }, () => new Float32Array([value]));

async function settle() {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}

function setUp() {
  const requests: { size: number; value: number | undefined; answer: () => void }[] = [];
  const shown = new Map<number, number>();
  const errors: unknown[] = [];
  let fail = false;
  const drawer = createGridDrawer({
    render: (z) =>
      new Promise((resolve, reject) => {
        requests.push({
          size: z.length,
          value: z[0]?.[0],
          answer: () => (fail ? reject(new Error('device')) : resolve(images(z.length))),
        });
      }),
    paint: (first, { count }) => {
      const value = requests.at(-1)?.value ?? NaN;
      for (let i = 0; i < count; i++) shown.set(first + i, value);
    },
    onProgress: () => undefined,
    onError: (error) => errors.push(error),
  });
  const answer = async () => {
    requests.at(-1)?.answer();
    await settle();
  };
  return {
    drawer,
    requests,
    shown,
    errors,
    answer,
    setFail: (next: boolean) => {
      fail = next;
    },
  };
}

describe('grid drawer', () => {
  it('draws a small first chunk, then larger ones, each cell once', async () => {
    const { drawer, requests, shown, answer } = setUp();
    drawer.setCells(latents(24, 1));
    await answer();
    await answer();
    await answer();
    expect(requests.map((request) => request.size)).toEqual([4, 16, 4]);
    expect([...shown.keys()]).toHaveLength(24);
  });

  it('goes on where it was when the cells change, so that no cell starves', async () => {
    const { drawer, requests, shown, answer } = setUp();
    drawer.setCells(latents(24, 1));
    await answer();
    drawer.setCells(latents(24, 2));
    await answer();
    drawer.setCells(latents(24, 3));
    await answer();
    // 4–19 were asked for before the last change; the run goes on behind them.
    expect(requests.map((request) => request.value)).toEqual([1, 1, 2, 3]);
    await answer();
    await answer();
    await answer();
    expect(new Set(shown.values())).toEqual(new Set([3]));
  });

  it('reports a failure and can go on', async () => {
    const { drawer, errors, shown, answer, setFail } = setUp();
    setFail(true);
    drawer.setCells(latents(4, 1));
    await answer();
    expect(errors).toHaveLength(1);
    setFail(false);
    drawer.setCells(latents(4, 2));
    await answer();
    expect(shown.size).toBe(4);
  });
});

it('chunk sizes are powers of two that fit the time', () => {
  expect(chunkSize(null)).toBe(4);
  expect(chunkSize(1)).toBe(16);
  expect(chunkSize(30)).toBe(2);
  expect(chunkSize(500)).toBe(1);
});

it('the next chunk is a run of stale cells', () => {
  const stale = new Set([1, 2, 5]);
  expect(nextChunk(6, 0, (i) => stale.has(i), 4)).toEqual({ start: 1, end: 3 });
  expect(nextChunk(6, 3, (i) => stale.has(i), 4)).toEqual({ start: 5, end: 6 });
  expect(nextChunk(6, 0, () => false, 4)).toBeNull();
});
