import { runReference } from '../../src/model/reference';
import { expect, generate, load, maxError, SETUPS, startEngine, test } from './engine-test';
import {
  batchNorm,
  convTranspose,
  generatorSpec,
  randomFloats,
  stem,
  withWeights,
} from './networks';

const source = withWeights(
  generatorSpec(6, [
    stem('0', 8, { norm: batchNorm('1') }),
    convTranspose('3', 3, { activation: { kind: 'tanh' } }),
  ]),
  1,
);

for (const setup of SETUPS.filter(({ backend }) => backend !== 'wasm')) {
  test.describe(`losing the device of ${setup.name}`, () => {
    test('backend and networks come back by themselves', async ({ page, harness }) => {
      await startEngine(page, harness, setup);
      const { handle } = await load(page, source);
      const z = randomFloats(12, 5);
      const expected = runReference(source, z, 2).data;
      expect(maxError(await generate(page, { handle, z, count: 2 }), expected)).toBeLessThan(1e-4);
      for (let round = 0; round < 2; round++) {
        await page.evaluate(() => window.harness.engine.loseDevice());
        const again = await generate(page, { handle, z, count: 2 });
        expect(maxError(again, expected)).toBeLessThan(1e-4);
      }
      const events = await page.evaluate(() => window.harness.events.map(({ type }) => type));
      expect(events).toEqual(['lost', 'rebuilding', 'rebuilt', 'lost', 'rebuilding', 'rebuilt']);
      const memory = await page.evaluate(async (handle) => {
        const { engine } = window.harness;
        await engine.unload(handle);
        return engine.memory();
      }, handle);
      expect(memory.tensors).toBe(0);
    });

    test('requests under way are answered all the same', async ({ page, harness }) => {
      await startEngine(page, harness, setup);
      const { handle } = await load(page, source);
      const outcome = await page.evaluate(async (handle) => {
        const { engine, events } = window.harness;
        const count = 40;
        const z = Float32Array.from({ length: count * 6 }, (_, i) => Math.sin(i));
        const { data: before } = await engine.generate({ handle, z, count });
        const running = [1, 2, 3].map(() => engine.generate({ handle, z, count }));
        await engine.loseDevice();
        const results = await Promise.all(running);
        const same = results.map(({ data }) =>
          data.every((value, i) => Math.abs(value - (before[i] ?? NaN)) < 1e-4),
        );
        return { same, lost: events.filter(({ type }) => type === 'lost').length };
      }, handle);
      expect(outcome).toEqual({ same: [true, true, true], lost: 1 });
    });
  });
}

test('a worker that hangs is given up, and the engine can be started again', async ({
  page,
  harness,
}) => {
  let hang = true;
  await page.route(/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const prefix = hang
      ? 'self.addEventListener("message", ({ data }) => { while (data.method === "memory"); });\n'
      : '';
    await route.fulfill({ response, body: prefix + (await response.text()) });
  });
  await page.goto(harness.plain);
  const before = await page.evaluate(async () => {
    window.harness = window.createHarness({ stallMs: 3000 });
    const { engine, failure, events } = window.harness;
    await engine.start({ force: 'wasm' });
    const failures = await Promise.all([failure(engine.memory()), failure(engine.unload(1))]);
    return {
      codes: failures.map((one) => one?.code),
      events,
      later: await failure(engine.memory()),
    };
  });
  expect(before.codes).toEqual(['engine-died', 'engine-died']);
  expect(before.later?.code).toBe('engine-died');
  expect(before.events).toMatchObject([{ type: 'failed', code: 'engine-died' }]);
  hang = false;
  await page.evaluate(() => window.harness.engine.start({ force: 'wasm' }));
  const { handle } = await load(page, source);
  const z = randomFloats(12, 5);
  const expected = runReference(source, z, 2).data;
  expect(maxError(await generate(page, { handle, z, count: 2 }), expected)).toBeLessThan(1e-4);
});

test('WASM has no device to lose, and says so', async ({ page, harness }) => {
  await startEngine(page, harness, { backend: 'wasm' });
  const failure = await page.evaluate(() => {
    const { engine, failure } = window.harness;
    return failure(engine.loseDevice());
  });
  expect(failure?.code).toBe('device-not-losable');
});
