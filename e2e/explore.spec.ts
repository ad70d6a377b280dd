import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import {
  allPainted,
  gridPictures,
  largePicture,
  largestDifference,
  openExplore,
  readPicture,
  SAME,
  variance,
} from './support/pictures';

const options = (page: Page) => page.getByRole('option');
const large = async (page: Page) => {
  await expect(largePicture(page)).toHaveAttribute('data-painted', 'true');
  return readPicture(largePicture(page));
};

test('faces are visible, the same for the same seed, others for another one', async ({ page }) => {
  await openExplore(page, 'seed=5');
  const first = await readPicture(gridPictures(page).nth(0));
  const second = await readPicture(gridPictures(page).nth(1));
  expect(variance(first)).toBeGreaterThan(200);
  expect(largestDifference(first, second)).toBeGreaterThan(40);

  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(page.getByLabel('Seed', { exact: true })).not.toHaveValue('5');
  await allPainted(page);
  expect(largestDifference(first, await readPicture(gridPictures(page).nth(0)))).toBeGreaterThan(
    40,
  );

  await page.getByLabel('Seed', { exact: true }).fill('5');
  await page.keyboard.press('Enter');
  await allPainted(page);
  expect(
    largestDifference(first, await readPicture(gridPictures(page).nth(0))),
  ).toBeLessThanOrEqual(SAME);
});

