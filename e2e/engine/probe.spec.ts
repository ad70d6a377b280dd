import type { Page } from '@playwright/test';
import type { DeviceReport } from '../../src/engine/api';
import { expect, startEngine, test } from './engine-test';

type Preparation =
  | 'no-adapter'
  | 'no-webgpu'
  | 'device-refused'
  | 'no-webgl'
  | 'no-simd'
  | 'real'
  | 'old'
  | 'silent';

/**
 * Starts the engine in a worker whose browser has been changed first: the worker's script is prefixed
 * with the preparations, so that the engine meets what other people's machines do.
 */
async function startPrepared(
  page: Page,
  harness: { plain: string; isolated: string },
  preparations: Preparation[],
): Promise<DeviceReport> {
  await page.route(/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const prefix = `(${prepare.toString()})(${JSON.stringify(preparations)});\n`;
    await route.fulfill({ response, body: prefix + (await response.text()) });
  });
  return startEngine(page, harness);
}

/** Runs inside the worker. */
function prepare(preparations: string[]): void {
  const has = (name: string) => preparations.includes(name);
  if (has('no-webgpu')) delete (WorkerNavigator.prototype as { gpu?: GPU }).gpu;
  if (has('no-adapter')) navigator.gpu.requestAdapter = () => Promise.resolve(null);
  if (has('device-refused') || has('real')) {
    const requestAdapter = navigator.gpu.requestAdapter.bind(navigator.gpu);
    navigator.gpu.requestAdapter = async (options) => {
      const adapter = await requestAdapter(options);
      if (!adapter) return adapter;
      const info = { vendor: 'acme', architecture: 'fast-1', device: '', description: '' };
      Object.defineProperty(adapter, 'info', { value: { ...info, isFallbackAdapter: false } });
      if (has('device-refused')) {
        adapter.requestDevice = () => Promise.reject(new Error('limits are not met'));
      }
      return adapter;
    };
  }
  if (has('old') || has('silent')) {
    const requestAdapter = navigator.gpu.requestAdapter.bind(navigator.gpu);
    navigator.gpu.requestAdapter = async (options) => {
      const adapter = await requestAdapter(options);
      if (!adapter) return adapter;
      Object.defineProperty(adapter, 'info', { value: undefined });
      const info = { vendor: 'acme', architecture: 'slow-1', device: '', description: '' };
      if (has('old')) Object.assign(adapter, { requestAdapterInfo: () => Promise.resolve(info) });
      return adapter;
    };
  }
  if (has('no-webgl')) OffscreenCanvas.prototype.getContext = () => null;
  if (has('no-simd')) WebAssembly.validate = () => false;
}

const candidate = (report: DeviceReport, backend: string) =>
  report.candidates.find((one) => one.backend === backend);

test('a software GPU counts as none: WASM is chosen, and the reason is there', async ({
  page,
  harness,
}) => {
  const report = await startEngine(page, harness);
  expect(report).toMatchObject({ backend: 'wasm', forced: false, software: false });
  expect(report.adapter).toMatch(/^SIMD, 1 thread/);
  expect(report.measuredMs).toBeGreaterThan(0);
  expect(report.candidates.map((one) => one.backend)).toEqual(['webgpu', 'webgl', 'wasm', 'cpu']);
  expect(candidate(report, 'webgpu')).toMatchObject({
    available: true,
    adapter: 'SwiftShader',
    software: true,
    measuredMs: null,
  });
  expect(candidate(report, 'webgl')).toMatchObject({ adapter: 'SwiftShader', software: true });
  expect(candidate(report, 'webgpu')?.reason).toContain('software');
});

test('threads are used where the page is isolated', async ({ page, harness }) => {
  const report = await startEngine(page, harness, { isolated: true });
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  test.skip(cores < 2, 'one core only');
  expect(report.adapter).toBe(`SIMD, ${Math.min(cores, 8)} threads`);
});

test('what is forced is taken, software or not, and reported as forced', async ({
  page,
  harness,
}) => {
  for (const backend of ['webgpu', 'webgl', 'cpu'] as const) {
    const report = await startEngine(page, harness, { backend });
    expect(report).toMatchObject({ backend, forced: true, software: true });
    expect(report.measuredMs).toBeGreaterThan(0);
  }
});

test('a real GPU is preferred', async ({ page, harness }) => {
  const report = await startPrepared(page, harness, ['real']);
  expect(report).toMatchObject({
    backend: 'webgpu',
    adapter: 'acme fast-1',
    software: false,
    forced: false,
  });
});

test('an adapter of an older browser, without info, is asked by its call, or taken without a name', async ({
  page,
  harness,
}) => {
  const old = await startPrepared(page, harness, ['old']);
  expect(old).toMatchObject({ backend: 'webgpu', adapter: 'acme slow-1', software: false });
  await page.unrouteAll();
  const silent = await startPrepared(page, harness, ['silent']);
  expect(silent).toMatchObject({ backend: 'webgpu', adapter: 'GPU', software: false });
});

test('no WebGPU, no adapter, no WebGL: each is a value with a reason', async ({
  page,
  harness,
}) => {
  const without = await startPrepared(page, harness, ['no-webgpu', 'no-webgl']);
  expect(without.backend).toBe('wasm');
  expect(candidate(without, 'webgpu')).toMatchObject({ available: false });
  expect(candidate(without, 'webgpu')?.reason).toContain('no WebGPU');
  expect(candidate(without, 'webgl')?.reason).toContain('no WebGL');
  await page.unrouteAll();
  const none = await startPrepared(page, harness, ['no-adapter']);
  expect(none.backend).toBe('wasm');
  expect(candidate(none, 'webgpu')?.reason).toContain('no adapter');
});

test('a refused device is noted, and the next backend is taken', async ({ page, harness }) => {
  const report = await startPrepared(page, harness, ['device-refused']);
  expect(report.backend).toBe('wasm');
  expect(candidate(report, 'webgpu')).toMatchObject({ available: false });
  expect(candidate(report, 'webgpu')?.reason).toContain('limits are not met');
});

test('WASM without SIMD is passed over', async ({ page, harness }) => {
  const report = await startPrepared(page, harness, ['no-simd', 'no-webgpu', 'no-webgl']);
  expect(report).toMatchObject({ backend: 'cpu', forced: false });
  expect(candidate(report, 'wasm')?.reason).toContain('SIMD');
});

test('the engine is up soon', async ({ page, harness }) => {
  await page.goto(harness.plain);
  const ms = await page.evaluate(async () => {
    window.harness = window.createHarness();
    const started = performance.now();
    await window.harness.engine.start();
    return performance.now() - started;
  });
  test.info().annotations.push({ type: 'start of the engine', description: `${ms.toFixed(0)} ms` });
  // With the download and compilation of TensorFlow.js; generous, because other tests run beside it.
  expect(ms).toBeLessThan(5000);
});
