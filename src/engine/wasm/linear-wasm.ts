import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { BoundLayer } from '../../model/bind';
import type { ActivationSpec } from '../../model/spec';
import { applyActivation } from '../layers/activation';
import type { LinearWeights } from '../layers/fold';
import { crop, isStem, type LinearFactory, type LinearOp } from '../layers/linear';
import { planGather, planStem, type GatherPlan } from './gather-plan';
import { createTileRunner, type PlacedPlan, type TileRunner } from './tile-runner';

/**
 * Weighted layers on our own SIMD kernel, in the memory of TensorFlow.js' WASM backend: tensors go in
 * and out, everything between (norms, masks, resizing) stays with TensorFlow.js.
 */
export async function createWasmLinear(backend: BackendWasm): Promise<LinearFactory> {
  const runner = await createTileRunner(memoryOf(backend));
  return (layer, weights, activation) => createOp(backend, runner, layer, weights, activation);
}

/** What Emscripten's module shows of itself: the memory under one name or the other, by build. */
interface EmscriptenModule {
  wasmMemory?: WebAssembly.Memory;
  asm?: { memory?: WebAssembly.Memory };
}

function memoryOf(backend: BackendWasm): WebAssembly.Memory {
  const module = backend.wasm as unknown as EmscriptenModule;
  const memory = module.wasmMemory ?? module.asm?.memory;
  if (!memory) throw new TypeError('The WASM backend does not show its memory.');
  return memory;
}

function createOp(
  backend: BackendWasm,
  runner: TileRunner,
  layer: BoundLayer,
  weights: LinearWeights,
  activation: ActivationSpec,
): LinearOp {
  const { spec } = layer;
  const slope = slopeOf(activation);
  const stem = spec.kind === 'convTranspose' && isStem(layer);
  const plan = stem ? planStem(layer, spec, weights) : planGather(layer, weights);
  const { placed, tensors } = place(backend, plan, slope ?? 1);
  const [rows, columns] = stem ? spec.kernel : [layer.output.height, layer.output.width];
  const { height, width, channels } = layer.output;
  return {
    apply(x) {
      const count = x.shape[0];
      const shape = [count, rows, columns, channels];
      const out = backend.makeOutput(shape, 'float32');
      // Addresses are looked up each time: the memory may have grown, but it never moves a tensor.
      const from = backend.getMemoryOffset(x.dataId);
      runner.run(placed, from, backend.getMemoryOffset(out.dataId), count);
      const y = tf.engine().makeTensorFromTensorInfo(out) as tf.Tensor4D;
      const cropped = stem ? crop(y, spec.padding.top, spec.padding.left, height, width) : y;
      return slope === null ? applyActivation(cropped, activation) : cropped;
    },
    dispose: () => tf.dispose(tensors),
  };
}

/** The slope s of max(y, s·y) where the activation is of that kind, else null. */
function slopeOf(activation: ActivationSpec): number | null {
  switch (activation.kind) {
    case 'none':
      return 1;
    case 'relu':
      return 0;
    case 'leakyRelu':
      return activation.slope >= 0 && activation.slope <= 1 ? activation.slope : null;
    case 'elu':
    case 'tanh':
    case 'sigmoid':
      return null;
  }
}

/** Copies a plan's arrays into tensors, whose addresses never change. */
function place(
  backend: BackendWasm,
  plan: GatherPlan,
  slope: number,
): { placed: PlacedPlan; tensors: tf.Tensor[] } {
  const tensors: tf.Tensor[] = [];
  const put = (data: Float32Array | Int32Array): number => {
    const dtype = data instanceof Int32Array ? 'int32' : 'float32';
    const tensor = tf.keep(tf.tensor1d(data, dtype));
    tensors.push(tensor);
    return backend.getMemoryOffset(tensor.dataId);
  };
  const phases = plan.phases.map(({ panels, tables }) => ({
    panels: put(panels),
    tables: tables.map(({ offsets }) => put(offsets)),
  }));
  const zeros = put(new Float32Array(plan.channels));
  const scratch = put(new Float32Array(4 * plan.vectors));
  const lean = { ...plan, phases: plan.phases.map((phase) => ({ ...phase, ...NOTHING })) };
  return { placed: { plan: lean, phases, zeros, scratch, slope }, tensors };
}

// The panels are in the memory now; a second copy on the JavaScript heap would be waste.
const NOTHING = { panels: new Float32Array(0) };
