import { linearTensors } from './bind';
import { inferShapes, inputShape } from './shapes';
import type { NetworkSource } from './source';

/**
 * Euclidean norm of each filter's kernel, as stored in the file (batch norm not folded in), by layer id.
 * Layers without weights, and those whose tensor is missing or mis-shaped, are left out: binding reports
 * them. What the engine draws with is the kernel times batch norm's scale over its deviation.
 */
export function kernelNorms(source: NetworkSource): Map<string, Float32Array> {
  const norms = new Map<string, Float32Array>();
  const outputs = inferShapes(source.spec);
  let input = inputShape(source.spec);
  source.spec.layers.forEach((layer, index) => {
    const [weight] = linearTensors(layer, input);
    input = outputs[index] ?? input;
    const tensor = weight && source.tensors[weight.name];
    if (!weight || !tensor || tensor.data.length !== product(weight.shape)) return;
    const [first = 1, second = 1] = weight.shape;
    const transposed = layer.kind === 'convTranspose';
    const filters = transposed ? second : first;
    const perFilter = tensor.data.length / first / (transposed ? second : 1);
    norms.set(layer.id, sumSquares(tensor.data, filters, perFilter));
  });
  return norms;
}

/** Runs of `length` numbers belong to filters in turn: (out, …), or (in, out, …) with `in` rounds. */
function sumSquares(data: Float32Array, filters: number, length: number): Float32Array {
  const sums = new Float64Array(filters);
  for (let run = 0; run * length < data.length; run++) {
    let sum = 0;
    for (let i = run * length; i < (run + 1) * length; i++) sum += data[i]! * data[i]!;
    sums[run % filters]! += sum;
  }
  return Float32Array.from(sums, Math.sqrt);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, n) => total * n, 1);
}
