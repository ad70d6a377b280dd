/**
 * Section 6.3.1 as a person repeats it, on the bundled rooms and characters: boxes are drawn, filters found and
 * dropped, and the page's own numbers say that windows and glasses go.
 */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { tabTo } from './support/arithmetic';
import { expectAccessible } from './support/axe';
import { badge, changeWithout, control, open, ROOMS, tiles, workDone } from './support/filters';
import { largestDifference, readPicture, SAME } from './support/pictures';

async function dragOn(page: Page, target: Locator, from: [number, number], to: [number, number]) {
  const box = await target.boundingBox();
  if (!box) throw new Error('not visible');
  const at = ([x, y]: [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

/** Share of the sure scenes that are not one any more, as the Count step's table says it. */
async function gone(page: Page, id: 'dropped' | 'random' | 'lowest'): Promise<number> {
  const text = await page.getByTestId(`count-${id}`).locator('td').last().textContent();
  const [, part, all] = /(\d+) of (\d+)/.exec(text ?? '') ?? [];
  return Number(part) / Number(all);
}

/** Mean change of a pixel outside the boxes as a share of that inside, from the Count step's sentence. */
async function changeRatio(page: Page): Promise<number> {
  const text = (await page.getByTestId('pixel-change').textContent()) ?? '';
  const [, inside, outside] = /([\d.]+) of 255 inside the boxes, ([\d.]+) outside/.exec(text) ?? [];
  return Number(outside) / Number(inside);
}

test('boxes are drawn, moved, resized, deleted and brought back', async ({ page }) => {
  await open(page, `${ROOMS}&filters=forget`);
  const count = page.getByTestId('box-count');
  await control(page, 'Box sets').click();
  await page.getByRole('menuitem', { name: 'Delete all boxes' }).click();
  await expect(count).toContainText('0 boxes');

  const editor = page.getByTestId('box-editor');
  await dragOn(page, editor, [0.1, 0.1], [0.4, 0.3]);
  await dragOn(page, editor, [0.6, 0.5], [0.9, 0.9]);
  await expect(count).toContainText('2 boxes on 1 of 150 samples');
  const first = control(page, /^Box 1: left 6, top 6/);
  await expect(first).toBeVisible();
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(control(page, /^Box 1: left 7, top 6, \d+ wide, 14 high/)).toBeVisible();
  await dragOn(page, page.locator('[data-handle="se"]'), [0.5, 0.5], [3, 3]);
  await expect(control(page, /^Box 1: left 7, top 6/)).not.toHaveAccessibleName(/14 high/);
  await control(page, /^Box 1/).focus();
  await page.keyboard.press('Delete');
  await expect(count).toContainText('1 box on');
  await control(page, 'Undo').first().click();
  await expect(count).toContainText('2 boxes on');
  await page.reload();
  await expect(count).toContainText('2 boxes on');
});

test('the recipe: the set is loaded and fitted, windows go, and random filters are the control', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await open(page, `${ROOMS}&filters=forget`);
  const count = page.getByTestId('box-count');
  await control(page, 'Box sets').click();
  await page.getByRole('menuitem', { name: /^Load the set/ }).click();
  const boxes = Number(/^(\d+) boxes/.exec((await count.textContent()) ?? '')?.[1]);
  expect(boxes).toBeGreaterThanOrEqual(52);

  // Two boxes more by mouse, then the set as it ships again.
  await control(page, 'Next sample').click();
  const editor = page.getByTestId('box-editor');
  const drawn = await editor.locator('[data-box]').count();
  for (const x of [0.05, 0.55]) await dragOn(page, editor, [x, 0.85], [x + 0.3, 0.97]);
  await expect(editor.locator('[data-box]')).toHaveCount(drawn + 2);
  await expect(count).toContainText(`${boxes + 2} boxes`);
  await control(page, 'Box sets').click();
  await page.getByRole('menuitem', { name: /^Load the set/ }).click();
  await expect(count).toContainText(`${boxes} boxes`);

  await control(page, 'Fit').first().click();
  await workDone(page);
  const auc = page.getByTestId('auc');
  await expect(auc).toHaveCount(1);
  for (const text of await auc.allTextContents()) expect(Number(text)).toBeGreaterThan(0.75);
  await expect(page.getByText('converged').first()).toBeVisible();

  // 60 of the 128 filters of 16×16.
  await page.getByRole('radio', { name: 'Highest share' }).click();
  await control(page, 'Drop 60 filters').click();
  await expect(badge(page)).toBeVisible();
  const pairs = page.getByRole('listbox', { name: 'With the mask' }).getByTestId('face');
  const whole = page.getByRole('listbox', { name: 'With all filters' }).getByTestId('face');
  await expect(pairs).toHaveCount(25);
  await expect(pairs.first()).toHaveAttribute('data-painted', 'true');
  const apart = async () =>
    largestDifference(await readPicture(pairs.first()), await readPicture(whole.first()));
  await expect.poll(apart).toBeGreaterThan(30);
  // Undone, the windows are back, to the bit that float math leaves.
  await control(page, 'Undo').click();
  await expect(badge(page)).toHaveCount(0);
  await expect.poll(apart).toBeLessThanOrEqual(SAME);
  // The point that docs/ablation.md says was measured as best.
  await control(page, 'At the best point measured').click();
  await workDone(page);
  await expect.poll(apart).toBeGreaterThan(30);

  await page.getByRole('radio', { name: '4 Count' }).click();
  await control(page, /^Count over 200/).click();
  await workDone(page);
  // The marks of the issue, on scenes that the boxes were not drawn on.
  expect(await gone(page, 'dropped')).toBeGreaterThanOrEqual(0.7);
  expect(await gone(page, 'random')).toBeLessThanOrEqual(0.15);
  expect(await gone(page, 'lowest')).toBeLessThan(0.2);
  expect(await changeRatio(page)).toBeLessThan(0.5);

  await control(page, 'Random control').click();
  await expect(badge(page)).toContainText('on');
  await page.goBack();
  await page.goForward();
  await control(page, 'Remove the mask').click();
  await expect(badge(page)).toHaveCount(0);
});

test('glasses: the point that ships with the set takes them from faces that are not told apart by it', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await open(page, 'model=characters-64&panel=filters&filters=forget');
  await control(page, 'At the best point measured').click();
  await expect(badge(page)).toContainText('26 filters', { timeout: 80_000 });
  await expect(page.getByText('26 of 4×4.')).toBeVisible();
  await page.getByRole('radio', { name: '4 Count' }).click();
  await control(page, /^Count over 200/).click();
  await workDone(page);
  // The marks of the issue, on scenes that the boxes were not drawn on.
  expect(await gone(page, 'dropped')).toBeGreaterThanOrEqual(0.7);
  expect(await gone(page, 'random')).toBeLessThanOrEqual(0.15);
  expect(await changeRatio(page)).toBeLessThan(0.5);
});

test('measured effect: filters are dropped one by one at the boxes, a point is chosen from the curve', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await open(page, `${ROOMS}&filters=forget`);
  await page.getByRole('radio', { name: 'Measured effect' }).click();
  // The finest maps: 64 filters, which cost least.
  await control(page, '32×32').click();
  await control(page, '16×16').click();
  await control(page, /^Measure$/).click();
  await workDone(page);
  const report = page.getByRole('region', { name: 'Effects on 32×32' });
  const dots = report.getByRole('img', { name: /64 filters, \d+ to be dropped/ });
  await expect(dots.locator('circle')).toHaveCount(64);

  // What the page says of the best filter, against two pictures of the whole network a sample.
  const [title] = await dots.locator('circle').last().locator('title').allTextContents();
  const [, filter, inside, outside] =
    /Filter (\d+): ([\d.]+) inside, ([\d.]+) outside/.exec(title ?? '')?.map(Number) ?? [];
  const naive = await changeWithout(page, 'main.9', filter!, 64);
  expect(Math.abs(naive.inside - inside!)).toBeLessThan(0.06);
  expect(Math.abs(naive.outside - outside!)).toBeLessThan(0.06);

  await page.getByRole('radio', { name: '4 Count' }).click();
  await control(page, 'Draw the curve').click();
  await workDone(page);
  const rows = page.getByTestId('curve-point');
  const left = (await rows.locator('td').first().textContent()) ?? '';
  const last = (await rows.last().locator('td').first().textContent()) ?? '';
  expect(parseInt(last)).toBeLessThan(parseInt(left) - 20);
  await expectAccessible(page, 'curve');
  await rows.last().getByRole('button', { name: 'Drop these 13 filters' }).click();
  await expect(badge(page)).toContainText('13 filters');
  // Their order is there on the other side too.
  await page.getByRole('radio', { name: '2 Filters' }).click();
  await expectAccessible(page, 'effects');
  await control(page, 'See their maps').click();
  await expect(page.getByRole('combobox', { name: 'Sort by' })).toHaveValue('score');
  await expect(tiles(page).getByRole('option').first()).toHaveAccessibleName(/score \d/);
});

