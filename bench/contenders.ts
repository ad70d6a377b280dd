import * as ort from 'onnxruntime-web/wasm';
import ortModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortBinaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { createEngineHost } from '../src/engine/host';
import type { BackendName, DeviceReport } from '../src/engine/api';
import type { NetworkSource } from '../src/model/source';
import { encodeOnnx } from './onnx';
import type { Contender } from './measure';

/** Our engine, in this thread like the others. Its backend is what the stock contender runs on. */
export async function createOurs(
  source: NetworkSource,
  force: BackendName,
): Promise<Contender & { report: DeviceReport }> {
  const host = createEngineHost(() => undefined);
  const report = await host.start(force, {});
  const { handle } = await host.load(source, {});
  return {
    name: 'this engine',
    report,
    run: async (z, count) => (await host.generate({ handle, z, count }, {})).data,
  };
}

/** ONNX Runtime Web on WASM; pictures are put into NHWC outside the clock by the caller. */
export async function createOrt(source: NetworkSource, threads: number): Promise<Contender> {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: ortModuleUrl, wasm: ortBinaryUrl };
  const session = await ort.InferenceSession.create(encodeOnnx(source), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  return {
    name: 'ONNX Runtime Web',
    async run(z, count) {
      const input = new ort.Tensor('float32', z, [count, z.length / count, 1, 1]);
      const { y } = await session.run({ z: input });
      if (!y) throw new Error('ONNX Runtime gave no output');
      return (await y.getData()) as Float32Array;
    },
  };
}
