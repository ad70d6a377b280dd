/** Every export is downloaded and decoded again: by pngjs, our own GIF reader, and the browser's player. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { decodeGif } from '../src/export/gif-testing';
import { largestDifference, readPicture, SAME, type Picture } from './support/pictures';
import { frameAt, goTo, keyframes, openWalk } from './support/walk';

/** Short, so that two slow cores encode it soon: 2 × 12 + 1 frames. */
const WALK = 'frame=5&keys=s3.0,s3.1,s3.2&frames=12&fps=25&steps=5';
const FRAMES = 25;

async function save(page: Page, entry: string | RegExp): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: entry }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Every scale-th pixel of a picture that was enlarged by whole blocks. */
function shrink(png: { width: number; height: number; data: Uint8Array }, scale: number): Picture {
  const [width, height] = [png.width / scale, png.height / scale];
  const data: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * scale * png.width + x * scale) * 4;
      data.push(...png.data.subarray(at, at + 4));
    }
  }
  return { width, height, data };
}

test('a frame as PNG has the very pixels of the screen, and opens as the walk it came from', async ({
  page,
}) => {
  await openWalk(page, WALK);
  const shown = await frameAt(page, 5);
  const { name, bytes } = await save(page, 'This frame (PNG)');
  expect(name).toBe('frame-6-characters-64.png');
  const png = PNG.sync.read(bytes);
  expect([png.width, png.height]).toEqual([256, 256]);
  expect(largestDifference(shrink(png, 4), shown)).toBe(0);

  await openWalk(page, 'frame=0&keys=s9.0,s9.1');
  await page.getByTestId('open-walk').setInputFiles({ name, mimeType: 'image/png', buffer: bytes });
  await expect(keyframes(page)).toHaveCount(3);
  expect(largestDifference(shown, await frameAt(page, 5))).toBeLessThanOrEqual(SAME);
});

test('the film strip as PNG: a row a pair', async ({ page }) => {
  await openWalk(page, WALK);
  const { name, bytes } = await save(page, 'Film strip (PNG)');
  expect(name).toBe('strip-characters-64.png');
  const png = PNG.sync.read(bytes);
  // Five pictures a row at 128 pixels, two rows, gaps of two.
  expect([png.width, png.height]).toEqual([5 * 128 + 4 * 2, 2 * 128 + 2]);
  await expect(page.getByTestId('strip')).toHaveAttribute('data-painted', '10');
  const strip = await readPicture(page.getByTestId('strip'));
  for (const [column, row] of [
    [0, 0],
    [4, 0],
    [2, 1],
  ] as const) {
    const there = ((row * 64 + 20) * strip.width + column * 64 + 30) * 4;
    const here = ((row * 130 + 40) * png.width + column * 130 + 60) * 4;
    expect([...png.data.subarray(here, here + 3)]).toEqual(strip.data.slice(there, there + 3));
  }
});

test('the walk as GIF: every frame, its size and its time', async ({ page }) => {
  await openWalk(page, WALK);
  const { name, bytes } = await save(page, 'Animation (GIF)');
  expect(name).toBe('walk-characters-64.gif');
  const gif = decodeGif(new Uint8Array(bytes));
  expect([gif.width, gif.height, gif.loops]).toEqual([256, 256, 0]);
  expect(gif.frames.length).toBe(FRAMES);
  expect(gif.frames.reduce((sum, { delayCs }) => sum + delayCs, 0)).toBe(100);

  const shown = await frameAt(page, 5);
  const rgb = gif.frames[5]?.rgb ?? new Uint8Array();
  let sum = 0;
  for (let i = 0; i < 64 * 64; i++) {
    const at = (Math.floor(i / 64) * 4 * 256 + (i % 64) * 4) * 3;
    for (let c = 0; c < 3; c++) {
      sum += Math.abs((rgb[at + c] ?? 0) - (shown.data[i * 4 + c] ?? 0));
    }
  }
  // 256 colors for the whole film.
  expect(sum / (64 * 64 * 3)).toBeLessThan(6);
});

