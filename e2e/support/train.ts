import { expect, type Locator, type Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';

/** Networks so small that a step takes a few milliseconds. */
export const TINY = 'pixels=16&set=baseFilters:8,latentSize:16,batch:8';

/** Opens the Train panel with the given state and waits until its pictures are read. */
export async function openTrain(page: Page, state = ''): Promise<void> {
  await page.goto(`./?backend=wasm#panel=train&${state}`);
  await expect(page.getByTestId('set-count')).toBeVisible({ timeout: 30_000 });
}

export const trainButton = (page: Page): Locator =>
  page.getByRole('button', { name: 'Train', exact: true });

/** Steps that are done. */
export async function stepOf(page: Page): Promise<number> {
  const text = await page.getByTestId('train-step').textContent();
  return Number((text ?? '').replaceAll(',', ''));
}

export async function reaches(page: Page, step: number, timeout = 60_000): Promise<void> {
  await expect.poll(() => stepOf(page), { timeout }).toBeGreaterThanOrEqual(step);
}

/** What the heading of the run says: 'Training', 'Paused' … */
export const status = (page: Page): Locator =>
  page.getByRole('heading', { level: 2 }).getByRole('status');

/** The newest measurement, as the page holds it. */
export async function quality(page: Page): Promise<Record<string, number>> {
  const data = await page
    .getByTestId('quality')
    .evaluate((element) => ({ ...(element as HTMLElement).dataset }));
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Number(value)]));
}

/** The large grid: sixteen pictures of fixed z. */
export const fixedPictures = (page: Page): Locator =>
  page.getByRole('listbox', { name: /the same 16 z/ }).getByTestId('face');

/** Discs of many colours on grounds of many colours: any two differ. */
export function discPng(index: number, side = 40): Buffer {
  const png = new PNG({ width: side, height: side });
  const [x, y, radius] = [10 + (index % 5) * 5, 12 + (index % 4) * 5, 5 + (index % 3) * 4];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const inside = (column - x) ** 2 + (row - y) ** 2 < radius ** 2;
      const at = (row * side + column) * 4;
      png.data[at] = inside ? 250 - index * 3 : 20 + index;
      png.data[at + 1] = inside ? 60 + index * 4 : 40;
      png.data[at + 2] = inside ? 40 : 60 + index * 2;
      png.data[at + 3] = 255;
    }
  }
  return PNG.sync.write(png);
}

/** A zip of `count` pictures, one of them twice, and one text file. */
export function holidayZip(count: number): Buffer {
  const files: Record<string, Uint8Array> = {};
  for (let index = 0; index < count; index++) {
    files[`holiday/${String(index).padStart(2, '0')}.png`] = discPng(index);
  }
  files['holiday/again.png'] = discPng(3);
  files['holiday/notes.txt'] = new TextEncoder().encode('We went to the sea.');
  return Buffer.from(zipSync(files));
}

/** An IDX file as MNIST's: `count` grey pictures of 28×28, each a bar of its own place and brightness. */
export function greyIdx(count: number): Buffer {
  const side = 28;
  const head = Buffer.alloc(16);
  [0x803, count, side, side].forEach((value, index) => head.writeUInt32BE(value, index * 4));
  const pixels = Buffer.alloc(count * side * side);
  for (let index = 0; index < count; index++) {
    const from = index % (side - 4);
    for (let row = 4; row < side - 4; row++) {
      const at = (index * side + row) * side + from;
      pixels.fill(255 - index, at, at + 4);
    }
  }
  return Buffer.concat([head, pixels]);
}
