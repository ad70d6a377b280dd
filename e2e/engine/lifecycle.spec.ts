import { runReference } from '../../src/model/reference';
import type { NetworkSource } from '../../src/model/source';
import {
  encodeSource,
  expect,
  forward,
  generate,
  load,
  maxError,
  SETUPS,
  test,
} from './engine-test';
import {
  batchNorm,
  convTranspose,
  generatorSpec,
  randomFloats,
  stem,
  withWeights,
} from './networks';

const tanh = { kind: 'tanh' } as const;

/** Small enough for software GPUs, with everything that the fast path has. */
function tinyGenerator(filters = 8, seed = 1) {
  const layers = [
    stem('0', filters, { norm: batchNorm('1') }),
    convTranspose('3', filters, { norm: batchNorm('4') }),
    convTranspose('6', 3, { activation: tanh, bias: true }),
  ];
  return withWeights(generatorSpec(6, layers), seed);
}

/** The same network with these channels of its norms at zero. */
function zeroed(source: NetworkSource, norms: Record<string, number[]>): NetworkSource {
  const tensors = { ...source.tensors };
  for (const [norm, channels] of Object.entries(norms)) {
    for (const name of [`${norm}.weight`, `${norm}.bias`]) {
      const { shape, data } = tensors[name]!;
      const zeros = data.map((value, channel) => (channels.includes(channel) ? 0 : value));
      tensors[name] = { shape, data: zeros };
    }
  }
  return { ...source, tensors };
}

