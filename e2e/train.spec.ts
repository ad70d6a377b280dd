/** The Train panel as a person uses it. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { tabTo } from './support/arithmetic';
import { expectAccessible } from './support/axe';
import { allPainted, readPicture, variance } from './support/pictures';
import {
  fixedPictures,
  greyIdx,
  holidayZip,
  openTrain,
  quality,
  reaches,
  status,
  stepOf,
  TINY,
  trainButton,
} from './support/train';
import { meanDifference } from './support/walk';

const banner = (page: Page) => page.getByTestId('resume-banner');
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

test('bundled characters in 300 steps, left by a reload on the way: half as far from real pictures, and as diverse', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await openTrain(page, 'upto=300');
  await expect(page.getByTestId('set-count')).toContainText('32×32');
  await expect(page.getByText('Nothing is uploaded').first()).toBeVisible();
  await trainButton(page).click();
  await reaches(page, 40);
  await page.keyboard.press('Space');
  await expect(status(page)).toHaveText('Paused');
  const paused = await stepOf(page);
  await page.waitForTimeout(400);
  expect(await stepOf(page)).toBe(paused);

  await page.reload();
  await expect(banner(page)).toContainText(`left at step ${paused}`);
  await banner(page).getByRole('button', { name: 'Resume' }).click();
  await expect(status(page)).toHaveText('Training');
  await expect(banner(page)).toHaveCount(0);
  await reaches(page, paused + 1);
  expect(await stepOf(page)).toBeLessThan(paused + 100);

  await page.getByRole('link', { name: 'Explore' }).click();
  const badge = page.getByTestId('training-badge');
  await expect(badge).toContainText(/Training: step \d+/);
  await badge.getByRole('button', { name: /Back to it/ }).click();

  await expect(status(page)).toHaveText('Finished', { timeout: 240_000 });
  expect(await stepOf(page)).toBe(300);
  const { distance, firstDistance, diversity, diversityOfData } = await quality(page);
  console.log(
    `sliced Wasserstein ${firstDistance!.toFixed(1)} → ${distance!.toFixed(1)}, diversity ${diversity!.toFixed(1)} of the data's ${diversityOfData!.toFixed(1)}`,
  );
  expect(distance!).toBeLessThanOrEqual(firstDistance! / 2);
  expect(diversity!).toBeGreaterThan(diversityOfData! / 2);

  await timeMachine(page);
  await openInExplore(page);
});

/** The first snapshot is noise; the slider leads there and back by keys, and the film plays. */
async function timeMachine(page: Page): Promise<void> {
  const pictures = page.getByTestId('pictures');
  await expect(pictures).toHaveAttribute('data-step', '300');
  const last = await readPicture(fixedPictures(page).first());
  const slider = page.getByRole('slider', { name: 'Time machine' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(pictures).toHaveAttribute('data-step', '0');
  const first = await readPicture(fixedPictures(page).first());
  expect(variance(first)).toBeLessThan(variance(last) / 2);
  expect(meanDifference(first, last)).toBeGreaterThan(10);
  await button(page, 'Play the film').click();
  await expect(button(page, 'Stop the film')).toBeVisible();
  await expect(button(page, 'Play the film')).toBeVisible({ timeout: 30_000 });
  await expect(pictures).toHaveAttribute('data-step', '300');

  await button(page, 'Export').click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Film of the training (GIF)' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^training-.*\.gif$/);
  expect(
    readFileSync(await file.path())
      .subarray(0, 6)
      .toString(),
  ).toBe('GIF89a');
}

/** G becomes a model of all panels; its sixteen z can be kept. */
async function openInExplore(page: Page): Promise<void> {
  const here = await readPicture(fixedPictures(page).nth(5));
  await button(page, 'Open in Latentarium').click();
  await expect(page).toHaveURL(/panel=explore/);
  await expect(page).toHaveURL(/model=local:/);
  await allPainted(page);
  await button(page, 'Keep its 16 z').click();
  await expect(page.getByTestId('shelf-item')).toHaveCount(16);
  await page.getByTestId('shelf-item').nth(5).getByRole('button').first().click();
  const large = page.getByRole('region', { name: 'The chosen one' }).getByTestId('face');
  await expect
    .poll(async () => meanDifference(await readPicture(large), here))
    .toBeLessThanOrEqual(2);
}

test('a zip of forty pictures: what was not read is named; steps by hand, changes in flight', async ({
  page,
}) => {
  await page.goto(`./?backend=wasm#panel=train&data=own&${TINY}`);
  await expect(trainButton(page)).toBeDisabled();
  const zip = { name: 'holiday.zip', mimeType: 'application/zip', buffer: holidayZip(40) };
  await page.getByTestId('train-files').setInputFiles(zip);
  await expect(page.getByTestId('set-count')).toHaveAttribute('data-count', '40');
  await page.getByTestId('report').locator('summary').click();
  await expect(page.getByTestId('report')).toContainText('notes.txt');
  await expect(page.getByTestId('report')).toContainText('again.png');

  // A wrong file after them takes nothing away.
  const stray = { name: 'shopping.txt', mimeType: 'text/plain', buffer: Buffer.from('Bread.') };
  await page.getByTestId('train-files').setInputFiles(stray);
  const notice = page.locator('[data-level="error"]');
  await expect(notice).toContainText('shopping.txt: a text file');
  await expect(notice).toContainText('still chosen');
  await expect(page.getByTestId('set-count')).toHaveAttribute('data-count', '40');
  await notice.getByRole('button', { name: 'Dismiss' }).click();

  await trainButton(page).click();
  await reaches(page, 5);
  await expect(page.getByText('all of them trained on')).toBeVisible();
  await button(page, 'Pause').click();
  await expect(status(page)).toHaveText('Paused');
  const before = await stepOf(page);
  await button(page, 'One step').click();
  await expect.poll(() => stepOf(page)).toBe(before + 1);
  await button(page, 'Only D').click();
  await expect.poll(() => stepOf(page)).toBe(before + 2);
  await button(page, 'Only G').click();
  await expect.poll(() => stepOf(page)).toBe(before + 3);

  await button(page, '½ Learning rate of D').click();
  await expect(page.getByRole('list', { name: 'Changes' })).toContainText(/learning rate of D/i);
  const smoothing = page.getByRole('slider', { name: 'Label smoothing' });
  await expect(smoothing).not.toHaveAttribute('data-disabled');
  await page.getByRole('combobox', { name: 'Loss' }).selectOption('hinge');
  await expect(smoothing).toHaveAttribute('data-disabled');

  const done = await stepOf(page);
  await button(page, 'Export').click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /^The whole run/ }).click();
  const run = readFileSync(await (await saving).path());
  await button(page, 'Stop').click();
  await button(page, /^Discard /).click();
  await expect(page.getByRole('region', { name: 'Kept runs' })).toHaveCount(0);
  const runZip = { name: 'run.zip', mimeType: 'application/zip', buffer: run };
  await page.getByTestId('open-run').setInputFiles(runZip);
  await expect.poll(() => stepOf(page)).toBe(done);
  await button(page, 'One step').click();
  await expect.poll(() => stepOf(page)).toBe(done + 1);
  await button(page, 'Stop').click();

  await button(page, 'Keep on this device').click();
  await expect(page).toHaveURL(/data=kept:/);
  await page.reload();
  await expect(page.getByTestId('set-count')).toHaveAttribute('data-count', '40');
  await button(page, /^Forget /).click();
  await expect(page.getByText('Drop pictures of your own')).toBeVisible();
});

