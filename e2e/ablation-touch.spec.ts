/** Boxes by touch on a phone: drawn, moved, resized, deleted, with the events a finger makes. */
import { expect, test, type CDPSession, type Locator, type Page } from '@playwright/test';

test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

type Place = [number, number];

const control = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const editor = (page: Page) => page.getByTestId('box-editor');
const count = (page: Page) => page.getByTestId('box-count');
const boxes = (page: Page) => editor(page).getByRole('button', { name: /^Box \d/ });

/** Where a place of an element, in shares of its sides, is on the screen. */
async function placesOn(target: Locator) {
  const box = await target.boundingBox();
  if (!box) throw new Error('not visible');
  return ([x, y]: Place) => ({ x: box.x + box.width * x, y: box.y + box.height * y });
}

async function touch(cdp: CDPSession, type: string, ...points: { x: number; y: number }[]) {
  await cdp.send('Input.dispatchTouchEvent', {
    type: type as 'touchStart',
    touchPoints: points.map((point, id) => ({ ...point, id })),
  });
}

/** One finger from place to place on an element. */
async function stroke(cdp: CDPSession, target: Locator, from: Place, to: Place): Promise<void> {
  const at = await placesOn(target);
  const [start, end] = [at(from), at(to)];
  await touch(cdp, 'touchStart', start);
  for (let step = 1; step <= 5; step++) {
    const part = step / 5;
    await touch(cdp, 'touchMove', {
      x: start.x + (end.x - start.x) * part,
      y: start.y + (end.y - start.y) * part,
    });
  }
  await touch(cdp, 'touchEnd');
}

interface Sides {
  left: number;
  top: number;
  wide: number;
  high: number;
}

async function sidesOf(box: Locator): Promise<Sides> {
  const name = (await box.getAttribute('aria-label')) ?? '';
  const [, left, top, wide, high] = /left (\d+), top (\d+), (\d+) wide, (\d+) high/
    .exec(name)!
    .map(Number);
  return { left: left!, top: top!, wide: wide!, high: high! };
}

test('boxes by finger: drawn, moved, resized, deleted, undone; the page does not scroll', async ({
  page,
}) => {
  await page.goto('./?backend=wasm#model=rooms-64&panel=filters&filters=forget');
  await expect(count(page)).toContainText(/^\d\d boxes/);
  await control(page, 'Box sets').tap();
  await page.getByRole('menuitem', { name: 'Delete all boxes' }).tap();
  await expect(count(page)).toContainText('0 boxes');
  await editor(page).scrollIntoViewIfNeeded();
  const cdp = await page.context().newCDPSession(page);
  const scrolled = () =>
    page.evaluate(() => {
      const parents = [document.scrollingElement!, ...document.querySelectorAll('*')];
      return parents.reduce((sum, element) => sum + element.scrollTop, 0);
    });
  const before = await scrolled();

  // Two boxes, one of them from its lower right corner to its upper left one.
  await stroke(cdp, editor(page), [0.125, 0.125], [0.5, 0.375]);
  await stroke(cdp, editor(page), [0.875, 0.875], [0.625, 0.5]);
  await expect(count(page)).toContainText('2 boxes on 1 of 150 samples');
  expect(await sidesOf(boxes(page).nth(0))).toEqual({ left: 8, top: 8, wide: 24, high: 16 });
  expect(await sidesOf(boxes(page).nth(1))).toEqual({ left: 40, top: 32, wide: 16, high: 24 });

  // The first is moved by its middle: an eighth of the picture to the right, a quarter down.
  await stroke(cdp, editor(page), [0.3, 0.25], [0.425, 0.5]);
  await expect.poll(() => sidesOf(boxes(page).nth(0))).toMatchObject({ left: 16, top: 24 });
  expect(await sidesOf(boxes(page).nth(0))).toMatchObject({ wide: 24, high: 16 });
  await expect(boxes(page).nth(0)).toHaveAttribute('aria-pressed', 'true');

  // Its lower right corner, which lies at 40, 40, goes to 48, 52.
  await stroke(cdp, editor(page), [40 / 64, 40 / 64], [48 / 64, 52 / 64]);
  expect(await sidesOf(boxes(page).nth(0))).toEqual({ left: 16, top: 24, wide: 32, high: 28 });
  // The other box was passed over and did not change.
  expect(await sidesOf(boxes(page).nth(1))).toEqual({ left: 40, top: 32, wide: 16, high: 24 });
  expect(await scrolled()).toBe(before);

  // A tap on free ground selects nothing and draws nothing.
  await stroke(cdp, editor(page), [0.05, 0.9], [0.052, 0.9]);
  await expect(count(page)).toContainText('2 boxes');
  await expect(control(page, 'Delete')).toBeDisabled();
  const at = await placesOn(editor(page));
  await page.touchscreen.tap(at([0.82, 0.65]).x, at([0.82, 0.65]).y);
  await expect(boxes(page).nth(1)).toHaveAttribute('aria-pressed', 'true');
  await control(page, 'Delete').tap();
  await expect(count(page)).toContainText('1 box on 1 of 150 samples');
  const undo = editor(page).locator('xpath=../..').getByRole('button', { name: 'Undo' });
  await undo.tap();
  await expect(count(page)).toContainText('2 boxes');
  // Two undos further back the first box is as it was drawn.
  await undo.tap();
  await undo.tap();
  expect(await sidesOf(boxes(page).nth(0))).toEqual({ left: 8, top: 8, wide: 24, high: 16 });
});

test('a second finger does not disturb the first; what the system takes away is not drawn', async ({
  page,
}) => {
  await page.goto('./?backend=wasm#model=rooms-64&panel=filters&filters=forget');
  await expect(count(page)).toContainText(/^\d\d boxes/);
  await control(page, 'Box sets').tap();
  await page.getByRole('menuitem', { name: 'Delete all boxes' }).tap();
  await editor(page).scrollIntoViewIfNeeded();
  const cdp = await page.context().newCDPSession(page);
  const at = await placesOn(editor(page));

  await touch(cdp, 'touchStart', at([0.25, 0.25]));
  await touch(cdp, 'touchMove', at([0.4, 0.4]));
  await touch(cdp, 'touchStart', at([0.4, 0.4]), at([0.9, 0.9]));
  await touch(cdp, 'touchMove', at([0.5, 0.5]), at([0.95, 0.75]));
  await touch(cdp, 'touchEnd');
  await expect(count(page)).toContainText('1 box on');
  expect(await sidesOf(boxes(page).first())).toEqual({ left: 16, top: 16, wide: 16, high: 16 });

  await touch(cdp, 'touchStart', at([0.6, 0.6]));
  await touch(cdp, 'touchMove', at([0.9, 0.9]));
  await touch(cdp, 'touchCancel');
  await expect(count(page)).toContainText('1 box on');
});