for (const setup of SETUPS) {
  test.describe(`life on ${setup.name}`, () => {
    test('masks scale maps after norm and activation, in any layer', async ({ warmPage }) => {
      const source = tinyGenerator();
      const page = await warmPage(setup);
      const { handle } = await load(page, source);
      const z = randomFloats(12, 5);
      const units = { '0': { 0: 0, 3: 2 }, '3': { 7: -0.5 }, '6': { 1: 0.25 } };
      const actual = await generate(page, { handle, z, count: 2, units });
      expect(maxError(actual, runReference(source, z, 2, { units }).data)).toBeLessThan(1e-4);
      const untouched = await generate(page, { handle, z, count: 2, units: { '3': { 1: 1 } } });
      expect(maxError(untouched, runReference(source, z, 2).data)).toBeLessThan(1e-4);
    });

    test('a filter switched off draws what a network without it draws', async ({ warmPage }) => {
      const source = tinyGenerator();
      const page = await warmPage(setup);
      const { handle } = await load(page, source);
      const z = randomFloats(12, 5);
      const units = { '0': { 2: 0 }, '3': { 1: 0, 5: 0 } };
      // Batch norm's scale and shift at zero, then ReLU: the maps are gone from the weights themselves.
      const without = zeroed(source, { '1': [2], '4': [1, 5] });
      const expected = runReference(without, z, 2).data;
      expect(maxError(expected, runReference(source, z, 2).data)).toBeGreaterThan(0.01);
      const actual = await generate(page, { handle, z, count: 2, units });
      expect(maxError(actual, expected)).toBeLessThan(1e-4);
    });

    test('statistics of the batch are those of z and the reference together', async ({
      warmPage,
    }) => {
      const source = tinyGenerator();
      const page = await warmPage(setup);
      const { handle } = await load(page, source);
      const z = randomFloats(2 * 6, 5);
      const reference = randomFloats(9 * 6, 6);
      const statistics = 'batch' as const;
      const actual = await generate(page, { handle, z, count: 2, statistics, reference });
      const expected = runReference(source, z, 2, { statistics, reference }).data;
      expect(maxError(actual, expected)).toBeLessThan(1e-3);
      const alone = await generate(page, { handle, z, count: 2, statistics });
      const expectedAlone = runReference(source, z, 2, { statistics }).data;
      expect(maxError(alone, expectedAlone)).toBeLessThan(1e-3);
      // The file's statistics are as they were.
      const plain = await generate(page, { handle, z, count: 2 });
      expect(maxError(plain, runReference(source, z, 2).data)).toBeLessThan(1e-4);
    });

    test('activations of any layer, and the way on from them', async ({ warmPage }) => {
      const source = tinyGenerator();
      const page = await warmPage(setup);
      const { handle } = await load(page, source);
      const z = randomFloats(3 * 6, 5);
      const maps = await generate(page, { handle, z, count: 3, layer: '3' });
      const expected = runReference(source, z, 3, { layer: '3' });
      expect(maxError(maps, expected.data)).toBeLessThan(1e-4);
      const rest = await forward(page, { handle, data: maps, count: 3, after: '3' });
      expect(maxError(rest, runReference(source, z, 3).data)).toBeLessThan(1e-4);
    });

    test('pictures do not depend on how a request is cut', async ({ warmPage }) => {
      const source = tinyGenerator();
      const page = await warmPage(setup);
      const { handle } = await load(page, source);
      const count = 21;
      const z = randomFloats(count * 6, 5);
      const whole = await generate(page, { handle, z, count });
      const singly: number[] = [];
      for (const index of [0, 4, 20]) {
        const one = z.slice(index * 6, (index + 1) * 6);
        singly.push(...(await generate(page, { handle, z: one, count: 1 })));
      }
      const size = whole.length / count;
      const parts = [0, 4, 20].flatMap((i) => [...whole.slice(i * size, (i + 1) * size)]);
      expect(maxError(Float32Array.from(singly), Float32Array.from(parts))).toBeLessThan(1e-5);
    });

    test('requests that come together are answered each with its own pictures', async ({
      warmPage,
    }) => {
      const sources = [tinyGenerator(8, 1), tinyGenerator(12, 2)];
      const page = await warmPage(setup);
      const handles: number[] = [];
      for (const source of sources) handles.push((await load(page, source)).handle);
      const requests = [0, 1, 1, 0, 1].map((which, index) => ({
        source: sources[which]!,
        handle: handles[which]!,
        z: randomFloats(2 * 6, index),
        count: 2,
      }));
      const answers = await Promise.all(
        requests.map(({ handle, z, count }) => generate(page, { handle, z, count })),
      );
      requests.forEach(({ source, z }, index) => {
        expect(maxError(answers[index]!, runReference(source, z, 2).data)).toBeLessThan(1e-4);
      });
    });

    test('a long request tells how far it is and can be cancelled', async ({ warmPage }) => {
      const page = await warmPage(setup);
      const { handle } = await load(page, tinyGenerator(32));
      const count = 4096;
      const outcome = await page.evaluate(
        async ({ handle, count }) => {
          const { engine } = window.harness;
          const controller = new AbortController();
          const fractions: number[] = [];
          const z = new Float32Array(count * 6);
          const options = {
            signal: controller.signal,
            onProgress: ({ fraction }: { fraction: number }) => {
              fractions.push(fraction);
              if (fractions.length === 2) controller.abort(new Error('changed my mind'));
            },
          };
          const failed = await engine.generate({ handle, z, count }, options).then(
            () => 'finished',
            (error: unknown) => (error as Error).message,
          );
          // The next request does not wait for the rest of the one that was given up.
          const next = await engine.generate({ handle, z: z.subarray(0, 6), count: 1 });
          return { failed, fractions, next: next.data.length };
        },
        { handle, count },
      );
      expect(outcome.failed).toBe('changed my mind');
      expect(outcome.fractions[0]).toBeGreaterThan(0);
      expect(outcome.fractions[1]).toBeGreaterThan(outcome.fractions[0]!);
      expect(outcome.fractions.length).toBeLessThan(5);
      expect(outcome.next).toBeGreaterThan(0);
    });

    test('loading and unloading fifty times leaves memory as it was', async ({ warmPage }) => {
      const page = await warmPage(setup);
      const source = encodeSource(tinyGenerator());
      const memory = await page.evaluate(async (encoded) => {
        const { engine, load } = window.harness;
        const cycle = async () => {
          const { handle } = await load(encoded);
          const z = new Float32Array(5 * 6).fill(0.5);
          await engine.generate({ handle, z, count: 5, units: { '3': { 1: 0 } } });
          await engine.generate({ handle, z, count: 5, statistics: 'batch' });
          await engine.unload(handle);
        };
        for (let i = 0; i < 3; i++) await cycle();
        const before = await engine.memory();
        for (let i = 0; i < 50; i++) await cycle();
        return { before, after: await engine.memory() };
      }, source);
      expect(memory.after).toEqual(memory.before);
    });

    test('warming up compiles with progress and leaves nothing behind', async ({ warmPage }) => {
      const page = await warmPage(setup);
      const { handle } = await load(page, tinyGenerator());
      const result = await page.evaluate(async (handle) => {
        const { engine } = window.harness;
        const labels: string[] = [];
        const onProgress = ({ label }: { label: string }) => labels.push(label);
        const before = await engine.memory();
        await engine.warmUp(handle, [1, 4], { onProgress });
        const after = await engine.memory();
        return { labels, before: before.tensors, after: after.tensors };
      }, handle);
      expect(result.labels[0]).toBe('compiling layer 1 of 3');
      expect(result.labels.length).toBe(7);
      expect(result.after).toBe(result.before);
    });

    test('what cannot be done is refused in words, and the engine goes on', async ({
      warmPage,
    }) => {
      const page = await warmPage(setup);
      const source = tinyGenerator();
      const { handle } = await load(page, source);
      const codes = await page.evaluate(async (handle) => {
        const { engine, failure } = window.harness;
        const z = new Float32Array(6);
        const request = { handle, z, count: 1 };
        const failures = [
          await failure(engine.generate({ ...request, handle: 1e6 })),
          await failure(engine.generate({ ...request, count: 2 })),
          await failure(engine.generate({ ...request, units: { nope: { 0: 0 } } })),
          await failure(engine.generate({ ...request, units: { '3': { 8: 0 } } })),
          await failure(engine.activations({ ...request, layer: 'nope' })),
          await failure(engine.forward({ ...request, data: z, after: '6', layer: '3' })),
          await failure(engine.unload(1e6)),
        ];
        await engine.generate(request);
        return failures.map((error) => error?.code);
      }, handle);
      expect(codes).toEqual([
        'network-unknown',
        'input-size',
        'layer-unknown',
        'unit-unknown',
        'layer-unknown',
        'layer-order',
        'network-unknown',
      ]);
    });
  });
}
