/**
 * `npm run screenshots`: builds the page and photographs every panel for README (docs/screenshots). With
 * `-- --all` at every size and in both themes, to be looked at (test-results/screenshots).
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, ROOT, run } from './install.mjs';

const ALL = process.argv.includes('--all');
const README_SIZE = [1440, 900];
const SIZES = ALL ? [README_SIZE, [1024, 768], [390, 844]] : [README_SIZE];
const THEMES = ALL ? ['dark', 'light'] : ['dark'];
/** Only these panels, where any are named: `npm run screenshots -- train`. */
const ONLY = process.argv.slice(2).filter((word) => !word.startsWith('-'));

ensureDependencies();
if (!process.argv.includes('--no-build')) {
  if (run('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0) process.exit(1);
}

const { chromium } = await import('@playwright/test');
const { preview } = await import('vite');
const { browserLaunchOptions } = await import('./browser.mjs');

const folder = join(ROOT, ...(ALL ? ['test-results', 'screenshots'] : ['docs', 'screenshots']));
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
  return [...new Set(ids)].filter((id) => ONLY.length === 0 || ONLY.includes(id));
}

/** What a panel has to do before it is worth a photograph. */
const PREPARE = {
  async train(page) {
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByTestId('train-step').waitFor();
    const step = page.getByTestId('train-step');
    const reached = async () => Number((await step.textContent()).replaceAll(',', '')) >= STEPS;
    while (!(await reached())) await page.waitForTimeout(1000);
  },
};
/** Of the photographed training: shapes have come out of noise. */
const STEPS = 600;
/** Links to what a panel is photographed with. */
const STATES = { train: `&upto=${2 * STEPS}` };

/** The panel that is about rooms is shown on them. */
const MODELS = { filters: 'rooms-64' };

async function photograph(id, [width, height], colorScheme) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const model = MODELS[id] ? `&model=${MODELS[id]}` : '';
  await page.goto(`${url}?backend=wasm#panel=${id}${model}${STATES[id] ?? ''}`);
  await page.locator('[data-testid="face"][data-painted="true"]').first().waitFor();
  await PREPARE[id]?.(page);
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