/** What the browser's own player says of a video, and its picture at a time. */
async function play(page: Page, bytes: Buffer, type: string, timeSeconds: number) {
  return page.evaluate(
    async ([base64, mime, time]) => {
      const data = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const video = document.createElement('video');
      video.muted = true;
      const event = (name: string) =>
        new Promise<void>((resolve, reject) => {
          video.addEventListener(name, () => resolve(), { once: true });
          video.addEventListener('error', () => reject(new Error(video.error?.message)));
        });
      const ready = event('loadeddata');
      video.src = URL.createObjectURL(new Blob([data], { type: mime }));
      await ready;
      const sought = event('seeked');
      video.currentTime = time;
      await sought;
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(video, 0, 0);
      return {
        width: video.videoWidth,
        height: video.videoHeight,
        duration: video.duration,
        data: [...context.getImageData(0, 0, canvas.width, canvas.height).data],
      };
    },
    [bytes.toString('base64'), type, timeSeconds] as const,
  );
}

for (const [entry, extension, type] of [
  [/MP4 \(H\.264\)/, 'mp4', 'video/mp4'],
  [/WebM \(VP/, 'webm', 'video/webm'],
] as const) {
  test(`the walk as ${extension}: plays, has its size, length and pictures`, async ({ page }) => {
    await openWalk(page, WALK);
    const shown = await frameAt(page, 5);
    await page.getByRole('button', { name: 'Export' }).click();
    const answered = page.getByRole('menuitem', { name: /\(H\.264\)|\(VP|cannot encode/ });
    await expect(answered).toHaveCount(2);
    const offered = await page.getByRole('menuitem', { name: entry }).count();
    await page.keyboard.press('Escape');
    test.skip(offered === 0, `this browser does not encode ${extension}`);

    const { name, bytes } = await save(page, entry);
    expect(name).toBe(`walk-characters-64.${extension}`);
    const video = await play(page, bytes, type, 5.5 / 25);
    expect([video.width, video.height]).toEqual([256, 256]);
    expect(video.duration).toBeCloseTo(FRAMES / 25, 1);
    const small = shrink({ ...video, data: Uint8Array.from(video.data) }, 4);
    let sum = 0;
    for (let i = 0; i < small.data.length; i++) {
      if (i % 4 < 3) sum += Math.abs((small.data[i] ?? 0) - (shown.data[i] ?? 0));
    }
    expect(sum / (64 * 64 * 3)).toBeLessThan(8);
  });
}

test('keyframes as JSON give the same walk again, also on a fresh page', async ({ page }) => {
  await openWalk(page, `${WALK}&interp=slerp&closed=1&ease=ease-in-out`);
  const shown = await goTo(page, 29, 12);
  const { name, bytes } = await save(page, 'Keyframes (JSON)');
  expect(name).toBe('walk-characters-64.json');
  const file = JSON.parse(bytes.toString()) as {
    model: { modelHash: string };
    keyframes: { z: number[]; ref: string }[];
  };
  expect(file.model.modelHash).toMatch(/^[0-9a-f]{64}$/);
  expect(file.keyframes.map(({ ref, z }) => [ref, z.length])).toEqual([
    ['s3.0', 100],
    ['s3.1', 100],
    ['s3.2', 100],
  ]);

  await openWalk(page);
  await page
    .getByTestId('open-walk')
    .setInputFiles({ name, mimeType: 'application/json', buffer: bytes });
  await expect(keyframes(page)).toHaveCount(3);
  expect(largestDifference(shown, await frameAt(page, 29))).toBeLessThanOrEqual(SAME);
  await expect(page).toHaveURL(/interp=slerp/);

  await page.getByTestId('open-walk').setInputFiles({
    name: 'broken.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"v": 1}'),
  });
  await expect(page.locator('[data-level="error"]')).toContainText('broken.json');
  await expect(keyframes(page)).toHaveCount(3);
});

test('a long export shows how far it is and can be cancelled', async ({ page }) => {
  await openWalk(page, 'frame=0&frames=120');
  let downloads = 0;
  page.on('download', () => downloads++);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Animation (GIF)' }).click();
  const bar = page.getByRole('progressbar', { name: /GIF: frame/ });
  await expect(bar).toBeVisible();
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Export' })).toBeEnabled();
  await page.waitForTimeout(500);
  expect(downloads).toBe(0);
  await expect(page.locator('[data-level="error"]')).toHaveCount(0);
});

test('a browser without a video encoder is told to take the GIF', async ({ page }) => {
  await page.addInitScript(() => {
    delete (window as { VideoEncoder?: unknown }).VideoEncoder;
  });
  await openWalk(page, WALK);
  await page.getByRole('button', { name: 'Export' }).click();
  const entries = page.getByRole('menuitem', { name: /cannot encode .*; take the GIF/ });
  await expect(entries).toHaveCount(2);
  await expect(entries.first()).toBeDisabled();
});
