/** What must be in sight, and how large, on the screens of laptops and projectors. */
import { expect, test } from '@playwright/test';
import { groups, openArithmetic } from './support/arithmetic';
import { openWalk, stage } from './support/walk';

test('the whole equation is in sight, with and without lecture mode', async ({ page }) => {
  await openArithmetic(page);
  const equation = page.getByRole('group', { name: 'Equation' });
  for (const [width, height] of [
    [1440, 900],
    [1366, 768],
    [1280, 720],
    [1024, 768],
  ] as const) {
    for (const lecture of [false, true]) {
      await page.setViewportSize({ width, height });
      // The notes beside the panel are unfolded by the width at the start.
      await page.goto(`./?backend=wasm#panel=arithmetic${lecture ? '&lecture=1' : ''}`);
      await page.reload();
      await expect(groups(page)).toHaveCount(3);
      const hidden = await equation.evaluate((box) => box.scrollWidth - box.clientWidth);
      expect(hidden, `${width} × ${height}${lecture ? ', lecture' : ''}`).toBe(0);
    }
  }
});

test('the film is as large as whole pixels and the room allow', async ({ page }) => {
  for (const [width, height, lecture, side] of [
    [1440, 900, 1, 384],
    [1280, 720, 1, 256],
    [1280, 720, 0, 256],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto('about:blank');
    await openWalk(page, `lecture=${lecture}`);
    await expect(stage(page).locator('canvas').first()).toHaveJSProperty('clientWidth', side);
  }
});
