/* global window -- in functions that run in the page */
/**
 * `npm run bench`: the engine against stock TensorFlow.js and ONNX Runtime Web, in this machine's
 * browser, and of the built page its size, the time to its first face, the longest frame while it scrolls and
 * the longest task while it trains.
 * Fails where the page is over its limit. Prints markdown; docs/performance.md
 * says how to read it.
 *
 * Options: --rounds N, --only wasm,threads,webgpu,webgl,training,page, --dist FOLDER of the built page
 * (with `training`, only those of the backends named beside it)
 */
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { ensureDependencies, ROOT, run } from './install.mjs';

ensureDependencies();
const { chromium } = await import('@playwright/test');
const { build, preview, runnerImport } = await import('vite');
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
];
const wanted = (id) => !only || only.includes(id);
const ENGINES = RUNS.filter(({ id }) => wanted(id) && (!only || !only.includes('training')));
const TRAINED = RUNS.filter(
  ({ id }) => wanted('training') && (wanted(id) || !RUNS.some((run) => wanted(run.id))),
);

/** Size, base filters and batch of the training runs; tiny ones for software GPUs. */
const TRAINING = {
  wasm: [
    { size: 32, baseFilters: 16, batch: 16 },
    { size: 32, baseFilters: 32, batch: 32 },
    { size: 64, baseFilters: 32, batch: 16 },
  ],
  webgpu: [{ size: 32, baseFilters: 16, batch: 16 }],
  webgl: [{ size: 32, baseFilters: 16, batch: 16 }],
};

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

/** Opens the bench page in a browser of its own for one run. */
async function onBenchPage({ title, isolated }, measure) {
  const server = await serve(join(ROOT, 'dist-bench'), isolated ? ISOLATION : {});
  const browser = await chromium.launch(browserLaunchOptions());
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(server.url);
    await measure(page);
  } catch (error) {
    console.log(`\n### ${title}\n\nNot measured: ${error.message.split('\n')[0]}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measureEngines() {
  for (const run of ENGINES) {
    await onBenchPage(run, async (page) => {
      const { title, backend, width, batches = [1, 16] } = run;
      const request = { backend, width, batches, rounds };
      const answer = await page.evaluate((wanted) => window.runBench(wanted), request);
      printEngines(title, width, answer);
    });
  }
}

async function measureTraining() {
  console.log('\n### Training: one step of D and one of G\n');
  console.log(
    '| backend | size, base filters, batch | contender | ms a step, median | lowest | max difference of losses |',
  );
  console.log('| --- | --- | --- | ---: | ---: | ---: |');
  for (const run of TRAINED) {
    await onBenchPage(run, async (page) => {
      for (const training of TRAINING[run.backend]) {
        const request = { backend: run.backend, training, rounds };
        const { rows } = await page.evaluate((wanted) => window.runTrainingBench(wanted), request);
        const { size, baseFilters, batch } = training;
        for (const { contender, median, lowest, maxError } of rows) {
          const cells = [run.title, `${size}×${size}, ${baseFilters}, ${batch}`, contender];
          const numbers = [median.toFixed(1), lowest.toFixed(1), maxError.toExponential(0)];
          console.log(`| ${[...cells, ...numbers].join(' | ')} |`);
        }
      }
      if (run.backend === 'wasm') {
        console.log(`| ${run.title} | | stock TensorFlow.js | no filter gradient there | | |`);
      }
    });
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

/** A new browser each time: its caches, compiled code included, are empty. */
async function withPage(task) {
  const browser = await chromium.launch(browserLaunchOptions());
  try {
    const context = await browser.newContext({
      serviceWorkers: 'block',
      viewport: { width: 1440, height: 900 },
    });
    return await task(await context.newPage());
  } finally {
    await browser.close();
  }
}

/** The built page measures with what the specs use, which is TypeScript. */
async function pageTools() {
  const tools = await runnerImport(join(ROOT, 'bench/page.ts'), { configFile: false });
  const wide = await runnerImport(join(ROOT, 'bench/wide-generator.ts'), { configFile: false });
  return { ...tools.module, ...wide.module };
}

async function repeat(count, measure) {
  const values = [];
  for (let i = 0; i < count; i++) values.push(await measure());
  return values.sort((a, b) => a - b);
}

/** Scrolls through the tiles of a layer of 512 filters. */
async function measureScrolling(url, { wideGenerator, openToFirstFace, longestFrame }) {
  return withPage(async (page) => {
    await openToFirstFace(page, `${url}?backend=wasm#panel=filters`);
    await page.getByTestId('model-file').setInputFiles({
      name: 'wide.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(wideGenerator(512)),
    });
    await page.getByRole('button', { name: /^8×8 512 filters/ }).click();
    const tiles = page.getByRole('listbox', { name: /^Filters of 8×8/ });
    await tiles.getByRole('option').first().waitFor();
    return repeat(5, () => longestFrame(tiles));
  });
}

