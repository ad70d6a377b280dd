/** Training runs by script on the real engine: exactly resumed, out of the browser and into another, in PyTorch. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import type { RunHistory } from '../src/session/training/training';
import { decodeFloats } from './harness/codec';

/** A run so small that a step takes milliseconds; with an average, a penalty, and mirrored pictures. */
const SMALL = {
  baseFilters: 8,
  latentSize: 16,
  batch: 8,
  ema: 0.9,
  r1: 1,
  mirror: true,
  seed: 7,
};
const STEPS = 40;

async function open(page: Page): Promise<void> {
  await page.goto('./?backend=wasm');
  await page.evaluate(() => window.latentarium.ready.then(() => undefined));
}

/** Begins the run; where it is to be `left` early, pauses once it has come that far. */
async function train(page: Page, left: number | null): Promise<void> {
  await page.evaluate(
    async ({ settings, steps, pauseAt }) => {
      const { datasets, train } = window.latentarium;
      const source = { kind: 'digits', count: 120, seed: 1 } as const;
      const digits = await datasets.open(source, { size: 16, channels: 1 });
      // As pictures of the visitor's own: they are kept and exported with the run.
      const data = { ...digits, source: { kind: 'own' } as const };
      const reached = new Promise<void>((resolve) => {
        train.on('step', ({ step }) => {
          if (pauseAt !== null && step >= pauseAt) resolve();
        });
      });
      await train.start({ ...settings, data, steps });
      if (pauseAt === null) await train.wait();
      else await reached;
      await train.pause();
    },
    { settings: SMALL, steps: STEPS, pauseAt: left },
  );
}

const history = (page: Page): Promise<RunHistory> =>
  page.evaluate(() => window.latentarium.train.state().history);

const finish = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { train } = window.latentarium;
    await train.resume();
    await train.wait();
  });

/** The run's zip, base64. */
const exported = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const { blob } = await window.latentarium.train.export();
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  });

const imported = (page: Page, zip: string): Promise<void> =>
  page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    await window.latentarium.ready;
    await window.latentarium.train.import(new File([bytes], 'run.zip'));
  }, zip);

test('a run left by a reload, and its zip in another browser, go on bit by bit as the whole one', async ({
  page,
  browser,
}) => {
  await open(page);
  await train(page, null);
  const whole = await history(page);
  expect(whole.step).toHaveLength(STEPS);
  expect(whole.lossD.every(Number.isFinite) && whole.lossG.every(Number.isFinite)).toBe(true);

  await train(page, 10);
  const { step: left, id } = await page.evaluate(() => {
    const { step, run } = window.latentarium.train.state();
    return { step, id: run!.id };
  });
  expect(left).toBeLessThan(STEPS);
  await page.reload();
  await page.evaluate((run) => window.latentarium.train.restore(run), id);
  expect(await page.evaluate(() => window.latentarium.train.state().step)).toBe(left);
  const zip = await exported(page);
  await finish(page);
  expect(await history(page)).toEqual(whole);

  const elsewhere = await browser.newContext({ serviceWorkers: 'block' });
  const other = await elsewhere.newPage();
  await other.goto(page.url());
  await imported(other, zip);
  await finish(other);
  expect(await history(other)).toEqual(whole);
  await elsewhere.close();
});

test('a second tab sees the run, and may not train it', async ({ page, context }) => {
  await open(page);
  await train(page, 5);
  const second = await context.newPage();
  await open(second);
  const seen = await second.evaluate(async () => {
    const { train: runs } = window.latentarium;
    const [kept] = await runs.kept();
    const code = await runs.restore(kept!.info.id).catch((error: { code: string }) => error.code);
    return { elsewhere: kept!.elsewhere, code };
  });
  expect(seen).toEqual({ elsewhere: true, code: 'run-elsewhere' });
  // Its lock goes with it.
  await page.close();
  await expect
    .poll(() => second.evaluate(async () => (await window.latentarium.train.kept())[0]?.elsewhere))
    .toBe(false);
  await second.evaluate(async () => {
    const { train: runs } = window.latentarium;
    await runs.restore((await runs.kept())[0]!.info.id);
    await runs.step(2);
  });
});

