/* global window, document -- in functions that run in the page */
/**
 * `npm run bench`: the engine against stock TensorFlow.js and ONNX Runtime Web, in this machine's
 * browser, and the built page's size and time to its first face. Prints markdown; docs/performance.md
 * says how to read it.
 *
 * Options: --rounds N, --only wasm,threads,webgpu,webgl,page, --dist FOLDER of the built page
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureDependencies, ROOT, run } from './install.mjs';

ensureDependencies();
const { chromium } = await import('@playwright/test');
const { build, preview } = await import('vite');
const { browserLaunchOptions, ensureBrowser } = await import('./browser.mjs');
ensureBrowser();

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = option('only')?.split(',');
const rounds = Number(option('rounds') ?? 15);

/** A software GPU is so slow that it gets a small network and few rounds. */
const RUNS = [
  { id: 'wasm', title: 'WASM, one thread', isolated: false, backend: 'wasm', width: 64 },
  { id: 'threads', title: 'WASM, threads', isolated: true, backend: 'wasm', width: 64 },
  { id: 'webgpu', title: 'WebGPU', isolated: true, backend: 'webgpu', width: 8, batches: [1, 4] },
  { id: 'webgl', title: 'WebGL', isolated: true, backend: 'webgl', width: 8, batches: [1, 4] },
].filter(({ id }) => !only || only.includes(id));

async function serve(outDir, headers) {
  const server = await preview({
    configFile: false,
    root: outDir,
    build: { outDir },
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 4190, headers },
  });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

async function measureEngines() {
  const outDir = join(ROOT, 'dist-bench');
  await build({ configFile: join(ROOT, 'bench/vite.config.ts'), logLevel: 'error' });
  for (const { title, isolated, backend, width, batches = [1, 16] } of RUNS) {
    const server = await serve(outDir, isolated ? ISOLATION : {});
    const browser = await chromium.launch(browserLaunchOptions());
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error.message));
      await page.goto(server.url);
      const request = { backend, width, batches, rounds };
      const answer = await page.evaluate((wanted) => window.runBench(wanted), request);
      printEngines(title, width, answer);
    } catch (error) {
      console.log(`\n### ${title}\n\nNot measured: ${error.message.split('\n')[0]}`);
    } finally {
      await browser.close();
      await server.close();
    }
  }
}

function printEngines(title, width, { adapter, rows }) {
  console.log(`\n### ${title} (${adapter}), 64×64 generator with ${width} base filters\n`);
  console.log(
    '| batch | contender | ms a batch, median | lowest | ms an image | this engine takes | max difference |',
  );
  console.log('| ---: | --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { contender, batch, median, lowest, maxError } of rows) {
    const ours = rows.find((row) => row.batch === batch)?.median ?? NaN;
    const ratio = median === ours ? '' : `${(ours / median).toFixed(2)} × its time`;
    const cells = [batch, contender, median.toFixed(1), lowest.toFixed(1)];
    const error = maxError === 0 ? '0' : maxError.toExponential(0);
    console.log(`| ${[...cells, (median / batch).toFixed(2), ratio, error].join(' | ')} |`);
  }
}

/** Gzipped bytes of the scripts that the document itself has loaded; workers list theirs elsewhere. */
async function shellBytes(page, dist) {
  const urls = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ initiatorType }) => initiatorType === 'script')
      .map(({ name }) => name),
  );
  const scripts = urls
    .map((url) => new URL(url).pathname.slice(1))
    .filter((path) => path.endsWith('.js') && !path.includes('worker-'));
  const sizes = [...new Set(scripts)].map(
    (path) => gzipSync(readFileSync(join(dist, path))).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function measureFirstFace(url, query, dist) {
  const times = [];
  let shell = 0;
  for (let i = 0; i < 5; i++) {
    // A new browser each time: its caches, compiled code included, are empty.
    const browser = await chromium.launch(browserLaunchOptions());
    try {
      const context = await browser.newContext({ serviceWorkers: 'block' });
      const page = await context.newPage();
      await page.goto(`${url}${query}`);
      const face = '[data-testid="face"][data-painted="true"]';
      await page.waitForFunction((selector) => document.querySelector(selector), face);
      times.push(await page.evaluate(() => performance.now()));
      shell = await shellBytes(page, dist);
    } finally {
      await browser.close();
    }
  }
  return { times: times.sort((a, b) => a - b), shell };
}

async function measurePage() {
  const dist = resolve(ROOT, option('dist') ?? 'dist');
  if (!existsSync(join(dist, 'index.html'))) run('npm', ['run', 'build']);
  if (!readdirSync(dist).includes('models')) throw new Error('dist/ has no models');
  const server = await serve(dist, ISOLATION);
  try {
    const { times, shell } = await measureFirstFace(server.url, '?backend=wasm', dist);
    const seconds = times.map((ms) => (ms / 1000).toFixed(2));
    console.log('\n### The page\n');
    console.log('| what | measured |');
    console.log('| --- | ---: |');
    console.log(
      `| shell JavaScript up to the first face, without workers, gzip | ${(shell / 1000).toFixed(0)} kB |`,
    );
    console.log(`| first face after navigation, WASM, cold cache, median of 5 | ${seconds[2]} s |`);
    console.log(`| all five | ${seconds.join(', ')} s |`);
  } finally {
    await server.close();
  }
}

const [cpu] = os.cpus();
console.log(
  `Machine: ${os.cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${os.platform()} ${os.arch()}; load ${os.loadavg()[0]?.toFixed(1)} at the start.`,
);
if (RUNS.length > 0) await measureEngines();
if (!only || only.includes('page')) {
  try {
    await measurePage();
  } catch (error) {
    console.log(`\nThe page was not measured: ${error.message.split('\n')[0]}`);
  }
}
