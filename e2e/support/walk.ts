import { expect, type Locator, type Page } from '@playwright/test';
import { readPicture, type Picture } from './pictures';

/** Opens the Walk panel with the given state; `frame=…` in it keeps the walk at rest. */
export async function openWalk(page: Page, state = 'frame=0'): Promise<void> {
  await page.goto(`./?backend=wasm#panel=walk&${state}`);
  await expect(stage(page)).toHaveAttribute('data-exact', 'true');
}

export function stage(page: Page): Locator {
  return page.getByTestId('stage');
}

export function timeline(page: Page): Locator {
  return page.getByRole('slider', { name: 'Position in the walk' });
}

export function keyframes(page: Page): Locator {
  return page.getByRole('list', { name: 'Keyframes' }).getByRole('listitem');
}

/** What the keyframes are called, in order. */
export function keyframeNames(page: Page): Promise<string[]> {
  return keyframes(page)
    .getByRole('button', { name: /^Keyframe \d+:/ })
    .evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute('aria-label')?.replace(/^.*?: /, '') ?? ''),
    );
}

/** The main picture, once it is that of this frame. */
export async function frameAt(page: Page, index: number): Promise<Picture> {
  await expect(stage(page)).toHaveAttribute('data-frame', String(index));
  await expect(stage(page)).toHaveAttribute('data-exact', 'true');
  return readPicture(stage(page).getByTestId('face').first());
}

/** Moves the playhead by keys: whole keyframes first, then single frames. */
export async function goTo(page: Page, index: number, framesPerSegment = 24): Promise<Picture> {
  await timeline(page).focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < Math.floor(index / framesPerSegment); i++)
    await page.keyboard.press('PageUp');
  for (let i = 0; i < index % framesPerSegment; i++) await page.keyboard.press('ArrowRight');
  return frameAt(page, index);
}

/** Mean difference of the color bytes of two pictures. */
export function meanDifference(a: Picture, b: Picture): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0));
  return sum / ((a.data.length / 4) * 3);
}
