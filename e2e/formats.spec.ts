/** Weights that other people made, opened as a person opens them: chosen or dropped, then worked with. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { openFiles } from '../src/formats/foreign/open-files';
import { writeSafetensors } from '../src/formats/safetensors/write';
import { hostileFiles } from './fixtures/corpus';
import { expectAccessible } from './support/axe';
import {
  allPainted,
  largePicture,
  largestDifference,
  openExplore,
  readPicture,
  variance,
} from './support/pictures';

const CHECKPOINTS = process.env['LATENTARIUM_CHECKPOINTS'] ?? '../shared/checkpoints';

interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const upload = (name: string, bytes: Uint8Array): Upload => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

function checkpoint(folder: string, pattern: RegExp): Upload[] {
  const names = readdirSync(join(CHECKPOINTS, folder)).filter((name) => pattern.test(name));
  return names.map((name) => upload(name, readFileSync(join(CHECKPOINTS, folder, name))));
}

async function choose(page: Page, files: Upload[]): Promise<void> {
  await page.getByTestId('model-file').setInputFiles(files);
}

/** As a drop of files from the desktop. */
async function drop(page: Page, files: Upload[]): Promise<void> {
  const contents = files.map(({ name, buffer }) => [name, buffer.toString('base64')] as const);
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const [name, base64] of list) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const send = (type: string): boolean =>
      !document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    if (!send('dragover')) throw new Error('the page does not take the files');
    send('dragenter');
    send('drop');
  }, contents);
}

async function opened(page: Page, title: string): Promise<void> {
  await expect(page.getByTestId('model-picker')).toContainText(title, { timeout: 60_000 });
}

/** Largest error of the open model against the pictures of e2e/fixtures/foreign.py. */
async function errorOf(
  page: Page,
  folder: string,
  range: readonly [number, number],
  statistics?: 'batch',
) {
  const bytes = new Uint8Array(readFileSync(`e2e/fixtures/goldens/foreign-${folder}.npz`));
  const { networks } = await openFiles([{ name: 'expected.npz', bytes }]);
  const arrays = new Map(networks[0]?.arrays.map((array) => [array.name, array]));
  const [z, images] = [arrays.get('z'), arrays.get('images')];
  if (!z || !images) throw new Error('the goldens have no z or no images');
  const size = z.shape[1] ?? 1;
  const latents = Array.from({ length: z.shape[0] ?? 0 }, (_, i) => [
    ...z.data.subarray(i * size, (i + 1) * size),
  ]);
  const drawn = await page.evaluate(
    async ([list, how]) => {
      const pictures = await window.latentarium.generate(list, how ? { statistics: how } : {});
      return pictures.flatMap(({ data }) => [...data]);
    },
    [latents, statistics] as const,
  );
  // The console gives every picture in [−1, 1].
  const [low, high] = range;
  return images.data.reduce((most, value, index) => {
    const expected = ((value - low) / (high - low)) * 2 - 1;
    return Math.max(most, Math.abs(expected - (drawn[index] ?? NaN)));
  }, 0);
}

/** Walks, adds and ablates with the open model. */
async function workWith(page: Page, layer: string, filters: number): Promise<void> {
  await page.getByRole('link', { name: 'Walk' }).click();
  await expect(page.getByTestId('stage')).toHaveAttribute('data-exact', 'true', {
    timeout: 30_000,
  });
  const stage = page.getByTestId('stage').getByTestId('face').first();
  expect(variance(await readPicture(stage))).toBeGreaterThan(20);
  const changes = await page.evaluate(
    async ([name, count]) => {
      const app = window.latentarium;
      const [a, b, c] = app.sample(3, { seed: 3 });
      const sum = a!.map((value, i) => value - b![i]! + c![i]!);
      const off = Object.fromEntries(Array.from({ length: count / 2 }, (_, i) => [i, 0]));
      const [plain, added] = await app.generate([a!, sum]);
      const [ablated] = await app.generate([a!], { units: { [name]: off } });
      const apart = (x: Float32Array, y: Float32Array) =>
        x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0);
      return [apart(plain!.data, added!.data), apart(plain!.data, ablated!.data)];
    },
    [layer, filters] as const,
  );
  for (const change of changes) expect(change).toBeGreaterThan(0.05);
  await page.getByRole('link', { name: 'Architecture' }).click();
}

