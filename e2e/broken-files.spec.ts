/** What happens to a visitor whose model file is broken: one clear message, and everything else goes on. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { largestDifference, largePicture, openExplore, readPicture } from './support/pictures';

const good = readFileSync('e2e/fixtures/goldens/dcgan.safetensors');

/** The file with its JSON header changed; offsets stay as they were. */
function withHeader(change: (header: Record<string, unknown>) => void): Buffer {
  const length = Number(good.readBigUInt64LE(0));
  const header = JSON.parse(good.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, good.subarray(8 + length)]);
}

function hugeHeader(): Buffer {
  const bytes = Buffer.from(good);
  bytes.writeBigUInt64LE(1n << 40n, 0);
  return bytes;
}

function wrongShape(): Buffer {
  return withHeader((header) => {
    const name = Object.keys(header).find((key) => key.endsWith('.weight')) ?? '';
    const tensor = header[name] as { shape: number[] };
    tensor.shape = [...tensor.shape].reverse();
  });
}

const BROKEN: [what: string, bytes: Buffer, says: RegExp][] = [
  ['empty', Buffer.alloc(0), /empty/i],
  ['truncated', good.subarray(0, good.length - 1000), /end|truncated|missing|cut/i],
  ['oversized', hugeHeader(), /header/i],
  ['mis-shaped', wrongShape(), /shape|expected|×/i],
];

async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page
    .getByTestId('model-file')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

for (const [what, bytes, says] of BROKEN) {
  test(`a file that is ${what}: one message, and the page goes on`, async ({ page }) => {
    await openExplore(page);
    const before = await readPicture(largePicture(page));
    await openFile(page, `${what}.safetensors`, bytes);
    const notices = page.locator('[data-level="error"]');
    await expect(notices).toHaveCount(1);
    await expect(notices).toContainText(`${what}.safetensors`);
    await expect(notices).toContainText(says);
    const hint = await notices.locator('[class*="hint"]').boundingBox();
    expect(hint?.width, 'its text is no narrow column').toBeGreaterThan(200);
    await expect(page.getByTestId('model-picker')).toContainText('Characters');

    await page.keyboard.press('n');
    await expect(async () => {
      expect(largestDifference(before, await readPicture(largePicture(page)))).toBeGreaterThan(10);
    }).toPass();
    await openFile(page, 'good.safetensors', good);
    await expect(page.getByTestId('model-picker')).toContainText('good');
  });
}