test('a grey IDX file dropped on the panel', async ({ page }) => {
  await page.goto(`./?backend=wasm#panel=train&${TINY}`);
  await expect(page.getByTestId('set-count')).toBeVisible();
  const bytes = greyIdx(30).toString('base64');
  const transfer = await page.evaluateHandle((text) => {
    const data = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const drop = new DataTransfer();
    drop.items.add(new File([data], 'train-images-idx3-ubyte'));
    return drop;
  }, bytes);
  await page.locator('#main').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByTestId('set-count')).toHaveText('30 pictures, 16×16, grey');
  await expect(page.getByTestId('report')).toContainText('IDX');
  await trainButton(page).click();
  await reaches(page, 3);
});

test('pictures dropped on another panel lead to Train', async ({ page }) => {
  await page.goto('./?backend=wasm');
  await allPainted(page);
  const zip = { name: 'a.png', bytes: holidayZip(1).toString('base64') };
  const transfer = await page.evaluateHandle((file) => {
    const data = Uint8Array.from(atob(file.bytes), (char) => char.charCodeAt(0));
    const drop = new DataTransfer();
    drop.items.add(new File([data], file.name, { type: 'image/png' }));
    return drop;
  }, zip);
  await page.locator('#main').dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page).toHaveURL(/panel=train/);
  await expect(page.getByRole('alert')).toBeVisible();
});