test('a file dropped before the page is up is opened all the same', async ({ page }) => {
  let show = () => {};
  const held = new Promise<void>((resolve) => (show = resolve));
  await page.route(/assets\/mount-.*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('./?backend=wasm');
  await expect(page.locator('#root')).toBeEmpty();
  await drop(page, [
    upload('early.safetensors', readFileSync('e2e/fixtures/goldens/dcgan.safetensors')),
  ]);
  show();
  await opened(page, 'early');
});

test.describe('checkpoints of other people', () => {
  test.skip(!existsSync(CHECKPOINTS), `${CHECKPOINTS} is not there: set LATENTARIUM_CHECKPOINTS`);
  test.setTimeout(180_000);

  test("the paper authors' SVHN weights, chosen together", async ({ page }) => {
    await openExplore(page);
    await choose(page, checkpoint('newmu_svhn', /gen_params/));
    await opened(page, '200_gen_params');
    expect(await errorOf(page, 'newmu_svhn', [-1, 1], 'batch')).toBeLessThan(2e-3);
    await workWith(page, 'layer3', 64);
    await expect(page.getByLabel('kernels', { exact: true }).last()).toHaveValue('yes');

    await page.getByRole('tab', { name: 'Batch norm' }).click();
    const change = (row: string) =>
      page.getByTestId(`statistics-${row}`).getByTestId('largest-change');
    await expect(change('frozen')).toHaveText(/^[0-2] \/ 255$/, { timeout: 30_000 });
    await expect(change('batch')).toHaveText(/^\d{2,} \/ 255$/);
    await expectAccessible(page, 'Batch norm');
  });

  test('a legacy PyTorch generator, dropped: its odd activations are set in the table', async ({
    page,
  }) => {
    await openExplore(page);
    await drop(page, checkpoint('fletcher_celeba32', /generator/));
    await opened(page, 'generator');
    await page.getByRole('link', { name: 'Architecture' }).click();
    await expect(page.getByLabel('z was drawn').last()).toHaveValue('uniform');
    const sample = page.getByRole('region', { name: 'Samples' }).getByTestId('face').first();
    await allPainted(page);
    const before = await readPicture(sample);
    await page.getByLabel('generator_deconv.0.0: activation').selectOption('none');
    for (const i of [1, 2, 3]) {
      await page.getByLabel(`generator_deconv.${i}.0: activation`).selectOption('leakyRelu:0.2');
    }
    await expect(page.getByRole('status').filter({ hasText: 'changed reading' })).toBeVisible();
    await allPainted(page);
    expect(largestDifference(before, await readPicture(sample))).toBeGreaterThan(20);
    await expectAccessible(page, 'Architecture');
    await page.getByRole('button', { name: 'Use this reading' }).click();
    await expect(
      page.locator('[data-level="success"]').filter({ hasText: 'All panels' }),
    ).toBeVisible();
    expect(await errorOf(page, 'fletcher_celeba32', [-1, 1])).toBeLessThan(2e-3);
    await workWith(page, 'generator_deconv.3.0', 32);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as safetensors' }).click();
    const saved = readFileSync(await (await download).path());
    await page.goto('about:blank');
    await openExplore(page);
    await choose(page, [upload('again.safetensors', saved)]);
    await opened(page, 'again');
    expect(await errorOf(page, 'fletcher_celeba32', [-1, 1])).toBeLessThan(2e-3);
  });

  test('a whole Keras model, dropped', async ({ page }) => {
    await openExplore(page);
    await drop(page, checkpoint('darthdaenerys_anime64', /generator/));
    await opened(page, 'generator');
    expect(await errorOf(page, 'darthdaenerys_anime64', [0, 1])).toBeLessThan(4e-3);
    await workWith(page, 'conv2d_transpose_58', 32);
  });
});

function tensor(name: string, shape: number[], seed: number) {
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, (_, i) => Math.sin(seed + i * 12.9898) * 0.2);
  return { name, dtype: 'F32' as const, shape, data };
}

