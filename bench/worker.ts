import type { BackendName } from '../src/engine/api';
import { chooseBackend } from '../src/engine/probe';
import { createOrt, createOurs } from './contenders';
import { measureBatch, type BenchRow, type Contender } from './measure';
import { tutorialGenerator } from './network';
import { createPhasedStock, createStock } from './stock';
import { benchTraining, type TrainingBench, type TrainingRow } from './training';

export interface BenchRequest {
  backend: BackendName;
  /** Base filters of the generator. */
  width: number;
  batches: number[];
  /** Timed rounds; in each, every contender runs once. */
  rounds: number;
}

export interface TrainingRequest {
  backend: BackendName;
  training: TrainingBench;
  rounds: number;
}

export interface TrainingAnswer {
  adapter: string;
  rows: TrainingRow[];
}

export interface BenchAnswer {
  adapter: string;
  threads: number;
  rows: BenchRow[];
}

self.addEventListener('message', ({ data }: MessageEvent<BenchRequest | TrainingRequest>) => {
  const work: Promise<unknown> = 'training' in data ? measureTraining(data) : measure(data);
  work.then(
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

async function measureTraining(request: TrainingRequest): Promise<TrainingAnswer> {
  const { backend } = await chooseBackend(request.backend);
  if (backend.name !== request.backend) throw new Error(`${request.backend} does not run here`);
  const rows = await benchTraining(backend, request.training, request.rounds);
  return { adapter: backend.adapter, rows };
}
