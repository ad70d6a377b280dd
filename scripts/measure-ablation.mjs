/* global window -- in functions that run in the page */
/**
 * The numbers of docs/ablation.md, measured on the built page by its console: what dropping filters makes
 * a model forget, layer by layer and layers together, chosen by regression weight and by measured effect,
 * against as many random filters. Prints tables.
 *
 *   node scripts/measure-ablation.mjs [--model rooms-64] [--concept window] [--url http://…]
 *     [--scenes 200] [--scene-seed N]   scenes that are judged; those of the seed after the boxes' when absent
 *     [--tables paper,weight,effect,outside,point]   which tables; all when absent
 *     [--draws 8]                       random controls a point
 *     [--learn even|odd]                fits and measures effects on every second boxed picture, and the change of
 *                                       pixels on the others; on all when absent
 *     [--ship main.3+main.6:0.07]       writes these filters, the highest share by effect, into the set as its point
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { browserLaunchOptions } from './browser.mjs';
import { ROOT } from './install.mjs';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'rooms-64' },
    concept: { type: 'string', default: 'window' },
    scenes: { type: 'string', default: '200' },
    'scene-seed': { type: 'string' },
    tables: { type: 'string', default: 'paper,weight,effect,outside,point' },
    draws: { type: 'string', default: '8' },
    learn: { type: 'string', default: 'all' },
    ship: { type: 'string' },
    url: { type: 'string' },
  },
});
const tables = options.tables.split(',');
const WEIGHT_SHARES = [0.1, 0.2, 0.3, 0.4, 0.5];
const EFFECT_SHARES = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2];
const OUTSIDE_WEIGHTS = [1, 1.25, 1.5, 1.75, 2];

/** Runs in the page: opens the model and leaves what the measurements need on `window.measured`. */
async function prepare({ model, concept, sceneCount, sceneSeed, learn, withEffects }) {
  const api = window.latentarium;
  await api.ready;
  const { layers } = await api.open(model);
  const set = await (await fetch(`models/${model}/boxes.json`)).json();
  const prior = { truncation: 1 };
  const samples = api.sample(150, { seed: set.seed, ...prior });
  const scenes = api.sample(sceneCount, { seed: sceneSeed ?? set.seed + 1, ...prior });
  const all = [...new Set(set.boxes.map(({ sample }) => sample))];
  const half = { even: 0, odd: 1 }[learn];
  const boxed = half === undefined ? all : all.filter((_, index) => index % 2 !== half);
  const known =
    half === undefined ? set.boxes : set.boxes.filter(({ sample }) => !boxed.includes(sample));

  async function drawn(z, units) {
    const images = [];
    for (let start = 0; start < z.length; start += 20) {
      images.push(...(await api.generate(z.slice(start, start + 20), { units })));
    }
    return images;
  }
  async function judge(z, units) {
    return (await api.judge(await drawn(z, units))).map((one) => one[concept]);
  }
  const before = await judge(scenes, {});
  const sure = scenes.filter((_, scene) => before[scene] > 0.9);
  const boxedLatents = boxed.map((sample) => samples[sample]);
  const originals = await drawn(boxedLatents, {});

  /** Mean absolute change in levels of 255, inside and outside the boxes. */
  async function change(units) {
    const sums = { in: 0, out: 0, inCount: 0, outCount: 0 };
    const images = await drawn(boxedLatents, units);
    images.forEach(({ width, height, channels, data }, index) => {
      const own = set.boxes.filter(({ sample }) => sample === boxed[index]);
      for (let pixel = 0; pixel < width * height; pixel++) {
        const [x, y] = [pixel % width, Math.floor(pixel / width)];
        const inside = own.some((b) => x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1);
        let difference = 0;
        for (let c = 0; c < channels; c++) {
          const at = pixel * channels + c;
          difference += Math.abs(data[at] - originals[index].data[at]);
        }
        sums[inside ? 'in' : 'out'] += (127.5 * difference) / channels;
        sums[inside ? 'inCount' : 'outCount'] += 1;
      }
    });
    return { inside: sums.in / sums.inCount, outside: sums.out / sums.outCount };
  }
  async function gone(units) {
    const p = await judge(sure, units);
    return p.filter((value) => value < 0.5).length / p.length;
  }
  window.measured = { change, gone };

  const maps = [];
  for (const { name, height, width, filters } of layers.slice(0, -1)) {
    if (height * width === 1) continue;
    const fit = await api.dissect.fit(samples, known, name);
    const effect = withEffects ? await api.dissect.effect(samples, known, name) : null;
    console.log(`${name}: fitted${effect ? ' and measured' : ''}`);
    const plain = (list) => (list ? Array.from(list) : null);
    maps.push({
      ...{ name, height, filters, fit: { ...fit, weights: plain(fit.weights) } },
      ...{ inside: plain(effect?.inside), outside: plain(effect?.outside) },
      pictures: effect?.pictures,
    });
  }
  return {
    ...{ maps, boxes: set.boxes.length, seed: set.seed, point: set.point, sure: sure.length },
    showing: before.filter((p) => p > 0.5).length,
    ...{ scenes: scenes.length, sceneSeed: sceneSeed ?? set.seed + 1 },
  };
}

