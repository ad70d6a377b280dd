/**
 * The WebGPU contenders on a real GPU, under Node with Dawn (the npm package `webgpu`), where there is no
 * browser. docs/performance.md says how to run it. Arguments: base filters, then batch sizes.
 */
import { openWebgpu } from '../src/engine/backends/webgpu';
import { measureBatch } from './measure';
import { tutorialGenerator } from './network';
import { createFrom, createPhasedStock, createStock } from './stock';

const ROUNDS = 30;

async function main(): Promise<void> {
  const [width = 64, ...batches] = process.argv.slice(2).map(Number);
  // TensorFlow.js looks for a browser before it looks for WebGPU.
  Object.assign(globalThis, { window: globalThis });
  const backend = await openWebgpu();
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
  process.exit(backend.takeFault() === null ? 0 : 1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
