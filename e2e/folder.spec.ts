/** A folder of weights by the picker, and batch norm frozen over 5,000 z, as a researcher does it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { allPainted, openExplore } from './support/pictures';

test('a folder opens; its batch norm is measured over 5,000 z, and neighbours then change nothing', async ({
  page,
}, testInfo) => {
  const folder = testInfo.outputPath('weights');
  mkdirSync(folder);
  copyFileSync('e2e/fixtures/goldens/dcgan.safetensors', join(folder, 'generator.safetensors'));
  writeFileSync(join(folder, 'notes.txt'), 'trained for an afternoon');
  await openExplore(page);
  await page.getByTestId('model-folder').setInputFiles(folder);
  await expect(page.getByTestId('model-picker')).toContainText('generator');
  await allPainted(page);

  await page.getByRole('link', { name: 'Architecture' }).click();
  await page.getByRole('tab', { name: 'Batch norm' }).click();
  const row = (statistics: string) => page.getByTestId(`statistics-${statistics}`);
  const freeze = page.getByRole('button', { name: 'Freeze over 5,000 z' });
  await freeze.click();
  await expect(row('frozen')).toContainText('measured over 5,000 z');
  await expect(freeze).toBeEnabled();
  // Neighbours change a picture under the batch's own statistics, and under no others.
  await expect(row('batch').getByTestId('largest-change')).toHaveText(/^[1-9]\d* \/ 255$/);
  await expect(row('frozen').getByTestId('largest-change')).toHaveText('0 / 255');
  await expect(row('file').getByTestId('largest-change')).toHaveText('0 / 255');
});