test('a worker that dies in mid-step: the banner leads back to the last checkpoint', async ({
  page,
}) => {
  await page.clock.install();
  await openTrain(page, TINY);
  await trainButton(page).click();
  await reaches(page, 5);
  // Pausing writes a checkpoint.
  await button(page, 'Pause').click();
  await expect(status(page)).toHaveText('Paused');
  const saved = await stepOf(page);
  await button(page, 'Resume').click();
  await reaches(page, saved + 1);
  const [engine] = page.workers().filter((worker) => /\/worker-/.test(worker.url()));
  await engine!.evaluate(() => self.close());
  // Calls that were answered before are not waited for longer than this.
  await page.clock.runFor(25_000);
  await expect(banner(page)).toContainText('interrupted', { timeout: 30_000 });
  await banner(page).getByRole('button', { name: 'Resume' }).click();
  await expect(status(page)).toHaveText('Training', { timeout: 30_000 });
  await reaches(page, saved + 3);
  await expect(banner(page)).toHaveCount(0);
});

test('a graphics device that is lost in mid-step: the run comes back to where it was kept', async ({
  page,
}) => {
  await page.goto(`./?backend=webgl#panel=train&${TINY}`);
  await expect(page.getByTestId('set-count')).toBeVisible({ timeout: 30_000 });
  await trainButton(page).click();
  await reaches(page, 3);
  await button(page, 'Pause').click();
  await expect(status(page)).toHaveText('Paused');
  const saved = await stepOf(page);
  const [engine] = page.workers().filter((worker) => /\/worker-/.test(worker.url()));
  await engine!.evaluate(loseAtNextDraw);
  await button(page, 'Resume').click();
  await expect(banner(page)).toContainText('interrupted', { timeout: 30_000 });
  expect(await stepOf(page)).toBe(saved);
  await banner(page).getByRole('button', { name: 'Resume' }).click();
  await reaches(page, saved + 2);
  await expect(banner(page)).toHaveCount(0);
});

/** In the engine's worker: its WebGL context goes as when a driver is reset, once. */
function loseAtNextDraw(): void {
  const { prototype } = WebGL2RenderingContext;
  const draw = Reflect.get(prototype, 'drawElements');
  prototype.drawElements = function (this: WebGL2RenderingContext, ...call) {
    prototype.drawElements = draw;
    this.getExtension('WEBGL_lose_context')?.loseContext();
    draw.apply(this, call);
  };
}

test('by keyboard alone: start, pause, read a chart, go back in time', async ({ page }) => {
  await openTrain(page, TINY);
  // The first is the link of the panel.
  await tabTo(page, /^Train$/);
  await tabTo(page, /^Train$/);
  await page.keyboard.press('Enter');
  await reaches(page, 10);
  await page.locator('#main').focus();
  await page.keyboard.press('Space');
  await expect(status(page)).toHaveText('Paused');
  const paused = await stepOf(page);
  await page.keyboard.press('.');
  await expect.poll(() => stepOf(page)).toBe(paused + 1);
  await page.keyboard.press('d');
  await expect.poll(() => stepOf(page)).toBe(paused + 2);

  const chart = page.getByRole('slider', { name: 'What D says' });
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute(
    'aria-valuetext',
    /^step 1: D\(x\) 0\.\d\d, D\(G\(z\)\) 0\.\d\d$/,
  );
  await page.keyboard.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuetext', /^step 2: /);

  await tabTo(page, /^One snapshot back$/);
  await page.keyboard.press('Enter');
  await expect(page.getByText('back at step')).toBeVisible();
  await page.keyboard.press('Space');
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`nothing stands in the way at ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openTrain(page, TINY);
    await expectAccessible(page, `Train, before the start, at ${width} × ${height}`);
    await expectFits(page, width);
    await trainButton(page).click();
    await reaches(page, 10);
    await button(page, 'Pause').click();
    await expect(status(page)).toHaveText('Paused');
    await expectAccessible(page, `Train, a run, at ${width} × ${height}`);
    await expectFits(page, width);
  });
}

async function expectFits(page: Page, width: number): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  if (width < 1440) return;
  const scroll = await page
    .locator('#main')
    .evaluate((element) => element.scrollHeight - element.clientHeight);
  expect(scroll).toBeLessThanOrEqual(1);
}
