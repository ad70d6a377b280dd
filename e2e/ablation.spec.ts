/**
 * The Filters panel as a person uses it, on the bundled rooms: look at filters, switch them, keep masks. What
 * the Forget side does is in forgetting.spec.ts.
 */
import { writeFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { longestFrame } from '../bench/page';
import { wideGenerator } from '../bench/wide-generator';
import { dragTo } from './support/arithmetic';
import { expectAccessible } from './support/axe';
import { badge, control, open, ROOMS, tiles, workDone } from './support/filters';
import { largestDifference, readPicture, SAME } from './support/pictures';

const tile = (page: Page, filter: number) => page.locator(`[data-filter="${filter}"]`);
/** Mean change of the chosen picture, as the page says it. */
const change = async (page: Page) => Number(await page.getByTestId('change').textContent());

test('look: every filter of a layer has a map; peeking redraws, and leaving puts it back', async ({
  page,
}) => {
  await open(page, ROOMS);
  await expect(control(page, /^16×16 128 filters/)).toBeVisible();
  // Those in sight.
  expect(await tiles(page).getByRole('option').count()).toBeGreaterThan(64);
  await expect.poll(() => change(page)).toBe(0);
  await tile(page, 5).hover();
  await expect(page.getByText('Without filter 5', { exact: true })).toBeVisible();
  await expect.poll(() => change(page)).toBeGreaterThan(0);
  await expect(page.getByRole('region', { name: 'Filter 5 of 16×16' })).toContainText(
    'Kernel norm',
  );
  await page.mouse.move(5, 5);
  await expect.poll(() => change(page)).toBe(0);
  await control(page, /^32×32/).click();
  await expect(tiles(page).getByRole('option')).toHaveCount(64);
});

test('switch: click, range, paint, undo; Explore draws with the mask until the badge is off', async ({
  page,
}) => {
  await open(page, `${ROOMS}&layer=main.6`);
  await tile(page, 3).click();
  await expect(badge(page)).toContainText('1 filter');
  await tile(page, 8).click({ modifiers: ['Shift'] });
  await expect(badge(page)).toContainText('6 filters');
  await tile(page, 20).hover();
  await page.mouse.down();
  await tile(page, 21).hover();
  await tile(page, 22).hover();
  await page.mouse.up();
  await expect(badge(page)).toContainText('9 filters');
  await control(page, 'Undo').click();
  await expect(badge(page)).toContainText('6 filters');
  await control(page, 'None').click();
  await expect(badge(page)).toContainText('128 filters');
  await control(page, 'Undo').click();
  await expect(page).toHaveURL(/mask=main\.6:3-8/);

  await page.getByRole('link', { name: 'Explore' }).or(control(page, 'Explore')).first().click();
  const face = page.getByRole('region', { name: 'The chosen one' }).getByTestId('face');
  await expect(face).toHaveAttribute('data-painted', 'true');
  const masked = await readPicture(face);
  await control(page, /^Mask: 6 filters/).click();
  await expect
    .poll(async () => largestDifference(masked, await readPicture(face)))
    .toBeGreaterThan(SAME);
  await expect(badge(page)).toContainText('off');
});

test('by keyboard alone: tiles are reached, switched and taken back', async ({ page }) => {
  await open(page, `${ROOMS}&layer=main.6`);
  await control(page, /^16×16/).focus();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.getAttribute('role') === 'option')) break;
  }
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(tile(page, 2)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Space');
  await expect(badge(page)).toContainText('3 filters');
  await page.keyboard.press('u');
  await expect(badge(page)).toContainText('1 filter');
});

test('effects are measured, can be cancelled, and sort the tiles', async ({ page }) => {
  // 512 filters: long enough to be cancelled on any machine.
  await open(page, `${ROOMS}&layer=main.0`);
  await control(page, 'Measure effects').click();
  await control(page, 'Cancel').click();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await control(page, /^32×32/).click();
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('effect');
  await expect(page.getByRole('region', { name: /^Filter/ })).toContainText('Effect, 64 samples', {
    timeout: 60_000,
  });
  const names = await tiles(page)
    .getByRole('option')
    .evaluateAll((nodes) =>
      nodes.map((node) =>
        Number(/effect ([\d.]+)/.exec(node.getAttribute('aria-label') ?? '')?.[1]),
      ),
    );
  expect(names).toHaveLength(64);
  expect(names).toEqual([...names].sort((a, b) => b - a));
  expect(names[0]).toBeGreaterThan(0);
});

