import { expect, type Locator, type Page } from '@playwright/test';

export interface Picture {
  width: number;
  height: number;
  /** RGBA. */
  data: number[];
}

/** What stands on a canvas. */
export async function readPicture(canvas: Locator): Promise<Picture> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    if (!context) throw new Error('no 2d context');
    return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
  });
}

/** Variance over all pixels of the red, green and blue bytes: near 0 for an empty canvas. */
export function variance({ data }: Picture): number {
  const values = data.filter((_, index) => index % 4 !== 3);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** Largest difference of any byte. "The same picture" is at most 2 (float math differs in the last bits). */
export function largestDifference(a: Picture, b: Picture): number {
  if (a.data.length !== b.data.length) return Infinity;
  return a.data.reduce((most, value, index) => {
    return Math.max(most, Math.abs(value - (b.data[index] ?? 0)));
  }, 0);
}

export const SAME = 2;

/** The large picture of Explore. */
export function largePicture(page: Page): Locator {
  return page.getByRole('region', { name: 'The chosen one' }).getByTestId('face');
}

/** The pictures of the grid. */
export function gridPictures(page: Page): Locator {
  return page.getByRole('listbox').getByTestId('face');
}

/** Opens the page with the given state and waits until every picture is drawn. */
export async function openExplore(page: Page, state = ''): Promise<void> {
  await page.goto(`./?backend=wasm#${state}`);
  await allPainted(page);
}

/** Every picture on the page is up to date. */
export async function allPainted(page: Page): Promise<void> {
  await expect(page.locator('[data-testid="face"]').first()).toBeVisible();
  await expect(page.locator('[data-testid="face"]:not([data-painted="true"])')).toHaveCount(0);
}
