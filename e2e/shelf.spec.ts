import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe';
import {
  allPainted,
  largePicture,
  largestDifference,
  openExplore,
  readPicture,
  SAME,
} from './support/pictures';

const items = (page: Page) => page.getByTestId('shelf-item');
const labels = (page: Page) =>
  items(page).evaluateAll((nodes) =>
    nodes.map((node) => node.querySelector('button[title]')?.textContent ?? ''),
  );

async function keep(page: Page, ...indices: number[]) {
  for (const [count, index] of indices.entries()) {
    await page.getByRole('option').nth(index).click();
    await expect(largePicture(page)).toHaveAttribute('data-painted', 'true');
    await page.keyboard.press('k');
    await expect(items(page)).toHaveCount(count + 1);
  }
}

async function rename(page: Page, from: string, to: string) {
  await page.getByRole('button', { name: `Rename ${from}` }).click();
  await page.getByLabel(`New label of ${from}`).fill(to);
  await page.keyboard.press('Enter');
}

test('an empty shelf teaches; three kept faces survive a reload', async ({ page }) => {
  await openExplore(page);
  await expect(page.getByText('Keep what you find.')).toBeVisible();
  await keep(page, 1, 4, 7);
  const kept = await labels(page);
  expect(kept).toEqual(['Seed 7, no. 2', 'Seed 7, no. 5', 'Seed 7, no. 8']);
  await page.reload();
  await expect(items(page)).toHaveCount(3);
  expect(await labels(page)).toEqual(kept);
});

test('a kept latent shows its own picture again', async ({ page }) => {
  await openExplore(page);
  await keep(page, 6);
  const picture = await readPicture(largePicture(page));
  await page.keyboard.press('n');
  await allPainted(page);
  await items(page)
    .getByRole('button', { name: /^Seed 7, no\. 7, latent/ })
    .click();
  await expect(largePicture(page)).toHaveAttribute('data-painted', 'true');
  expect(largestDifference(picture, await readPicture(largePicture(page)))).toBeLessThanOrEqual(
    SAME,
  );
});

test('labels, tags and the filter', async ({ page }) => {
  await openExplore(page);
  await keep(page, 1, 4, 7);
  await rename(page, 'Seed 7, no. 5', 'Ada');
  await expect(items(page).nth(1)).toContainText('Ada');

  await items(page).nth(1).getByRole('button', { name: 'Menu of Ada' }).click();
  await page.getByRole('menuitem', { name: 'Tags' }).click();
  await page.getByLabel('Tags, separated by commas').fill('smile, dark hair');
  await page.keyboard.press('Enter');
  await expect(items(page).nth(1)).toContainText('smile, dark hair');

  // Its focus comes back to the item's menu: no tooltip may lie on the tabs above it.
  await items(page)
    .nth(0)
    .getByRole('button', { name: /^Menu of/ })
    .click();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Library' }).click({ timeout: 3_000 });
  await page.getByRole('tab', { name: 'Shelf' }).click();

  const filter = page.getByLabel('Filter the shelf by label or tag');
  await filter.fill('smile');
  await expect(items(page)).toHaveCount(1);
  await expect(page.getByText('1 of 3')).toBeVisible();
  await filter.fill('nobody');
  await expect(page.getByText('Nothing on the shelf has')).toBeVisible();
  await filter.press('Escape');
  await expect(items(page)).toHaveCount(3);

  await page.reload();
  await expect(items(page).nth(1)).toContainText('smile, dark hair');
});

test('order by menu keys, by keyboard drag and by mouse', async ({ page }) => {
  await openExplore(page);
  await keep(page, 0, 1, 2);
  const [a, b, c] = await labels(page);
  const picture = (name: string | undefined) =>
    items(page).getByRole('button', { name: `${name}, latent` });

  await picture(a).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => labels(page)).toEqual([b, a, c]);

  await picture(b).focus();
  await page.keyboard.press('Space');
  await page.waitForTimeout(200);
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300);
  await page.keyboard.press('Space');
  await expect.poll(() => labels(page)).toEqual([a, b, c]);

  const from = await picture(c).boundingBox();
  const to = await picture(a).boundingBox();
  if (!from || !to) throw new Error('no boxes');
  await page.mouse.move(from.x + 40, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y + 30, { steps: 4 });
  await page.mouse.move(to.x + 30, to.y + 30, { steps: 8 });
  await page.waitForTimeout(150);
  await page.mouse.up();
  await expect.poll(() => labels(page)).toEqual([c, a, b]);
  await page.reload();
  await expect.poll(() => labels(page)).toEqual([c, a, b]);
});

