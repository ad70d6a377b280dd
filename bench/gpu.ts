/**
 * The WebGPU contenders on a real GPU, under Node with Dawn (the npm package `webgpu`), where there is no
 * browser. docs/performance.md says how to run it. Arguments: base filters, then batch sizes; or
 * `training`, then base filters and batch size, for steps of training.
 */
import type { Backend } from '../src/engine/backends/backend';
import { openWebgpu } from '../src/engine/backends/webgpu';
import { measureBatch } from './measure';
import { tutorialGenerator } from './network';
import { createFrom, createPhasedStock, createStock } from './stock';
import { benchTraining } from './training';

const ROUNDS = 30;

async function main(): Promise<void> {
  // TensorFlow.js looks for a browser before it looks for WebGPU.
  Object.assign(globalThis, { window: globalThis });
  const backend = await openWebgpu();
  if (process.argv[2] === 'training') await measureTraining(backend, process.argv.slice(3));
  else await measureGenerator(backend, process.argv.slice(2).map(Number));
  process.exit(backend.takeFault() === null ? 0 : 1);
}

async function measureTraining(backend: Backend, sizes: string[]): Promise<void> {
  const [baseFilters = 64, batch = 64] = sizes.map(Number);
  print(
    `adapter: ${backend.adapter}; training, 64×64, ${baseFilters} base filters, batch ${batch}`,
  );
  const training = { size: 64, baseFilters, batch } as const;
  for (const row of await benchTraining(backend, training, ROUNDS)) {
    const { contender, median, lowest, maxError } = row;
    const cells = [contender, median.toFixed(1), lowest.toFixed(1), maxError.toExponential(0)];
    print(`| ${cells.join(' | ')} |`);
  }
}

async function measureGenerator(
  backend: Backend,
  [width = 64, ...batches]: number[],
): Promise<void> {
  const source = tutorialGenerator(width);
  const contenders = [
    createFrom(source, backend.createLinear, 'this engine'),
    createStock(source, 'stock TensorFlow.js'),
    createPhasedStock(source, 'webgpu'),
  ];
  print(`adapter: ${backend.adapter}; 64×64 generator with ${width} base filters`);
  for (const batch of batches.length > 0 ? batches : [1, 16, 64]) {
    for (const row of await measureBatch(contenders, batch, ROUNDS)) {
      const { contender, median, lowest, maxError } = row;
      const cells = [
        batch,
        contender,
        median.toFixed(2),
        lowest.toFixed(2),
        maxError.toExponential(0),
      ];
      print(`| ${cells.join(' | ')} |`);
    }
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
