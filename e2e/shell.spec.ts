import { expect, test, type Page } from '@playwright/test';
import { openToFirstFace, SHELL_LIMIT, shellBytes } from '../bench/page';
import { expectAccessible } from './support/axe';
import { openExplore } from './support/pictures';

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

async function panelIds(page: Page): Promise<string[]> {
  return page
    .locator('nav [data-panel]')
    .evaluateAll((links) => links.map((link) => (link as HTMLElement).dataset.panel ?? ''));
}

test('the badge names what runs the network, and why nothing else', async ({ page }) => {
  await openExplore(page);
  const badge = page.getByTestId('device-badge');
  await expect(badge).toHaveAttribute('data-status', 'ready');
  await expect(badge).toContainText('WASM');
  await badge.click();
  const popup = page.getByRole('dialog', { name: 'Device' });
  await expect(popup).toContainText('because the address asks for it');
  await expect(popup.getByRole('row')).not.toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(popup).toBeHidden();
});

test('the model picker lists models and opens the card; Escape closes it at once', async ({
  page,
}) => {
  await openExplore(page);
  await page.getByTestId('model-picker').click();
  await expect(
    page.getByRole('list', { name: 'Models' }).getByRole('button').first(),
  ).toBeVisible();
  await page.getByRole('button', { name: 'About this model' }).click();
  const card = page.getByRole('dialog', { name: 'Characters' });
  for (const part of ['Data', 'Measured', 'Where it is weak', 'The network']) {
    await expect(card.getByRole('heading', { name: part })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
});

test('the theme follows the system until one is chosen, and is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openExplore(page);
  const dark = await background(page);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background(page);
  expect(light).not.toBe(dark);
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect.poll(() => background(page)).toBe(dark);
  await page.reload();
  await expect.poll(() => background(page)).toBe(dark);
});

test('lecture mode: larger type, no rail, no shelf; L leads in and out', async ({ page }) => {
  await openExplore(page);
  const size = () =>
    page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  const before = await size();
  await page.keyboard.press('l');
  await expect(page.getByRole('navigation', { name: 'Panels' })).toBeHidden();
  await expect(page.getByRole('region', { name: 'Shelf' })).toBeHidden();
  expect(await size()).toBeGreaterThan(before);
  await expect(page).toHaveURL(/lecture=1/);
  await expectAccessible(page, 'lecture mode');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Leave lecture mode' })).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.getByRole('navigation', { name: 'Panels' })).toBeVisible();
});

test('the shortcuts sheet opens by ?, and single keys can be switched off', async ({ page }) => {
  await openExplore(page);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('New seed');
  await expect(sheet).toContainText('Lecture mode on and off');
  await sheet.getByRole('switch').click();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('n');
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('7');
});

test('Share gives the link of what is on the screen', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openExplore(page, 'seed=42&z=s42.3');
  await page.getByRole('button', { name: 'Share' }).click();
  const popup = page.getByRole('dialog', { name: 'Share' });
  await popup.getByRole('button', { name: 'Copy' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('seed=42');
  expect(link).toContain('z=s42.3');
  expect(link).not.toContain('backend');
});

test('Back returns to the panel before; number keys and the rail lead to panels', async ({
  page,
}) => {
  await openExplore(page);
  const ids = await panelIds(page);
  test.skip(ids.length < 2, 'needs two panels');
  await page.keyboard.press('2');
  const current = page.locator('nav [aria-current="page"]');
  await expect(current).toHaveAttribute('data-panel', ids[1] ?? '');
  await page.goBack();
  await expect(current).toHaveAttribute('data-panel', 'explore');
});

test('icon buttons say what they are, also over a dialog; Escape hides it', async ({ page }) => {
  await openExplore(page);
  const tooltip = page.locator('[popover="manual"]');
  await expect(tooltip).toBeAttached();
  await page.getByRole('button', { name: 'Lecture mode' }).hover();
  await expect(tooltip).toBeVisible();
  await expect(tooltip).toHaveText('Lecture modeL');
  await page.keyboard.press('Escape');
  await expect(tooltip).toBeHidden();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(tooltip).toHaveText('Keyboard shortcuts?');
});

test('a skip link leads past the navigation', async ({ page }) => {
  await openExplore(page);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the panel' });
  await expect(skip).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test('a panel that breaks says so and leaves the others alone', async ({ page }) => {
  await page.route('**/explore-view*.js', (route) => route.abort());
  await page.goto('./?backend=wasm');
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('Something broke in the Explore panel');
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.locator('nav [data-panel="walk"]').click();
  await expect(page.locator('main [data-painted="true"]').first()).toBeVisible();
});

test('a file that is no model is refused in one clear message, and the page goes on', async ({
  page,
}) => {
  await openExplore(page);
  await page.getByTestId('model-picker').click();
  await page.getByTestId('model-file').setInputFiles({
    name: 'holiday.safetensors',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('not a model at all'),
  });
  const notice = page.locator('[data-level="error"]');
  await expect(notice).toHaveCount(1);
  await expect(notice).toContainText('holiday.safetensors');
  await page.keyboard.press('Escape');
  await page.getByRole('option').nth(2).click();
  await expect(page.getByRole('option').nth(2)).toHaveAttribute('aria-selected', 'true');
});

test('a file that is dropped anywhere is opened', async ({ page }) => {
  await openExplore(page);
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['nothing'], 'dropped.safetensors'));
    return data;
  });
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop to open')).toBeVisible();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('Drop to open')).toBeHidden();
  await expect(page.locator('[data-level="error"]')).toContainText('dropped.safetensors');
});

