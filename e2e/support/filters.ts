/** The Filters panel as a person finds their way about it. */
import { expect, type Page } from '@playwright/test';

export const ROOMS = 'model=rooms-64&panel=filters';

/** Opens a state of the page, and waits for the first picture. */
export async function open(page: Page, state: string): Promise<void> {
  await page.goto(`./?backend=wasm#${state}`);
  await expect(page.getByTestId('face').first()).toHaveAttribute('data-painted', 'true');
}

export const tiles = (page: Page) => page.getByRole('listbox', { name: /^Filters of/ });
export const badge = (page: Page) => page.getByTestId('mask-badge');
export const control = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** Waits until no work is under way. */
export async function workDone(page: Page): Promise<void> {
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 80_000 });
}

/** Mean absolute change of a pixel of the boxed rooms without one filter, in levels of 255. */
export async function changeWithout(
  page: Page,
  layer: string,
  filter: number,
  pictures: number,
): Promise<{ inside: number; outside: number }> {
  return page.evaluate(
    async ({ layer, filter, pictures }) => {
      const api = window.latentarium;
      const { boxes } = (await (await fetch('models/rooms-64/boxes.json')).json()) as {
        boxes: { sample: number; x0: number; y0: number; x1: number; y1: number }[];
      };
      const all = [...new Set(boxes.map(({ sample }) => sample))];
      const samples = api.sample(150, { seed: 1, truncation: 1 });
      const sums = { inside: 0, outside: 0 };
      const counts = { inside: 0, outside: 0 };
      for (let i = 0; i < pictures; i++) {
        const sample = all[Math.floor((i * all.length) / pictures)]!;
        const own = boxes.filter((one) => one.sample === sample);
        const [before] = await api.generate([samples[sample]!]);
        const units = { [layer]: { [filter]: 0 } };
        const [after] = await api.generate([samples[sample]!], { units });
        before!.data.forEach((value, at) => {
          const [x, y] = [Math.floor(at / 3) % 64, Math.floor(at / 192)];
          const held = own.some((b) => x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1);
          sums[held ? 'inside' : 'outside'] += 127.5 * Math.abs(after!.data[at]! - value);
          counts[held ? 'inside' : 'outside'] += 1;
        });
      }
      return { inside: sums.inside / counts.inside, outside: sums.outside / counts.outside };
    },
    { layer, filter, pictures },
  );
}
