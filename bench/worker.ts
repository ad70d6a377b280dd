import type { BackendName } from '../src/engine/api';
import { createOrt, createOurs } from './contenders';
import { measureBatch, type BenchRow, type Contender } from './measure';
import { tutorialGenerator } from './network';
import { createPhasedStock, createStock } from './stock';

export interface BenchRequest {
  backend: BackendName;
  /** Base filters of the generator. */
  width: number;
  batches: number[];
  /** Timed rounds; in each, every contender runs once. */
  rounds: number;
}

export interface BenchAnswer {
  adapter: string;
  threads: number;
  rows: BenchRow[];
}

self.addEventListener('message', ({ data }: MessageEvent<BenchRequest>) => {
  measure(data).then(
    (answer) => self.postMessage({ answer }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
});

async function measure({ backend, width, batches, rounds }: BenchRequest): Promise<BenchAnswer> {
  const source = tutorialGenerator(width);
  const ours = await createOurs(source, backend);
  if (ours.report.backend !== backend) throw new Error(`${backend} does not run here`);
  const threads = Number(/(\d+) thread/.exec(ours.report.adapter)?.[1] ?? 1);
  const contenders: Contender[] = [ours];
  contenders.push(createStock(source, 'stock TensorFlow.js'));
  contenders.push(createPhasedStock(source, backend));
  if (backend === 'wasm') contenders.push(await createOrt(source, threads));
  const rows: BenchRow[] = [];
  for (const batch of batches) rows.push(...(await measureBatch(contenders, batch, rounds)));
  return { adapter: ours.report.adapter, threads, rows };
}
