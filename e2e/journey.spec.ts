/**
 * The main job as a newcomer does it, once on each backend: look at faces, keep three, walk between
 * them, scrub, come back after a reload, and send the link to somebody else. The bundled faces on WASM;
 * a tiny generator on WebGPU, where only a software adapter may answer.
 */
import { expect, test, type Browser, type Page } from '@playwright/test';
import {
  allPainted,
  gridPictures,
  largePicture,
  largestDifference,
  readPicture,
  SAME,
  variance,
} from './support/pictures';

const TINY_GENERATOR = 'e2e/fixtures/goldens/dcgan.safetensors';

interface Journey {
  backend: 'wasm' | 'webgpu';
  /** A file that is opened first, as a person picks it; none for the bundled model. */
  file: string | null;
}

const JOURNEYS: Journey[] = [
  { backend: 'wasm', file: null },
  { backend: 'webgpu', file: TINY_GENERATOR },
];

async function arrive(page: Page, { backend, file }: Journey, state = ''): Promise<void> {
  await page.goto(`./?backend=${backend}#${state}`);
  await expect(page.locator('[data-testid="face"]').first()).toBeVisible();
  if (file) {
    await page.getByTestId('model-file').setInputFiles(file);
    await expect(page.getByTestId('model-picker')).toContainText('dcgan');
  }
  await allPainted(page);
}

/** The frame of the walk, once it stands still. */
async function walkFrame(page: Page) {
  const canvas = page.getByRole('img', { name: 'The walk, at the playhead' });
  await expect(canvas).toHaveAttribute('data-painted', 'true');
  return readPicture(canvas);
}

async function openLinkElsewhere(browser: Browser, journey: Journey, link: string) {
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
  const page = await context.newPage();
  const { hash } = new URL(link);
  // A link cannot carry the file of a local model: whoever has it opens it, then the link.
  await arrive(page, journey, journey.file ? '' : hash.slice(1));
  if (journey.file) {
    await page.evaluate((state) => {
      location.hash = state;
    }, hash);
  }
  return { page, close: () => context.close() };
}

for (const journey of JOURNEYS) {
  test(`faces, shelf, walk, reload, link on ${journey.backend}`, async ({ browser }) => {
    // Without motion the walk stands still until it is stepped, so that frames can be compared.
    const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
    const page = await context.newPage();
    await arrive(page, journey);

    // Faces, which differ by seed and are equal for equal seeds.
    const first = await readPicture(gridPictures(page).first());
    expect(variance(first)).toBeGreaterThan(20);
    const seed = page.getByLabel('Seed', { exact: true });
    await seed.fill('2');
    await seed.press('Enter');
    await allPainted(page);
    const second = await readPicture(gridPictures(page).first());
    expect(largestDifference(first, second)).toBeGreaterThan(20);
    await seed.fill('7');
    await seed.press('Enter');
    await allPainted(page);
    expect(
      largestDifference(first, await readPicture(gridPictures(page).first())),
    ).toBeLessThanOrEqual(SAME);

    // Three are kept.
    for (const [count, index] of [2, 5, 8].entries()) {
      await page.getByRole('option').nth(index).click();
      await expect(largePicture(page)).toHaveAttribute('data-painted', 'true');
      await page.keyboard.press('k');
      await expect(page.getByTestId('shelf-item')).toHaveCount(count + 1);
    }

    // Walked between, and scrubbed.
    await page.getByRole('link', { name: 'Walk' }).click();
    await page.getByRole('button', { name: /From the shelf/ }).click();
    await expect(page.getByRole('list', { name: 'Keyframes' }).getByRole('listitem')).toHaveCount(
      3,
    );
    const position = page.getByRole('slider', { name: 'Position in the walk' });
    await position.focus();
    await page.keyboard.press('Home');
    const start = await walkFrame(page);
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight');
    const between = await walkFrame(page);
    expect(largestDifference(start, between)).toBeGreaterThan(SAME);

    // The shelf and the walk are there after a reload.
    await page.waitForTimeout(500);
    await page.reload();
    await allPainted(page);
    await expect(page.getByTestId('shelf-item')).toHaveCount(3);
    expect(largestDifference(between, await walkFrame(page))).toBeLessThanOrEqual(SAME);

    // Somebody else sees the same picture.
    await page.getByRole('button', { name: 'Share' }).click();
    const link = await page.getByLabel('Link to this view').inputValue();
    const elsewhere = await openLinkElsewhere(browser, journey, link);
    await expect(async () => {
      const theirs = await walkFrame(elsewhere.page);
      expect(largestDifference(between, theirs)).toBeLessThanOrEqual(SAME);
    }).toPass();
    await elsewhere.close();
    await context.close();
  });
}