test('every column of the layers that were guessed is in sight, and nothing in them is cut', async ({
  page,
}) => {
  const widths = [100, 256, 128, 64, 32, 3];
  const file = writeSafetensors(
    [0, 3, 6, 9, 12].flatMap((at, i) => [
      tensor(`main.${at}.weight`, [widths[i]!, widths[i + 1]!, 4, 4], at),
      ...(at === 12
        ? []
        : ['weight', 'bias'].map((kind) => tensor(`main.${at + 1}.${kind}`, [widths[i + 1]!], 1))),
    ]),
  );
  await openExplore(page);
  await drop(page, [upload('netG.safetensors', file)]);
  await opened(page, 'netG');
  await page.getByRole('link', { name: 'Architecture' }).click();
  await page.getByLabel('main.3: activation').selectOption('leakyRelu:0.01');
  const layers = page.getByRole('region', { name: 'Layers' });
  await expect(layers.getByRole('combobox')).toHaveCount(18);
  const cut = await layers.evaluate((box) => {
    const context = document.createElement('canvas').getContext('2d')!;
    return {
      columns: box.scrollWidth - box.clientWidth,
      values: [...box.querySelectorAll('select')].flatMap((select) => {
        const style = getComputedStyle(select);
        context.font = style.font;
        const text = select.selectedOptions[0]?.text ?? '';
        const room =
          select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return context.measureText(text).width > room ? [text] : [];
      }),
    };
  });
  expect(cut).toEqual({ columns: 0, values: [] });
});

test('of several networks in a zip the generator is taken; the notice leads to what was guessed', async ({
  page,
}) => {
  const both = writeSafetensors([
    tensor('netD.main.0.weight', [8, 3, 4, 4], 1),
    tensor('netD.main.2.weight', [1, 8, 4, 4], 2),
    tensor('netG.main.0.weight', [20, 16, 4, 4], 3),
    tensor('netG.main.2.weight', [16, 8, 4, 4], 4),
    tensor('netG.main.4.weight', [8, 3, 4, 4], 5),
  ]);
  const zip = zipSync({ 'run/epoch_9.safetensors': both, 'run/README.md': new Uint8Array(9) });
  await openExplore(page);
  await drop(page, [upload('run.zip', zip)]);
  await opened(page, 'run');
  await page.locator('[data-level="success"]').getByRole('button', { name: 'Show' }).click();
  await expect(page.getByLabel('Network in the file')).toHaveValue('1');
  await allPainted(page);
  await page.getByLabel('main.2: stride and padding').selectOption('s1 p0');
  await expect(page.getByRole('cell', { name: '7×7×8' })).toBeVisible();
});

test('broken and hostile files: one message each, and the page goes on', async ({ page }) => {
  test.setTimeout(180_000);
  await openExplore(page);
  const memory = () => page.evaluate(() => window.latentarium.memory());
  const before = await memory();
  const corpus = hostileFiles().filter((_, index) => index % 6 === 0);
  for (const { title, files, names } of corpus) {
    const started = Date.now();
    await choose(
      page,
      files.map(({ name, bytes }) => upload(name, bytes)),
    );
    const notice = page.locator('[data-level="error"]');
    await expect(notice, title).toHaveCount(1, { timeout: 5_000 });
    await expect(notice, title).toContainText(names ?? files[0]?.name ?? '');
    expect(Date.now() - started, title).toBeLessThan(8_000);
    await notice.getByRole('button', { name: /dismiss|close/i }).click();
    await expect(notice).toHaveCount(0);
  }
  expect((await memory()).tensors).toBe(before.tensors);
  await page.keyboard.press('n');
  await allPainted(page);
  expect(variance(await readPicture(largePicture(page)))).toBeGreaterThan(200);
});
