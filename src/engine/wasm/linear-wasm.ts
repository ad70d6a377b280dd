import type { BoundLayer } from '../../model/bind';
import type { ActivationSpec } from '../../model/spec';
import { applyActivation } from '../layers/activation';
import type { LinearWeights } from '../layers/fold';
import { crop, isStem, type LinearFactory, type LinearOp } from '../layers/linear';
import { planGather, planStem, type GatherPlan } from './gather-plan';
import type { TileEngine, TileLayer } from './tile-engine';
import type { Placed, TileMemory } from './tile-memory';
import { encodeRecord } from './tile-record';

/**
 * Weighted layers on our own SIMD kernel: TensorFlow.js' tensors go in and out, and everything between
 * (norms, masks, resizing) stays with its WASM backend.
 */
export function createWasmLinear(engine: TileEngine): LinearFactory {
  return (layer, weights, activation) => createOp(engine, layer, weights, activation);
}

function createOp(
  engine: TileEngine,
  layer: BoundLayer,
  weights: LinearWeights,
  activation: ActivationSpec,
): LinearOp {
  const { spec } = layer;
  const slope = slopeOf(activation);
  const stem = spec.kind === 'convTranspose' && isStem(layer);
  const plan = stem ? planStem(layer, spec, weights) : planGather(layer, weights);
  const placed = place(engine.memory, plan, slope ?? 1);
  const work: TileLayer = {
    record: placed.record,
    items: plan.phases.length * plan.blocks,
    imageBytes: plan.inputBytes + plan.outputBytes,
  };
  const [rows, columns] = stem ? spec.kernel : [layer.output.height, layer.output.width];
  const { height, width } = layer.output;
  const isTanh = activation.kind === 'tanh';
  const pixels = plan.outputBytes / 4 / plan.filters;
  const outputs = plan.filters / (stem ? rows * columns : 1);
  return {
    apply(x) {
      const count = x.shape[0];
      const y = engine.memory.run(x, [count, rows, columns, outputs], (from, to) => {
        engine.run(work, from, to, count);
        if (isTanh) engine.tanh(to, count * plan.filters * pixels);
      });
      const cropped = stem ? crop(y, spec.padding.top, spec.padding.left, height, width) : y;
      return slope === null && !isTanh ? applyActivation(cropped, activation) : cropped;
    },
    dispose: placed.free,
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

/** Copies a plan's arrays and its record into the memory. */
function place(
  memory: TileMemory,
  plan: GatherPlan,
  slope: number,
): { record: number; free: () => void } {
  const placed: Placed[] = [];
  const put = (data: Float32Array | Int32Array): number => {
    const place = memory.put(data);
    placed.push(place);
    return place.address;
  };
  const phases = plan.phases.map(({ panels, tables }) => ({
    panels: put(panels),
    tables: tables.map(({ offsets }) => put(offsets)),
  }));
  const zeros = put(new Float32Array(plan.channels));
  const record = put(encodeRecord(plan, { phases, zeros }, slope));
  return { record, free: () => placed.forEach((place) => place.free()) };
}
