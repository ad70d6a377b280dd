/** Directions that Arithmetic keeps on the shelf, used in the other panels. */
import { expect, test } from '@playwright/test';
import { allPainted, largePicture, largestDifference, readPicture, SAME } from './support/pictures';

test('a kept direction moves the large picture of Explore and makes a walk', async ({ page }) => {
  await page.goto('./?backend=wasm#panel=explore');
  await allPainted(page);
  await page.evaluate(async () => {
    const { latentarium } = window;
    await latentarium.ready;
    const [a, b] = latentarium.sample(2, { seed: 3 });
    if (!a || !b) throw new Error('no samples');
    const kept = await latentarium.shelf.add(a);
    const z = Array.from(latentarium.direction([a], [b]));
    const item = { ...kept, id: 'a-turn', kind: 'direction', label: 'a turn', data: { z } };
    latentarium.shelf.import(JSON.stringify({ v: 1, items: [item] }));
  });
  const before = await readPicture(largePicture(page));
  const slider = page.getByRole('slider', { name: 'Along a turn' });
  await slider.focus();
  await page.keyboard.press('End');
  await expect
    .poll(async () => largestDifference(before, await readPicture(largePicture(page))))
    .toBeGreaterThan(30);
  for (let step = 0; step < 40; step++) await page.keyboard.press('ArrowLeft');
  await expect
    .poll(async () => largestDifference(before, await readPicture(largePicture(page))))
    .toBeLessThanOrEqual(SAME);

  await page.getByRole('link', { name: 'Walk' }).click();
  await page.getByRole('button', { name: 'Along a direction' }).click();
  await page.getByRole('menuitem', { name: 'a turn' }).click();
  await expect(page.getByTestId('keyframe')).toHaveCount(3);
});
