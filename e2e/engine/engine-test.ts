/** Playwright's test with the engine's harness page, built once for each test worker. */
import { test as base, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import { build } from 'vite';
import type { BackendName, DeviceReport, LoadedNetwork } from '../../src/engine/api';
import type { NetworkSource } from '../../src/model/source';
import { decodeFloats, encodeFloats } from '../harness/codec';
import type { EncodedForward, EncodedGenerate, EncodedSource } from '../harness/engine';
import { serveBuilt } from '../harness/server';

export { expect } from '@playwright/test';

/** What the engine can run on in every browser of the tests. */
export interface Setup {
  name: string;
  backend: BackendName;
  /** Cross-origin isolated: WASM has threads then. */
  isolated: boolean;
}

export const SETUPS: readonly Setup[] = [
  { name: 'wasm', backend: 'wasm', isolated: false },
  { name: 'wasm with threads', backend: 'wasm', isolated: true },
  { name: 'webgpu', backend: 'webgpu', isolated: true },
  { name: 'webgl', backend: 'webgl', isolated: true },
];

interface WorkerFixtures {
  /** Addresses of the harness page, from a host with and without isolation headers. */
  harness: { isolated: string; plain: string };
  /**
   * A page with the engine started, one for each setup and test worker: software GPUs compile for
   * seconds, and what was compiled stays with the device.
   */
  warmPage: (setup: Setup) => Promise<Page>;
}

export const test = base.extend<object, WorkerFixtures>({
  harness: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from the pattern.
    async ({}, use, { workerIndex }) => {
      const outDir = resolve('dist-harness', String(workerIndex));
      await build({
        configFile: resolve('e2e/harness/vite.config.ts'),
        build: { outDir },
        logLevel: 'error',
      });
      const plain = await serveBuilt(outDir, false);
      const isolated = await serveBuilt(outDir, true);
      await use({ isolated: `${isolated.url}engine.html`, plain: `${plain.url}engine.html` });
      await plain.close();
      await isolated.close();
    },
    { scope: 'worker' },
  ],
  warmPage: [
    async ({ browser, harness }, use) => {
      const pages = new Map<string, Promise<Page>>();
      const open = async (setup: Setup): Promise<Page> => {
        const page = await browser.newPage();
        await startEngine(page, harness, setup);
        return page;
      };
      await use((setup) => {
        const page = pages.get(setup.name) ?? open(setup);
        pages.set(setup.name, page);
        return page;
      });
      for (const page of pages.values()) await (await page).close();
    },
    { scope: 'worker' },
  ],
});

/** Opens the page and starts the engine, on a setup's backend or on what it chooses. */
export async function startEngine(
  page: Page,
  harness: WorkerFixtures['harness'],
  { backend, isolated = false }: Partial<Setup> = {},
): Promise<DeviceReport> {
  await page.goto(isolated ? harness.isolated : harness.plain);
  return page.evaluate((force) => {
    window.harness = window.createHarness();
    return window.harness.engine.start({ force });
  }, backend);
}

export function encodeSource({ spec, tensors }: NetworkSource): EncodedSource {
  const encoded: EncodedSource['tensors'] = {};
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    encoded[name] = { shape: [...shape], data: encodeFloats(data) };
  }
  return { spec, tensors: encoded };
}

/** Runs `work` with a network that is loaded for it alone. */
export async function withNetwork<T>(
  page: Page,
  source: NetworkSource,
  work: (network: LoadedNetwork) => Promise<T>,
): Promise<T> {
  const network = await load(page, source);
  try {
    return await work(network);
  } finally {
    await page.evaluate((handle) => window.harness.engine.unload(handle), network.handle);
  }
}

export function load(page: Page, source: NetworkSource): Promise<LoadedNetwork> {
  return page.evaluate((encoded) => window.harness.load(encoded), encodeSource(source));
}

/** A request with its floats as they are. */
type Plain<Request, Key extends keyof Request> = {
  [K in keyof Request]: K extends Key ? Float32Array : Request[K];
};

export async function generate(
  page: Page,
  { z, reference, ...rest }: Plain<EncodedGenerate, 'z' | 'reference'>,
): Promise<Float32Array> {
  const more = reference === undefined ? {} : { reference: encodeFloats(reference) };
  const request = { ...rest, ...more, z: encodeFloats(z) };
  return decodeFloats(
    await page.evaluate(
      (encoded) =>
        encoded.layer === undefined
          ? window.harness.generate(encoded)
          : window.harness.activations({ ...encoded, layer: encoded.layer }),
      request,
    ),
  );
}

export async function forward(
  page: Page,
  { data, ...rest }: Plain<EncodedForward, 'data'>,
): Promise<Float32Array> {
  const request = { ...rest, data: encodeFloats(data) };
  return decodeFloats(await page.evaluate((encoded) => window.harness.forward(encoded), request));
}

/** Largest distance between two arrays; infinite when their lengths differ or something is no number. */
export function maxError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    worst = error <= worst ? worst : Number.isNaN(error) ? Infinity : error;
  }
  return worst;
}