/** Trains on the bundled characters by the preset 'In 2 minutes'; 20 s, after the first 5 s. */
async function measureTasksInTraining(url, { longestTaskInTraining }) {
  return withPage(async (page) => {
    await page.goto(`${url}?backend=wasm#panel=train`);
    await page.getByTestId('set-count').waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByTestId('train-step').getByText(/[1-9]/).waitFor();
    await page.waitForTimeout(5000);
    return longestTaskInTraining(page, 20_000);
  });
}

function printPage({ shell, limit, faces, frames, tasks }) {
  const seconds = faces.map((ms) => (ms / 1000).toFixed(2));
  const size = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const verdict = shell <= limit ? 'within' : 'OVER';
  console.log('\n### The page\n');
  console.log('| what | measured |');
  console.log('| --- | ---: |');
  console.log(
    `| JavaScript that the page itself asks for before its first face, without workers, gzip | ${size(shell)}, ${verdict} the limit of ${size(limit)} |`,
  );
  console.log(`| first face after navigation, WASM, cold cache, median of 5 | ${seconds[2]} s |`);
  console.log(`| all five | ${seconds.join(', ')} s |`);
  const longest = frames.map((ms) => ms.toFixed(0));
  console.log(
    `| longest frame while scrolling through 512 filters' tiles, median of 5, aim 100 ms | ${longest[2]} ms |`,
  );
  console.log(`| all five | ${longest.join(', ')} ms |`);
  const { wallMs, processorMs, steps } = tasks;
  console.log(
    `| longest task of the main thread while training (20 s, ${steps} steps), aim 50 ms | ${wallMs.toFixed(0)} ms, of the processor's time ${processorMs.toFixed(0)} ms |`,
  );
  console.log(`| load of the machine at the end | ${os.loadavg()[0]?.toFixed(1)} |`);
}

async function measurePage() {
  const dist = resolve(ROOT, option('dist') ?? 'dist');
  if (!existsSync(join(dist, 'index.html'))) run('npm', ['run', 'build']);
  if (!readdirSync(dist).includes('models')) throw new Error('dist/ has no models');
  const server = await serve(dist, ISOLATION);
  try {
    const { url } = server;
    const tools = await pageTools();
    let shell = 0;
    const faces = await repeat(5, () =>
      withPage(async (page) => {
        const ms = await tools.openToFirstFace(page, `${url}?backend=wasm`);
        shell = await tools.shellBytes(page, dist);
        return ms;
      }),
    );
    const frames = await measureScrolling(url, tools);
    const tasks = await measureTasksInTraining(url, tools);
    printPage({ shell, limit: tools.SHELL_LIMIT, faces, frames, tasks });
    if (shell > tools.SHELL_LIMIT) process.exitCode = 1;
  } finally {
    await server.close();
  }
}

const [cpu] = os.cpus();
console.log(
  `Machine: ${os.cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${os.platform()} ${os.arch()}; load ${os.loadavg()[0]?.toFixed(1)} at the start.`,
);
if (ENGINES.length + TRAINED.length > 0) {
  await build({ configFile: join(ROOT, 'bench/vite.config.ts'), logLevel: 'error' });
}
await measureEngines();
if (TRAINED.length > 0) await measureTraining();
if (!only || only.includes('page')) {
  try {
    await measurePage();
  } catch (error) {
    console.log(`\nThe page was not measured: ${error.message.split('\n')[0]}`);
  }
}
