/* global window -- in functions that run in the page */
/**
 * The numbers of docs/ablation.md, measured on the built page by its console: what dropping filters makes
 * a model forget, layer by layer and layers together, against as many random filters. Prints tables.
 *
 *   node scripts/measure-ablation.mjs [--model rooms-64] [--concept window] [--scenes 200] [--url http://…]
 *     [--scene-seed N]   other scenes than those of the seed after the boxes'
 *     [--points L]       these numbers of filters and nothing else: main.3:26+main.6:13,main.6:30
 */
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { browserLaunchOptions } from './browser.mjs';
import { ROOT } from './install.mjs';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'rooms-64' },
    concept: { type: 'string', default: 'window' },
    scenes: { type: 'string', default: '200' },
    shares: { type: 'string', default: '0.1,0.2,0.3,0.4,0.5' },
    'scene-seed': { type: 'string' },
    points: { type: 'string' },
    url: { type: 'string' },
  },
});

/** Runs in the page. */
async function measure({ model, concept, sceneCount, sceneSeed, shares, points }) {
  const api = window.latentarium;
  await api.ready;
  const { layers } = await api.open(model);
  const set = await (await fetch(`models/${model}/boxes.json`)).json();
  const prior = { truncation: 1 };
  const samples = api.sample(150, { seed: set.seed, ...prior });
  const scenes = api.sample(sceneCount, { seed: sceneSeed ?? set.seed + 1, ...prior });

  async function chunked(z, units, each) {
    for (let start = 0; start < z.length; start += 20) {
      const images = await api.generate(z.slice(start, start + 20), { units });
      await each(images, start);
    }
  }
  async function judge(z, units) {
    const p = [];
    await chunked(z, units, async (images) => {
      for (const one of await api.judge(images)) p.push(one[concept]);
    });
    return p;
  }

  const maps = layers.slice(0, -1).filter(({ height, width }) => height * width > 1);
  const fits = {};
  const regressions = [];
  for (const { name, height, filters } of maps) {
    const fit = await api.dissect.fit(samples, set.boxes, name);
    fits[name] = fit.weights;
    const positive = Array.from(fit.weights).filter((weight) => weight > 0).length;
    const { accuracy, auc, positives, negatives, pictures, heldOutPictures, converged } = fit;
    regressions.push({
      ...{ name, height, filters, positive, accuracy, auc, positives, negatives },
      ...{ pictures, heldOutPictures, converged },
    });
  }

  const before = await judge(scenes, {});
  const sure = scenes.filter((_, scene) => before[scene] > 0.9);
  const boxed = [...new Set(set.boxes.map(({ sample }) => sample))];
  const originals = [];
  await chunked(
    boxed.map((sample) => samples[sample]),
    {},
    (images) => {
      originals.push(...images);
    },
  );

  /** Mean absolute change in levels of 255, inside and outside the boxes. */
  async function change(units) {
    const sums = { in: 0, out: 0, inCount: 0, outCount: 0 };
    await chunked(
      boxed.map((sample) => samples[sample]),
      units,
      (images, start) => {
        images.forEach(({ width, height, channels, data }, index) => {
          const original = originals[start + index].data;
          const own = set.boxes.filter(({ sample }) => sample === boxed[start + index]);
          for (let pixel = 0; pixel < width * height; pixel++) {
            const [x, y] = [pixel % width, Math.floor(pixel / width)];
            const inside = own.some((b) => x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1);
            let difference = 0;
            for (let c = 0; c < channels; c++) {
              difference += Math.abs(data[pixel * channels + c] - original[pixel * channels + c]);
            }
            sums[inside ? 'in' : 'out'] += (127.5 * difference) / channels;
            sums[inside ? 'inCount' : 'outCount'] += 1;
          }
        });
      },
    );
    return { inside: sums.in / sums.inCount, outside: sums.out / sums.outCount };
  }

  const byWeight = (weights) =>
    Array.from(weights, (_, filter) => filter).sort((a, b) => weights[b] - weights[a]);
  /** Seeded shuffle for the control: a linear congruential generator is random enough for it. */
  function atRandom(count, seed) {
    let state = seed >>> 0;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const order = Array.from({ length: count }, (_, filter) => filter);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
  function mask(names, countOf, orderOf) {
    return Object.fromEntries(
      names.map((name, index) => {
        const count = countOf(fits[name], name);
        const filters = orderOf(fits[name], index).slice(0, count);
        return [name, Object.fromEntries(filters.map((filter) => [filter, 0]))];
      }),
    );
  }
  const gone = (p) => p.filter((value) => value < 0.5).length / p.length;
  async function point(names, countOf) {
    const dropped = mask(names, countOf, byWeight);
    const random = [];
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const control = mask(names, countOf, (weights, index) =>
        atRandom(weights.length, seed * 7919 + index),
      );
      random.push(gone(await judge(sure, control)));
    }
    const negative = mask(names, countOf, (weights) => byWeight(weights).reverse());
    return {
      layers: names.map((name) => maps.find((layer) => layer.name === name).height).join(' + '),
      filters: names.reduce((sum, name) => sum + countOf(fits[name], name), 0),
      gone: gone(await judge(sure, dropped)),
      random,
      negative: gone(await judge(sure, negative)),
      ...(await change(dropped)),
    };
  }

  const summary = {
    ...{ boxes: set.boxes.length, seed: set.seed, regressions, scenes: scenes.length },
    ...{ sceneSeed: sceneSeed ?? set.seed + 1, sure: sure.length },
    showing: before.filter((p) => p > 0.5).length,
  };
  if (points.length > 0) {
    const chosen = [];
    for (const counts of points) {
      const one = await point(Object.keys(counts), (_weights, name) => counts[name]);
      const layers = Object.entries(counts).map(([name, count]) => {
        return `${maps.find((layer) => layer.name === name).height} (${count})`;
      });
      chosen.push({ ...one, layers: layers.join(' + ') });
      // Also as it comes: a long run may be stopped.
      console.log(JSON.stringify(chosen.at(-1)));
    }
    return { ...summary, paper: [], curve: chosen };
  }
  const names = maps.map(({ name }) => name);
  const groups = [];
  for (let bits = 1; bits < 2 ** names.length; bits++) {
    const group = names.filter((_, index) => (bits >> index) & 1);
    // Alone, or neighbours together.
    const places = group.map((name) => names.indexOf(name));
    // The 4×4 maps are left to themselves: dropping there changes the whole scene.
    const whole = places.at(-1) - places[0] === group.length - 1;
    if (whole && (places[0] > 0 || group.length === 1)) groups.push(group);
  }
  const paper = [];
  for (const group of groups) {
    paper.push(await point(group, (w) => Array.from(w).filter((weight) => weight > 0).length));
  }
  const curve = [];
  for (const group of groups) {
    for (const share of shares) {
      curve.push({ share, ...(await point(group, (w) => Math.round(share * w.length))) });
      console.log(`${group.join('+')} ${share}`);
    }
  }
  return { ...summary, paper, curve };
}

