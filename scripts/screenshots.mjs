/** `npm run screenshots`: builds the page and photographs every panel at the sizes that we look at. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, ROOT, run } from './install.mjs';

const SIZES = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
const THEMES = ['dark', 'light'];

ensureDependencies();
if (!process.argv.includes('--no-build')) {
  if (run('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0) process.exit(1);
}

const { chromium } = await import('@playwright/test');
const { preview } = await import('vite');
const { browserLaunchOptions } = await import('./browser.mjs');

const folder = join(ROOT, 'docs', 'screenshots');
mkdirSync(folder, { recursive: true });
const server = await preview({ root: ROOT, preview: { port: 4181, host: '127.0.0.1' } });
const url = server.resolvedUrls.local[0];
const browser = await chromium.launch(browserLaunchOptions());

/** The panels that the page's own navigation offers. */
async function panelIds() {
  const page = await browser.newPage();
  await page.goto(`${url}?backend=wasm`);
  const links = page.locator('nav [data-panel]');
  await links.first().waitFor();
  const ids = await links.evaluateAll((nodes) => nodes.map((node) => node.dataset.panel));
  await page.close();
  return [...new Set(ids)];
}

async function photograph(id, [width, height], colorScheme) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(`${url}?backend=wasm#panel=${id}`);
  await page.locator('[data-testid="face"][data-painted="true"]').first().waitFor();
  // Thumbnails are drawn a few at a time.
  await page.waitForTimeout(2500);
  const suffix = colorScheme === 'dark' ? '' : '-light';
  await page.screenshot({ path: join(folder, `${id}-${width}${suffix}.png`) });
  await page.close();
}

for (const id of await panelIds()) {
  for (const size of SIZES) for (const theme of THEMES) await photograph(id, size, theme);
  console.log(`photographed ${id}`);
}
await browser.close();
await server.close();
