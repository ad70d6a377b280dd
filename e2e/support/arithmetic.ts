import { readFileSync } from 'node:fs';
import { expect, type Download, type Locator, type Page } from '@playwright/test';

export const words = (page: Page) => page.getByTestId('words');
export const nine = (page: Page) => page.getByTestId('result').getByTestId('face');
export const center = (page: Page) => nine(page).nth(4);
export const groups = (page: Page) => page.getByTestId('group');
export const slots = (group: Locator) => group.getByTestId('slot');
export const slotButton = (slot: Locator) => slot.getByRole('button').first();
export const tray = (page: Page) =>
  page.getByRole('listbox', { name: 'Pictures' }).getByRole('option');
export const preset = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

export async function openArithmetic(page: Page, state = ''): Promise<void> {
  await page.goto(`./?backend=wasm#panel=arithmetic${state}`);
  await settled(page);
}

/** All nine are drawn and the judge has seen them. */
export async function settled(page: Page): Promise<void> {
  await expect(words(page)).toHaveAttribute('data-judged', 'true', { timeout: 30_000 });
  await expect(nine(page)).toHaveCount(9);
  for (const canvas of await nine(page).all()) {
    await expect(canvas).toHaveAttribute('data-painted', 'true');
  }
}

/** The numbers that the meters of the result show. */
export async function meters(page: Page): Promise<Record<string, number>> {
  const pairs = await page
    .getByTestId('result')
    .locator('[data-meter]')
    .evaluateAll((nodes) =>
      nodes.map((node): [string, number] => [
        node.getAttribute('data-meter') ?? '',
        Number((node.getAttribute('data-value') ?? '').replace('−', '-').replace('°', '')),
      ]),
    );
  return Object.fromEntries(pairs);
}

/** Tab until what has the focus is called this; nothing but keys. */
export async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press(key);
    const label = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(label)) return;
  }
  throw new Error(`Tab never reached ${String(name)}`);
}

export async function dragTo(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await middle(from);
  const end = await middle(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 8, start.y - 8);
  await page.mouse.move(end.x, end.y, { steps: 6 });
  // A hand rests on its target for some frames, in which the page finds out what lies under it.
  await frames(page);
  await page.mouse.move(end.x + 1, end.y);
  await frames(page);
  await page.mouse.up();
}

function frames(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}

export async function middle(of: Locator): Promise<{ x: number; y: number }> {
  await of.scrollIntoViewIfNeeded();
  const box = await of.boundingBox();
  if (!box) throw new Error('not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export async function readDownload(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}
