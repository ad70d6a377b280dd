/** The Walk panel as a person uses it, on the bundled faces. */
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe';
import { allPainted, largestDifference, readPicture, SAME } from './support/pictures';
import {
  frameAt,
  goTo,
  keyframeNames,
  keyframes,
  meanDifference,
  openWalk,
  stage,
  timeline,
} from './support/walk';

const shownFrame = async (page: Page) => Number(await stage(page).getAttribute('data-frame'));

test('starts to play by itself, measures its rate, and pauses by Space', async ({ page }) => {
  await page.goto('./?backend=wasm#panel=walk');
  await expect.poll(() => shownFrame(page)).toBeGreaterThan(3);
  await expect(page.getByTestId('drawn')).toHaveAttribute('data-drawn', '97');
  await expect
    .poll(async () => Number(await page.getByTestId('rate').getAttribute('data-rate')))
    .toBeGreaterThan(5);

  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const frame = await shownFrame(page);
  await page.waitForTimeout(300);
  expect(await shownFrame(page)).toBe(frame);
  await expect(page).toHaveURL(new RegExp(`frame=${frame}(&|$)`));

  await page.keyboard.press('ArrowRight');
  await frameAt(page, frame + 1);
  await timeline(page).focus();
  await page.keyboard.press('Space');
  await expect.poll(() => shownFrame(page)).not.toBe(frame + 1);
  await expect(page).not.toHaveURL(/frame=/);
});

test('walks between three that were kept, smoothly; the link shows the same frame', async ({
  page,
  browser,
}) => {
  await page.goto('./?backend=wasm#seed=4');
  await allPainted(page);
  for (const [count, place] of [1, 6, 11].entries()) {
    await page.getByRole('option').nth(place).click();
    await page.keyboard.press('k');
    await expect(page.getByTestId('shelf-item')).toHaveCount(count + 1);
  }
  await page.getByRole('link', { name: 'Walk' }).click();
  await page.getByRole('button', { name: 'From the shelf (3)' }).click();
  await expect(keyframes(page)).toHaveCount(3);

  const start = await goTo(page, 0);
  const end = await goTo(page, 24);
  const whole = meanDifference(start, end);
  expect(whole).toBeGreaterThan(5);
  let previous = await goTo(page, 8);
  for (let index = 9; index <= 14; index++) {
    await page.keyboard.press('ArrowRight');
    const next = await frameAt(page, index);
    expect(meanDifference(previous, next)).toBeGreaterThan(0);
    expect(meanDifference(previous, next)).toBeLessThan(whole / 3);
    previous = next;
  }

  const box = await timeline(page).boundingBox();
  if (!box) throw new Error('no timeline');
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  const scrubbed = await shownFrame(page);
  expect(scrubbed).toBeGreaterThan(30);
  const here = await frameAt(page, scrubbed);
  expect(meanDifference(here, start)).toBeGreaterThan(5);

  await expect(page).toHaveURL(new RegExp(`frame=${scrubbed}`));
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const other = await context.newPage();
  await other.goto(`./?backend=wasm${new URL(page.url()).hash}`);
  const there = await frameAt(other, scrubbed);
  expect(largestDifference(here, there)).toBeLessThanOrEqual(SAME);
  await context.close();
});

test('keyframes are put in order by keys and by dragging, replaced, removed; Back undoes', async ({
  page,
}) => {
  await openWalk(page);
  const names = await keyframeNames(page);
  expect(names.length).toBe(5);
  const [a = '', b = '', c = '', ...rest] = names;
  const second = await goTo(page, 24);

  // As in every sortable list here: Space picks up, arrows move, Space drops.
  await page.getByRole('button', { name: `Keyframe 1: ${a}` }).focus();
  await page.keyboard.press('Space');
  await page.waitForTimeout(150);
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(150);
  await page.keyboard.press('Space');
  await expect.poll(() => keyframeNames(page)).toEqual([b, a, c, ...rest]);
  await goTo(page, 0);
  expect(largestDifference(await frameAt(page, 0), second)).toBeLessThanOrEqual(SAME);

  // In one stroke.
  await page.getByRole('button', { name: `Keyframe 1: ${b}` }).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => keyframeNames(page)).toEqual(names);

  const from = await keyframes(page).nth(0).boundingBox();
  const to = await keyframes(page).nth(2).boundingBox();
  if (!from || !to) throw new Error('no keyframes');
  await page.mouse.move(from.x + 20, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(to.x + 10, to.y + 30, { steps: 6 });
  await page.mouse.move(to.x + 25, to.y + 30, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => keyframeNames(page)).toEqual([b, c, a, ...rest]);

  await keyframes(page).nth(1).hover();
  await page.getByRole('button', { name: 'Menu of keyframe 2' }).click();
  await page.getByRole('menuitem', { name: 'Replace with a random one' }).click();
  await expect.poll(async () => (await keyframeNames(page))[1]).not.toBe(c);
  await page.getByRole('button', { name: /^Keyframe 5:/ }).focus();
  await page.keyboard.press('Delete');
  await expect(keyframes(page)).toHaveCount(4);
  await page.goBack();
  await expect(keyframes(page)).toHaveCount(5);
});