for (const [width, height] of [
  [360, 640],
  [390, 844],
  [768, 1024],
  [1024, 768],
  [1920, 1080],
] as const) {
  test(`nothing sticks out at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openExplore(page);
    for (const id of await panelIds(page)) {
      await page.locator(`nav [data-panel="${id}"]`).click();
      await expect(page.locator('main h1')).toBeVisible();
      await page.waitForTimeout(500);
      const sticksOut = await page.evaluate(() => {
        const main = document.querySelector('main');
        return {
          page: document.documentElement.scrollWidth - window.innerWidth,
          main: main ? main.scrollWidth - main.clientWidth : 0,
        };
      });
      expect(sticksOut, id).toEqual({ page: 0, main: 0 });
    }
  });
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`axe finds nothing in any panel, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openExplore(page);
    await page.keyboard.press('k');
    await expect(page.getByTestId('shelf-item')).toHaveCount(1);
    for (const id of await panelIds(page)) {
      await page.locator(`nav [data-panel="${id}"]`).click();
      await expect(page.locator('main [data-painted="true"]').first()).toBeVisible();
      await expectAccessible(page, `${id}, ${colorScheme}`);
    }
  });

  test(`axe finds nothing in popups and dialogs, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openExplore(page);
    await page.getByTestId('device-badge').click();
    await expectAccessible(page, 'device');
    await page.keyboard.press('Escape');
    await page.getByTestId('model-picker').click();
    await expectAccessible(page, 'models');
    await page.getByRole('button', { name: 'About this model' }).click();
    await expectAccessible(page, 'model card');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expectAccessible(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Library' }).click();
    await expect(
      page.locator('[data-testid="exemplar"][data-painted="true"]').first(),
    ).toBeVisible();
    await expectAccessible(page, 'library');
  });
}

test('a panel whose code or style did not arrive is fetched again by Try again', async ({
  page,
}) => {
  const broken = new Set<string>();
  await page.route(/assets\/(walk-)?view-[^/]*\.(js|css)$/, (route) => {
    const url = route.request().url();
    const kind = url.endsWith('.css') ? 'css' : 'js';
    return broken.has(kind) ? route.abort() : route.continue();
  });
  await openExplore(page);
  const tryAgain = page.getByRole('button', { name: 'Try again' });

  broken.add('js');
  await page.getByRole('link', { name: 'Walk' }).click();
  await expect(page.getByRole('alert')).toContainText('did not arrive');
  await tryAgain.click();
  await expect(tryAgain).toBeVisible();
  broken.clear();
  await tryAgain.click();
  await expect(page.getByTestId('stage')).toBeVisible();

  broken.add('css');
  await page.getByRole('link', { name: 'Filters' }).click();
  await expect(page.getByRole('alert')).toContainText('did not arrive');
  broken.clear();
  await tryAgain.click();
  await expect(page.getByRole('listbox', { name: /^Filters of/ })).toBeVisible();
  const position = () =>
    page
      .getByRole('listbox', { name: /^Filters of/ })
      .evaluate((list) => getComputedStyle(list).position);
  expect(await position()).toBe('relative');
});

test('what the page loads before its first face stays small', async ({ page }) => {
  await openToFirstFace(page, './?backend=wasm');
  const bytes = await shellBytes(page, 'dist');
  console.log(`the shell's JavaScript takes ${(bytes / 1000).toFixed(1)} kB gzipped`);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(SHELL_LIMIT);
});
