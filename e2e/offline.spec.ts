import { expect, test, type Page } from '@playwright/test';
import { serveStatic, type StaticServer } from './support/static-server';

/** The built page on a plain static host under a path prefix, as a lecturer would put it on a course page. */
test.use({ serviceWorkers: 'allow' });

let host: StaticServer;
test.beforeAll(async () => {
  host = await serveStatic('dist', '/courses/gan/');
});
test.afterAll(() => host.close());

const firstFace = (page: Page) => page.locator('[data-testid="face"][data-painted="true"]').first();

async function serviceWorkerReady(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const cache = await caches.open('weights');
        return (await cache.keys()).length;
      }),
    )
    .toBeGreaterThan(0);
}

/** Opens the page and waits until the service worker has what it needs to answer in its place. */
async function firstVisit(page: Page) {
  await page.goto(`${host.url}?backend=wasm`);
  await expect(firstFace(page)).toBeVisible();
  await serviceWorkerReady(page);
}

test('works without a network after the first visit, also under a prefix', async ({
  page,
  context,
}) => {
  await firstVisit(page);
  await context.setOffline(true);
  await page.reload();
  await expect(firstFace(page)).toBeVisible();
});

test('a host that sets no headers gets isolation from the service worker on the next visit', async ({
  page,
}) => {
  await page.goto(`${host.url}?backend=wasm`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(firstFace(page)).toBeVisible();
  await serviceWorkerReady(page);
  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(firstFace(page)).toBeVisible();
});

test('no request leaves the origin and the policy reports nothing', async ({ page }) => {
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(host.url).origin) {
      strangers.push(request.url());
    }
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await firstVisit(page);
  expect(strangers).toEqual([]);
  expect(complaints).toEqual([]);
});

test('digits are trained on without a network, though no pictures were ever opened', async ({
  page,
  context,
}) => {
  await firstVisit(page);
  await page.reload();
  await expect(firstFace(page)).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Train' }).click();
  await expect(page.getByRole('radio', { name: 'Digits' })).toBeChecked();
  await expect(page.getByTestId('set-count')).toHaveAttribute('data-count', '4096');
  await expect(page.locator('[data-level="error"]')).toContainText('datasets/index.json');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('train-step')).not.toHaveText('0', { timeout: 30_000 });
});

test('pictures to train on that were opened once come without a network', async ({
  page,
  context,
}) => {
  await firstVisit(page);
  await page.reload();
  const count = () =>
    page.evaluate(async () => {
      const source = { kind: 'bundled', id: 'rooms', seed: 1 } as const;
      const set = await window.latentarium.datasets.open(source, { size: 16, channels: 1 });
      return set.images.count;
    });
  expect(await count()).toBe(4096);
  await context.setOffline(true);
  await page.reload();
  await expect(firstFace(page)).toBeVisible();
  expect(await count()).toBe(4096);
});