test('a latent from the shelf follows the keyframes, by click and by dragging', async ({
  page,
}) => {
  await openWalk(page);
  await goTo(page, 30);
  await page.keyboard.press('k');
  await expect(page.getByTestId('shelf-item')).toHaveCount(1);
  await page.getByTestId('shelf-item').getByRole('button').first().click();
  await expect(keyframes(page)).toHaveCount(6);
  expect((await keyframeNames(page)).at(-1)).toBe('Walk, frame 31');

  const item = await page.getByTestId('shelf-item').boundingBox();
  const place = await keyframes(page).nth(1).boundingBox();
  if (!item || !place) throw new Error('nothing to drag');
  await page.mouse.move(item.x + 30, item.y + 30);
  await page.mouse.down();
  await page.mouse.move(place.x + 20, place.y + 40, { steps: 10 });
  await page.mouse.move(place.x + 24, place.y + 40, { steps: 3 });
  await page.mouse.up();
  await expect(keyframes(page)).toHaveCount(7);
  expect((await keyframeNames(page))[1]).toBe('Walk, frame 31');
});

test('straight and sphere agree at keyframes and differ between them', async ({ page }) => {
  await openWalk(page, 'frame=36&compare=1');
  const number = async () => {
    const text = await page.getByTestId('difference').textContent();
    return Number(/mean ([\d.]+)/.exec(text ?? '')?.[1]);
  };
  const faces = stage(page).getByTestId('face');
  await expect(faces).toHaveCount(3);
  await expect.poll(number).toBeGreaterThan(1);
  expect(
    meanDifference(await readPicture(faces.nth(0)), await readPicture(faces.nth(1))),
  ).toBeCloseTo(await number(), 1);
  await goTo(page, 24);
  await expect.poll(number).toBe(0);

  await page.getByRole('switch', { name: 'Compare both' }).click();
  await expect(faces).toHaveCount(1);
  const straight = await goTo(page, 36);
  await page.getByRole('radio', { name: 'Sphere (slerp)' }).click();
  await expect(page).toHaveURL(/interp=slerp/);
  await expect
    .poll(async () => meanDifference(straight, await frameAt(page, 36)))
    .toBeGreaterThan(1);
  await expect(page.getByRole('img', { name: /Straight lines fall to/ })).toBeVisible();
});

test('a closed walk, an endless one, and the film strip', async ({ page, browser }) => {
  await openWalk(page);
  await expect(page.getByTestId('strip')).toHaveAttribute('data-painted', '36');
  const strip = await readPicture(page.getByTestId('strip'));
  expect([strip.width, strip.height]).toEqual([9 * 64, 4 * 64]);
  const box = await page.getByTestId('strip').boundingBox();
  if (!box) throw new Error('no strip');
  await page.mouse.click(box.x + box.width * (4.5 / 9), box.y + box.height * (2.5 / 4));
  await frameAt(page, 60);

  await expect(timeline(page)).toHaveAttribute('aria-valuemax', '96');
  await page.getByRole('switch', { name: 'Closed loop' }).click();
  await expect(timeline(page)).toHaveAttribute('aria-valuemax', '119');
  await expect(page.getByTestId('strip')).toHaveAttribute('data-painted', '45');

  await page.getByRole('radio', { name: 'Endless' }).click();
  await expect(keyframes(page)).toHaveCount(0);
  const first = await goTo(page, 50);
  await page.keyboard.press('ArrowRight');
  const next = await frameAt(page, 51);
  expect(meanDifference(first, next)).toBeGreaterThan(0);
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const other = await context.newPage();
  await openWalk(other, 'walk=endless&frame=51');
  expect(largestDifference(next, await frameAt(other, 51))).toBeLessThanOrEqual(SAME);
  await context.close();
});

test('who asked for less motion gets steps, and only when playing is pressed', async ({
  browser,
}) => {
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
  const page = await context.newPage();
  await openWalk(page, '');
  await page.waitForTimeout(700);
  expect(await shownFrame(page)).toBe(0);
  await page.keyboard.press('Space');
  const seen = new Set<number>();
  for (let i = 0; i < 24; i++) {
    seen.add(await shownFrame(page));
    await page.waitForTimeout(100);
  }
  expect([...seen].every((frame) => frame % 12 === 0)).toBe(true);
  expect(seen.size).toBeGreaterThanOrEqual(2);
  expect(seen.size).toBeLessThanOrEqual(4);
  await page.keyboard.press('Space');
  await goTo(page, 7);
  await context.close();
});

test('another mask and another model are another walk', async ({ page }) => {
  await openWalk(page, 'frame=10&mask=main.9:0-24');
  await expect(page.getByTestId('drawn')).toHaveAttribute('data-drawn', '97');
  const masked = await frameAt(page, 10);
  await page.evaluate(() => {
    location.hash = location.hash.replace(/&mask=[^&]*/, '');
  });
  await expect.poll(async () => meanDifference(masked, await frameAt(page, 10))).toBeGreaterThan(1);

  await page.evaluate(() => {
    location.hash = location.hash.replace(/model=[^&]*/, 'model=digits-32');
  });
  await expect.poll(async () => (await frameAt(page, 10)).width).toBe(32);
  await expect(page.getByTestId('strip')).toHaveAttribute('data-painted', '36');
  await expect(page.getByTestId('strip')).toHaveAttribute('width', String(9 * 32));
  await allPainted(page);
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`nothing stands in the way at ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openWalk(page, 'frame=12&compare=1');
    await allPainted(page);
    await expectAccessible(page, `Walk at ${width} × ${height}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    if (width >= 1440) {
      const main = page.locator('#main');
      expect(
        await main.evaluate((element) => element.scrollHeight - element.clientHeight),
      ).toBeLessThanOrEqual(1);
    }
  });
}