/** Runs in the page. */
async function measureUnits({ dropped, controls, lowest }) {
  const { gone, change } = window.measured;
  const random = [];
  for (const control of controls) random.push(await gone(control));
  return {
    gone: await gone(dropped),
    random,
    lowest: await gone(lowest),
    ...(await change(dropped)),
  };
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
const found = await page.evaluate(prepare, {
  model: options.model,
  concept: options.concept,
  learn: options.learn,
  sceneCount: Number(options.scenes),
  sceneSeed: options['scene-seed'] === undefined ? null : Number(options['scene-seed']),
  withEffects:
    options.ship !== undefined || tables.includes('effect') || tables.includes('outside'),
});
const { maps } = found;
const names = maps.map(({ name }) => name);
const byName = Object.fromEntries(maps.map((map) => [map.name, map]));

const weightOf = (name) => byName[name].fit.weights;
const scoreOf = (name, outsideWeight = 1.5) =>
  byName[name].inside.map(
    (inside, filter) => inside - outsideWeight * byName[name].outside[filter],
  );
const ordered = (values) =>
  Array.from(values, (_, filter) => filter).sort((a, b) => values[b] - values[a]);

/** Filters of each layer: by a function of its values, or the highest of all together. */
function chooseEach(group, valuesOf, countOf) {
  return Object.fromEntries(
    group.map((name) => {
      const values = valuesOf(name);
      return [name, ordered(values).slice(0, countOf(values))];
    }),
  );
}
function chooseTogether(group, valuesOf, share) {
  const all = group.flatMap((name) =>
    valuesOf(name).map((value, filter) => ({ name, filter, value })),
  );
  const highest = all.sort((a, b) => b.value - a.value).slice(0, Math.round(share * all.length));
  return Object.fromEntries(
    group.map((name) => [
      name,
      highest.filter((one) => one.name === name).map(({ filter }) => filter),
    ]),
  );
}
const unitsOf = (chosen) =>
  Object.fromEntries(
    Object.entries(chosen).map(([name, filters]) => [
      name,
      Object.fromEntries(filters.map((filter) => [filter, 0])),
    ]),
  );

/** Numbers in [0, 1) for a seed: Tommy Ettinger's mulberry32. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
function atRandom(like, seed) {
  const next = randomNumbers(seed);
  return Object.fromEntries(
    Object.entries(like).map(([name, { length }]) => {
      const values = Array.from({ length: byName[name].filters }, next);
      return [name, ordered(values).slice(0, length)];
    }),
  );
}

async function point(chosen, valuesOf) {
  const used = Object.entries(chosen).filter(([, filters]) => filters.length > 0);
  const like = Object.fromEntries(used);
  const lowest = Object.fromEntries(
    used.map(([name, { length }]) => [name, ordered(valuesOf(name)).reverse().slice(0, length)]),
  );
  const controls = Array.from({ length: Number(options.draws) }, (_, draw) =>
    unitsOf(atRandom(like, 1000 * (draw + 1))),
  );
  const measured = await page.evaluate(measureUnits, {
    dropped: unitsOf(like),
    controls,
    lowest: unitsOf(lowest),
  });
  const parts = used.map(([name, { length }]) => `${byName[name].height} (${length})`);
  const one = {
    ...measured,
    layers: parts.join(' + '),
    filters: used.reduce((sum, [, { length }]) => sum + length, 0),
  };
  // As it comes: a long run may be stopped.
  console.error(JSON.stringify(one));
  return one;
}

/** Alone, and neighbours together; the 4×4 maps, where dropping changes the whole scene, only alone and with all. */
const groups = names.flatMap((_, start) =>
  names.slice(start).map((__, length) => names.slice(start, start + length + 1)),
);
const wanted = groups
  .filter((group) => group[0] !== names[0] || group.length === 1 || group.length === names.length)
  .sort((a, b) => a.length - b.length);

const percent = (value) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const head = (...cells) => {
  row(...cells);
  row(...cells.map(() => '---'));
};
function printPoints(title, list, first = 'layers (filters)') {
  console.log(`\n${title}\n`);
  head(
    ...[first, 'filters', 'gone', `gone, random (mean of ${options.draws}; range)`],
    ...['gone, lowest', 'change inside', 'outside', 'outside / inside'],
  );
  for (const one of list) {
    const mean = one.random.reduce((a, b) => a + b, 0) / one.random.length;
    const range = [Math.min(...one.random), Math.max(...one.random)].map((v) =>
      Math.round(v * 100),
    );
    row(
      ...[one.label ?? one.layers, one.filters, percent(one.gone)],
      ...[`${percent(mean)} (${range.join(' to ')})`, percent(one.lowest)],
      ...[one.inside.toFixed(1), one.outside.toFixed(1), (one.outside / one.inside).toFixed(2)],
    );
  }
}

console.log(`${options.model}: ${found.boxes} boxes on samples of seed ${found.seed}.`);
console.log(
  `${found.scenes} scenes of seed ${found.sceneSeed}: ${found.showing} show ${options.concept} (P > 0.5), ${found.sure} for sure (P > 0.9).\n`,
);
head(
  ...['layer', 'filters', 'weight > 0', 'places', 'held-out accuracy', 'AUC', 'converged'],
  'score > 0',
);
for (const { name, height, filters, fit, inside } of maps) {
  row(
    ...[`${height}×${height}`, filters, fit.weights.filter((weight) => weight > 0).length],
    `${fit.positives} + ${fit.negatives} on ${fit.pictures}`,
    `${percent(fit.accuracy)} (${fit.heldOutPictures} pictures)`,
    ...[fit.auc?.toFixed(3) ?? '–', fit.converged ? 'yes' : 'no'],
    inside ? scoreOf(name).filter((score) => score > 0).length : '–',
  );
}

if (tables.includes('paper')) {
  const list = [];
  for (const group of wanted) {
    const countOf = (weights) => weights.filter((weight) => weight > 0).length;
    list.push(await point(chooseEach(group, weightOf, countOf), weightOf));
  }
  printPoints('By weight, threshold 0, as in the paper:', list);
}
if (tables.includes('weight')) {
  const list = [];
  for (const group of wanted) {
    for (const share of WEIGHT_SHARES) {
      const countOf = (weights) => Math.round(share * weights.length);
      list.push(await point(chooseEach(group, weightOf, countOf), weightOf));
    }
  }
  printPoints('By weight, the highest share of each layer:', list);
}
if (tables.includes('effect')) {
  const list = [];
  for (const group of wanted) {
    for (const share of EFFECT_SHARES) {
      const chosen = chooseTogether(group, (name) => scoreOf(name), share);
      if (Object.values(chosen).flat().length === 0) continue;
      const one = await point(chosen, (name) => scoreOf(name));
      const of = group.map((name) => byName[name].height).join(' + ');
      list.push({ ...one, label: `${Math.round(share * 100)} % of ${of}: ${one.layers}` });
    }
  }
  printPoints('By measured effect, the highest share of the layers together:', list);
}
if (tables.includes('outside')) {
  const group = names.slice(1);
  const list = [];
  for (const weight of OUTSIDE_WEIGHTS) {
    const valuesOf = (name) => scoreOf(name, weight);
    for (const share of [0.05, 0.07, 0.1]) {
      const one = await point(chooseTogether(group, valuesOf, share), valuesOf);
      list.push({ ...one, label: `${weight}, ${Math.round(share * 100)} %: ${one.layers}` });
    }
  }
  printPoints('How much the change outside counts in the score:', list, 'outside counts');
}
if (options.ship) {
  const [layers, share] = options.ship.split(':');
  const chosen = chooseTogether(layers.split('+'), (name) => scoreOf(name), Number(share));
  const kept = Object.entries(chosen).filter(([, filters]) => filters.length > 0);
  found.point = Object.fromEntries(kept.map(([n, filters]) => [n, filters.sort((a, b) => a - b)]));
  const file = path.join(ROOT, 'public/models', options.model, 'boxes.json');
  const line = ` "point": ${JSON.stringify(found.point)},`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^ "point": .*$/m, line));
}
if (tables.includes('point') && found.point) {
  printPoints('The point that ships with the set:', [await point(found.point, weightOf)]);
}
await browser.close();
await server.close();