test('a mask is kept on the shelf by name and put on again', async ({ page }) => {
  await open(page, `${ROOMS}&layer=main.6`);
  await tile(page, 1).click();
  await control(page, 'Keep mask').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('My mask');
  await control(page, 'Put on the shelf').click();
  await control(page, 'All on').click();
  await expect(badge(page)).toHaveCount(0);
  await control(page, 'Masks').click();
  await page.getByRole('menuitem', { name: 'My mask' }).click();
  await expect(page).toHaveURL(/mask=main\.6:1/);
});

test('a kept mask is put on from the shelf in any panel: click, keys, menu, drag; again takes it off', async ({
  page,
}) => {
  await open(page, `${ROOMS}&mask=main.6:0-40`);
  await control(page, 'Keep mask').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('No windows');
  await control(page, 'Put on the shelf').click();
  const item = page.getByTestId('shelf-item');
  const kept = item.getByRole('button', { name: /^No windows, mask/ });
  await expect(kept).toHaveAccessibleName('No windows, mask, on');
  await expect(kept).toContainText('41 filters');
  await control(page, 'Remove the mask').click();
  await expect(kept).toHaveAccessibleName('No windows, mask');

  // Explore: a click draws with it, another one without.
  await page.getByRole('link', { name: 'Explore' }).click();
  const face = page.getByRole('region', { name: 'The chosen one' }).getByTestId('face');
  await expect(face).toHaveAttribute('data-painted', 'true');
  const plain = await readPicture(face);
  const apart = async () => largestDifference(plain, await readPicture(face));
  await kept.click();
  await expect(badge(page)).toContainText('Mask: 41 filters');
  await expect(kept).toHaveAccessibleName('No windows, mask, on');
  await expect.poll(apart).toBeGreaterThan(30);
  await kept.click();
  await expect(badge(page)).toHaveCount(0);
  await expect.poll(apart).toBeLessThanOrEqual(SAME);

  // Walk: dropped on the panel.
  await page.getByRole('link', { name: 'Walk' }).click();
  await expect(page.getByTestId('stage')).toBeVisible();
  await dragTo(page, kept, page.getByTestId('stage'));
  await expect(badge(page)).toContainText('41 filters');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(badge(page)).toHaveCount(0);

  // Arithmetic: by keys, and from the menu.
  await page.getByRole('link', { name: 'Arithmetic' }).click();
  await kept.focus();
  await page.keyboard.press('Enter');
  await expect(badge(page)).toContainText('41 filters');
  await control(page, 'Menu of No windows').click();
  await page.getByRole('menuitem', { name: 'Take the mask off' }).click();
  await expect(badge(page)).toHaveCount(0);
  await control(page, 'Menu of No windows').click();
  await page.getByRole('menuitem', { name: 'Draw with this mask' }).click();
  await expect(badge(page)).toContainText('41 filters');

  // Other weights: it says so, and offers the way back.
  await page.goto('./?backend=wasm#model=digits-32');
  await expect(kept).toHaveAccessibleName('No windows, mask, other model');
  await kept.click();
  await control(page, /^Open Rooms/i).click();
  await expect(kept).toHaveAccessibleName('No windows, mask');
});

test('512 filters: only tiles in sight exist, and scrolling stays smooth', async ({
  page,
}, info) => {
  const file = info.outputPath('wide.safetensors');
  writeFileSync(file, wideGenerator(512));
  await open(page, ROOMS);
  await page.getByTestId('model-file').setInputFiles(file);
  await expect(page.getByTestId('model-picker')).toContainText('wide');
  await control(page, /^8×8 512 filters/).click();
  await expect(tiles(page)).toBeVisible();
  await expect(tile(page, 0)).toBeVisible();
  expect(await tiles(page).getByRole('option').count()).toBeLessThan(300);
  const longest = await longestFrame(tiles(page));
  console.log(`512 filters: the longest frame while scrolling took ${longest.toFixed(0)} ms`);
  expect(longest).toBeLessThan(1000);
  await expect(tile(page, 511)).toBeVisible();
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme });
    await open(page, ROOMS);
    await tile(page, 1).click();
    await expectAccessible(page, 'look');
    await page.getByRole('tab', { name: 'Forget' }).click();
    await expectAccessible(page, 'boxes');
    await control(page, /^Forget windows/).click();
    await workDone(page);
    await expectAccessible(page, 'pictures');
    await page.getByRole('radio', { name: '2 Filters' }).click();
    await expectAccessible(page, 'filters');
  });
}