async function serve() {
  const { preview } = await import('vite');
  const server = await preview({ root: ROOT, preview: { port: 4187, host: '127.0.0.1' } });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

const server = options.url ? { url: options.url, close: () => undefined } : await serve();
const browser = await chromium.launch(browserLaunchOptions());
const page = await browser.newPage({ serviceWorkers: 'block' });
page.on('console', (message) => {
  if (message.type() === 'log') console.error(message.text());
});
await page.goto(`${server.url}?backend=wasm`);
await page.waitForFunction(() => 'latentarium' in window);
const result = await page.evaluate(measure, {
  model: options.model,
  concept: options.concept,
  sceneCount: Number(options.scenes),
  sceneSeed: options['scene-seed'] === undefined ? null : Number(options['scene-seed']),
  shares: options.shares.split(',').map(Number),
  points: (options.points?.split(',') ?? []).map((one) =>
    Object.fromEntries(
      one.split('+').map((part) => {
        const [layer, count] = part.split(':');
        return [layer, Number(count)];
      }),
    ),
  ),
});
await browser.close();
await server.close();

const percent = (value) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const head = (...cells) => {
  row(...cells);
  row(...cells.map(() => '---'));
};
console.log(`${options.model}: ${result.boxes} boxes on samples of seed ${result.seed}.`);
console.log(
  `${result.scenes} scenes of seed ${result.sceneSeed}: ${result.showing} show ${options.concept} (P > 0.5), ${result.sure} for sure (P > 0.9).\n`,
);
head('layer', 'filters', 'weight > 0', 'places', 'held-out accuracy', 'AUC', 'converged');
for (const fit of result.regressions) {
  row(
    `${fit.height}×${fit.height}`,
    fit.filters,
    fit.positive,
    `${fit.positives} + ${fit.negatives} on ${fit.pictures}`,
    `${percent(fit.accuracy)} (${fit.heldOutPictures} pictures)`,
    fit.auc?.toFixed(3) ?? '–',
    fit.converged ? 'yes' : 'no',
  );
}
const points = (title, list) => {
  if (list.length === 0) return;
  console.log(`\n${title}\n`);
  head(
    'layers',
    'filters dropped',
    'gone',
    'gone, random (mean; 8 draws)',
    'gone, most negative',
    'change inside',
    'outside',
  );
  for (const one of list) {
    row(
      `${one.layers}${one.share === undefined ? '' : `, ${Math.round(one.share * 100)} %`}`,
      one.filters,
      percent(one.gone),
      `${percent(one.random.reduce((a, b) => a + b, 0) / one.random.length)} (${one.random.map((value) => Math.round(value * 100)).join(', ')})`,
      percent(one.negative),
      one.inside.toFixed(1),
      one.outside.toFixed(1),
    );
  }
};
points('Threshold 0, as in the paper:', result.paper);
points(
  options.points ? 'The strongest filters of each layer:' : 'The strongest share of each layer:',
  result.curve,
);