test('forget by keyboard alone: a box is added, moved and deleted; fitted, dropped, undone', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await open(page, `${ROOMS}&filters=forget`);
  const count = page.getByTestId('box-count');
  const boxes = Number(/^(\d+) boxes/.exec((await count.textContent()) ?? '')?.[1]);
  await tabTo(page, /^Next sample$/);
  await page.keyboard.press('Enter');
  const own = await page.getByTestId('box-editor').locator('[data-box]').count();
  await tabTo(page, /^Add box$/);
  await page.keyboard.press('Enter');
  await expect(count).toContainText(`${boxes + 1} boxes`);
  const added = new RegExp(`^Box ${own + 1}:`);
  await tabTo(page, added, 'Shift+Tab');
  await expect(control(page, added)).toHaveAccessibleName(/left 24, top 24, 16 wide, 16 high/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(control(page, added)).toHaveAccessibleName(/left 23, top 28, 17 wide, 16 high/);
  await page.keyboard.press('Delete');
  await expect(count).toContainText(`${boxes} boxes`);

  await page.keyboard.press('f');
  await expect(page.getByTestId('auc')).toHaveCount(1, { timeout: 60_000 });
  await tabTo(page, /^Drop \d+ filters$/);
  await page.keyboard.press('Enter');
  await expect(badge(page)).toContainText('on');
  await expect(page.getByRole('listbox', { name: 'With the mask' })).toBeVisible();
  await tabTo(page, /^Undo$/);
  await page.keyboard.press('Enter');
  await expect(badge(page)).toHaveCount(0);
});