test('Back brings a seed back that a new one replaced, and leaves the neighbours of a picture', async ({
  page,
}) => {
  await openExplore(page, 'seed=5');
  const seed = page.getByLabel('Seed', { exact: true });
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(seed).not.toHaveValue('5');
  const second = await seed.inputValue();
  await page.getByRole('button', { name: 'New seed' }).click();
  await expect(seed).not.toHaveValue(second);
  await page.goBack();
  await expect(seed).toHaveValue(second);
  await page.getByRole('button', { name: 'Vary the large one' }).click();
  await expect(page.getByRole('button', { name: 'Back to samples' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Vary the large one' })).toBeVisible();
  await page.goBack();
  await expect(seed).toHaveValue('5');
});

test('the key N draws a new seed, and typing into a field does not', async ({ page }) => {
  await openExplore(page);
  const seed = page.getByLabel('Seed', { exact: true });
  await seed.focus();
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await expect(seed).toHaveValue('7');
  await seed.blur();
  await page.keyboard.press('n');
  await expect(seed).not.toHaveValue('7');
  await expect(page).toHaveURL(/seed=/);
});

test('a click, and arrows too, choose what is large; the link keeps it', async ({ page }) => {
  await openExplore(page);
  await options(page).nth(3).click();
  await expect(options(page).nth(3)).toHaveAttribute('aria-selected', 'true');
  const third = await large(page);
  expect(
    largestDifference(third, await readPicture(gridPictures(page).nth(3))),
  ).toBeLessThanOrEqual(SAME);

  await page.keyboard.press('ArrowRight');
  await expect(options(page).nth(4)).toBeFocused();
  await expect(options(page).nth(4)).toHaveAttribute('aria-selected', 'true');
  const fourth = await large(page);
  expect(largestDifference(third, fourth)).toBeGreaterThan(40);

  await expect(page).toHaveURL(/z=s7\.4/);
  await page.reload();
  await allPainted(page);
  expect(largestDifference(fourth, await large(page))).toBeLessThanOrEqual(SAME);
});

test('a dragged bar changes the picture while it is dragged; reset brings it back', async ({
  page,
}) => {
  await openExplore(page);
  const before = await large(page);
  const box = await page.getByTestId('latent-bars').boundingBox();
  if (!box) throw new Error('no bars');
  const x = box.x + box.width * 0.315;
  await page.mouse.move(x, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(x, box.y + 2, { steps: 4 });
  await expect(page.getByLabel(/^Value of z\[31\]/)).toHaveValue(/^3\.\d+$/);
  const during = await large(page);
  expect(largestDifference(before, during)).toBeGreaterThan(8);
  expect(page.url()).not.toContain('z=z');
  await page.mouse.up();
  await expect(page).toHaveURL(/z=z/);
  await expect(options(page).nth(0)).toHaveAttribute('aria-selected', 'false');

  await page.getByRole('button', { name: 'Reset all (1)' }).click();
  expect(largestDifference(before, await large(page))).toBeLessThanOrEqual(SAME);
  await expect(options(page).nth(0)).toHaveAttribute('aria-selected', 'true');
});

test('bars by keyboard: choose, change, randomise, reset', async ({ page }) => {
  await openExplore(page);
  const bars = page.getByTestId('latent-bars');
  await bars.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(bars).toHaveAccessibleName('z, number 2 of 100');
  const start = Number(await bars.getAttribute('aria-valuenow'));
  await page.keyboard.press('PageUp');
  await expect
    .poll(async () => Number(await bars.getAttribute('aria-valuenow')))
    .toBeCloseTo(start + 1, 1);
  await page.keyboard.press('Delete');
  await expect
    .poll(async () => Number(await bars.getAttribute('aria-valuenow')))
    .toBeCloseTo(start, 2);
  await page.keyboard.press('r');
  await expect(page.getByRole('button', { name: 'Reset it' })).toBeEnabled();
});

test('no truncation varies, full truncation makes all the same', async ({ page }) => {
  await openExplore(page);
  await page.getByLabel('Truncation, number').fill('0');
  await page.keyboard.press('Enter');
  await allPainted(page);
  const [a, b] = [gridPictures(page).nth(2), gridPictures(page).nth(17)];
  expect(largestDifference(await readPicture(a), await readPicture(b))).toBeLessThanOrEqual(SAME);
  await expect(page).toHaveURL(/t=0/);
});

test('the model’s own prior is the default; another one changes the pictures', async ({ page }) => {
  await openExplore(page);
  const own = page.getByRole('radio', { name: 'Normal, the model’s own' });
  await expect(own).toBeChecked();
  const before = await readPicture(gridPictures(page).nth(5));
  await page.getByRole('radio', { name: 'Uniform' }).click();
  await allPainted(page);
  await expect(page).toHaveURL(/prior=uniform/);
  expect(largestDifference(before, await readPicture(gridPictures(page).nth(5)))).toBeGreaterThan(
    20,
  );
  await own.click();
  await expect(page).not.toHaveURL(/prior=/);
});

test('neighbours are like the varied one and differ; their radius says how much', async ({
  page,
}) => {
  await openExplore(page, 'z=s1.4');
  await page.keyboard.press('v');
  await expect(page.getByRole('listbox', { name: 'Neighbours' })).toBeVisible();
  await allPainted(page);
  const centre = await readPicture(gridPictures(page).nth(0));
  expect(largestDifference(centre, await large(page))).toBeLessThanOrEqual(SAME);
  const mean = async (index: number) => {
    const { data } = await readPicture(gridPictures(page).nth(index));
    return data.reduce((sum, v, i) => sum + Math.abs(v - (centre.data[i] ?? 0)), 0) / data.length;
  };
  const far = await mean(5);
  await page.getByLabel('Radius, number').fill('0.1');
  await page.keyboard.press('Enter');
  await allPainted(page);
  const near = await mean(5);
  expect(near).toBeGreaterThan(0);
  expect(near).toBeLessThan(far);

  await options(page).nth(5).click();
  await page.getByRole('button', { name: 'Vary this one instead' }).click();
  await allPainted(page);
  await expect(options(page).nth(0)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('v');
  await expect(page.getByRole('listbox', { name: 'Samples of seed 7' })).toBeVisible();
});

test('four to a hundred pictures, all of them drawn', async ({ page }) => {
  await openExplore(page, 'n=4');
  await expect(gridPictures(page)).toHaveCount(4);
  await page.getByLabel('Pictures, number').fill('100');
  await page.keyboard.press('Enter');
  await expect(gridPictures(page)).toHaveCount(100);
  await allPainted(page);
  expect(variance(await readPicture(gridPictures(page).nth(99)))).toBeGreaterThan(200);
});

test('the PNG of one holds the pixels that are shown; the sheet holds all', async ({ page }) => {
  await openExplore(page, 'n=9');
  const shown = await large(page);
  const save = async (start: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), start()]);
    return PNG.sync.read(readFileSync(await download.path()));
  };
  const one = await save(async () => {
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    await page.getByRole('menuitem', { name: '64 × 64 pixels' }).click();
  });
  const decoded = { width: one.width, height: one.height, data: [...one.data] };
  expect(largestDifference(shown, decoded)).toBeLessThanOrEqual(SAME);

  const sheet = await save(() =>
    page.getByRole('button', { name: 'Save the sheet as PNG' }).click(),
  );
  expect([sheet.width, sheet.height]).toEqual([3 * 128 + 2 * 2, 3 * 128 + 2 * 2]);
});

test('z goes to the clipboard as a hundred numbers', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openExplore(page);
  await page.getByRole('button', { name: 'Copy z' }).click();
  await expect(page.getByText('Copied: z, 100 numbers as JSON').first()).toBeVisible();
  const numbers = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as number[];
  expect(numbers).toHaveLength(100);
  expect(numbers.every(Number.isFinite)).toBe(true);
});

test('an edited z in a link shows the same picture elsewhere', async ({
  page,
  browser,
  baseURL,
}) => {
  await openExplore(page, 'z=s3.7');
  await page.getByTestId('latent-bars').focus();
  await page.keyboard.press('PageUp');
  await expect(page).toHaveURL(/z=z/);
  const here = await large(page);
  const elsewhere = await browser.newContext({ baseURL: baseURL ?? '', serviceWorkers: 'block' });
  const other = await elsewhere.newPage();
  await other.goto(page.url());
  await allPainted(other);
  expect(largestDifference(here, await large(other))).toBeLessThanOrEqual(SAME);
  await elsewhere.close();
});

test('W adds a keyframe that says all by itself', async ({ page }) => {
  await openExplore(page, 'z=s1.2&t=0.8');
  await page.keyboard.press('w');
  await expect.poll(() => decodeURIComponent(page.url())).toContain('keys=s1.2n@0.8');
});

test('the main act fits one screen', async ({ page }) => {
  await openExplore(page);
  const overflow = await page
    .locator('main')
    .evaluate((main) => main.scrollHeight - main.clientHeight);
  expect(overflow).toBeLessThanOrEqual(1);
});