test('a page that is hidden begins a checkpoint at once', async ({ page }) => {
  await open(page);
  await train(page, 5);
  const [before, after] = await page.evaluate(async () => {
    const { train: runs } = window.latentarium;
    const saved = () => runs.state().saved?.step ?? 0;
    await runs.resume(null);
    const first = saved();
    while (runs.state().step < first + 5) await new Promise((resolve) => setTimeout(resolve, 10));
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
    // Small runs are kept every 10 s anyway: sooner than that it was this.
    const until = performance.now() + 5000;
    while (saved() === first && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return [first, saved()] as const;
  });
  expect(after).toBeGreaterThanOrEqual(before + 5);
});

test('exported files give PyTorch the same pictures', async ({ page }) => {
  const torch = spawnSync('/usr/bin/python3', ['-c', 'import torch']);
  test.skip(torch.status !== 0, 'no PyTorch here');
  await open(page);
  await train(page, null);
  const out = await page.evaluate(async () => {
    const { train: runs } = window.latentarium;
    const encode = (bytes: Uint8Array) => {
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    };
    const floats = (values: Float32Array) =>
      encode(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const z = Array.from({ length: 8 }, (_, n) =>
      Float32Array.from({ length: 16 }, (__, i) => Math.sin(1 + n * 16 + i) * 1.5),
    );
    const files = [];
    for (const { name, blob } of await runs.files()) {
      files.push({ name, bytes: encode(new Uint8Array(await blob.arrayBuffer())) });
    }
    const images = await runs.generate(null, z);
    return { files, z: z.map(floats), images: images.map(({ data }) => floats(data)) };
  });
  const folder = mkdtempSync(join(tmpdir(), 'exported-'));
  for (const { name, bytes } of out.files) {
    writeFileSync(join(folder, name), Buffer.from(bytes, 'base64'));
  }
  writeFileSync(
    join(folder, 'z.bin'),
    Buffer.concat(out.z.map((one) => Buffer.from(one, 'base64'))),
  );
  const script = new URL('fixtures/exported.py', import.meta.url).pathname;
  const answer = spawnSync('/usr/bin/python3', [script, folder], { encoding: 'utf8' });
  expect(answer.stderr).toBe('');
  expect(JSON.parse(answer.stdout)).toMatchObject({ step: STEPS });
  const bytes = readFileSync(join(folder, 'images.bin'));
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const ours = out.images.flatMap((one) => [...decodeFloats(one)]);
  expect(theirs).toHaveLength(ours.length);
  const apart = Math.max(...ours.map((value, index) => Math.abs(value - theirs[index]!)));
  console.log(`largest difference from PyTorch: ${apart.toExponential(1)}`);
  expect(apart).toBeLessThan(1e-3);
});

test('numbers that run away end in a pause at the last good checkpoint, with advice', async ({
  page,
}) => {
  await open(page);
  await train(page, 10);
  const zip = unzipSync(Buffer.from(await exported(page), 'base64'));
  // Weights that are finite, but no loss of them is.
  const state = zip['state.safetensors']!;
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(strFromU8(state.subarray(8, 8 + length))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [from, to] = header['discriminator.main.0.weight']!.data_offsets;
  for (let at = 8 + length + from; at < 8 + length + to; at += 4) view.setFloat32(at, 3e38, true);
  await imported(page, Buffer.from(zipSync(zip, { level: 0 })).toString('base64'));
  const outcome = await page.evaluate(async () => {
    const { train: runs } = window.latentarium;
    const { step: before } = runs.state();
    await runs.resume(20);
    const { status, step, alarms } = await runs.wait();
    return { before, status, step, alarm: alarms.at(-1)! };
  });
  expect(outcome).toMatchObject({
    status: 'paused',
    step: outcome.before,
    alarm: { kind: 'not-finite', step: outcome.before + 1, over: false },
  });
  expect(outcome.alarm.hint).toContain('Lower both learning rates');
});