test('a face is dragged from the grid onto the shelf, and from the shelf to the large picture', async ({
  page,
}) => {
  await openExplore(page);
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x + 40, from.y + 36);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 50, { steps: 4 });
    await page.mouse.move(to.x + 60, to.y + 60, { steps: 10 });
    // What is under the pointer is found out after the move.
    await page.waitForTimeout(150);
    await page.mouse.up();
  };
  const boxOf = async (locator: ReturnType<Page['locator']>) => {
    const box = await locator.boundingBox();
    if (!box) throw new Error('nothing there');
    return box;
  };
  const cell = page.getByRole('option').nth(9);
  await drag(await boxOf(cell), await boxOf(page.getByText('Keep what you find.')));
  await expect(items(page)).toHaveCount(1);
  expect(await labels(page)).toEqual(['Seed 7, no. 10']);
  await expect(page.getByRole('option').nth(9)).toHaveAttribute('aria-selected', 'false');

  await drag(await boxOf(items(page).first()), await boxOf(largePicture(page)));
  await expect(page.getByRole('option').nth(9)).toHaveAttribute('aria-selected', 'true');
});

test('removal can be undone; several at once', async ({ page }) => {
  await openExplore(page);
  await keep(page, 0, 1, 2);
  const before = await labels(page);
  await items(page)
    .nth(1)
    .getByRole('button', { name: /, latent/ })
    .focus();
  await page.keyboard.press('Delete');
  await expect(items(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => labels(page)).toEqual(before);

  await page.getByLabel(`Select ${before[0]}`).check();
  await page.getByLabel(`Select ${before[2]}`).check();
  await expect(page.getByText('2 selected')).toBeVisible();
  await page
    .getByRole('group', { name: 'Selected items' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await expect(items(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect.poll(() => labels(page)).toEqual(before);
});

test('export, empty, import; what belongs to another model is marked', async ({ page }) => {
  await openExplore(page);
  await keep(page, 0, 1, 2);
  const menu = page.getByRole('button', { name: 'Shelf menu' });
  await menu.click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export the shelf (JSON)' }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  const file = JSON.parse(text) as {
    v: number;
    items: { modelHash: string; id: string; label: string }[];
  };
  expect(file.v).toBe(1);
  expect(file.items).toHaveLength(3);

  await menu.click();
  await page.getByRole('menuitem', { name: 'Remove everything' }).click();
  await expect(items(page)).toHaveCount(0);

  const stranger = {
    ...file.items[0],
    id: 'stranger',
    label: 'Stranger',
    modelHash: 'f'.repeat(64),
  };
  await page.getByTestId('shelf-file').setInputFiles({
    name: 'shelf.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ v: 1, items: [...file.items, stranger] })),
  });
  await expect(items(page)).toHaveCount(4);
  await expect(items(page).last()).toContainText('other model');
  await expect(items(page).last()).toHaveAttribute('data-usable', 'false');

  await page.getByTestId('shelf-file').setInputFiles({
    name: 'shelf.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"items": "none"}'),
  });
  await expect(page.locator('[data-level="error"]').first()).toBeVisible();
  await expect(items(page)).toHaveCount(4);
});

test('on a phone the shelf is a sheet over the panel', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    baseURL: baseURL ?? '',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await openExplore(page);
  await page.getByRole('button', { name: 'Keep', exact: true }).tap();
  const button = page.getByRole('navigation').getByRole('button', { name: 'Shelf 1' });
  await button.tap();
  await expect(items(page)).toHaveCount(1);
  const sheet = await page.getByRole('region', { name: 'Shelf' }).boundingBox();
  expect(sheet?.width).toBeGreaterThanOrEqual(389);
  await expectAccessible(page, 'phone with the sheet open');
  await button.tap();
  await expect(items(page)).toHaveCount(0);
  await context.close();
});
