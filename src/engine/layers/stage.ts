import * as tf from '@tensorflow/tfjs-core';
import type { BoundLayer } from '../../model/bind';
import type { NormStatistics } from '../../model/spec';
import { applyActivation } from './activation';
import { constant1d } from './constant';
import { foldedWeights, normAffine, rawWeights, statisticsOf } from './fold';
import type { LinearFactory, LinearOp } from './linear';
import { applyShapeLayer } from './shape-layers';

/** One layer on the device: linear part, norm and activation in their order. */
export interface Stage {
  readonly layer: BoundLayer;
  /** Whether this run would use the statistics of the batch itself. */
  usesBatchStatistics(override?: NormStatistics): boolean;
  /** N×H×W×C in and out. Inside tf.tidy. */
  apply(x: tf.Tensor4D, override?: NormStatistics): tf.Tensor4D;
  dispose(): void;
}

const NO_ACTIVATION = { kind: 'none' } as const;

/** Moves a layer to the device. Variants that a request may ask for are made when first asked for. */
export function createStage(layer: BoundLayer, createLinear: LinearFactory): Stage {
  const { spec } = layer;
  const hasWeights = layer.weight !== undefined;
  const normFirst = spec.norm.kind === 'batch' && spec.order === 'norm-activation';
  const memo = createMemo();

  const linear = (folded: boolean): LinearOp =>
    memo.op(folded ? 'folded' : 'raw', () => {
      const weights = folded ? foldedWeights(layer) : rawWeights(layer);
      const fuse = spec.norm.kind === 'none' || spec.order === 'activation-norm' || folded;
      return createLinear(layer, weights, fuse ? spec.activation : NO_ACTIVATION);
    });

  const affine = (x: tf.Tensor4D): tf.Tensor4D => {
    const { scale, shift } = memo.vectors('affine', () => normAffine(layer));
    return tf.add(tf.mul(x, scale), shift);
  };

  const batchNorm = (x: tf.Tensor4D): tf.Tensor4D => {
    if (!layer.norm || spec.norm.kind === 'none') return x;
    const { scale, shift } = layer.norm;
    const affineOfFile = memo.vectors('norm', () => ({ scale, shift }));
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const gain = tf.mul(affineOfFile.scale, tf.rsqrt(tf.add(variance, spec.norm.eps)));
    return tf.add(tf.mul(tf.sub(x, mean), gain), affineOfFile.shift);
  };

  const stage: Stage = {
    layer,
    usesBatchStatistics: (override) => statisticsOf(layer, override) === 'batch',
    apply(x, override) {
      const batch = stage.usesBatchStatistics(override);
      if (normFirst && hasWeights && !batch) return linear(true).apply(x);
      const normalize = (y: tf.Tensor4D) =>
        spec.norm.kind === 'none' ? y : batch ? batchNorm(y) : affine(y);
      const y = hasWeights ? linear(false).apply(x) : applyShapeLayer(x, layer);
      if (normFirst) return applyActivation(normalize(y), spec.activation);
      return normalize(hasWeights ? y : applyActivation(y, spec.activation));
    },
    dispose: memo.dispose,
  };
  if (hasWeights) linear(normFirst && !stage.usesBatchStatistics());
  return stage;
}

interface Vectors {
  scale: tf.Tensor1D;
  shift: tf.Tensor1D;
}

/** Tensors that are made once, outlive the tidy in which they were asked for, and go with the stage. */
function createMemo() {
  const ops = new Map<string, LinearOp>();
  const vectors = new Map<string, Vectors>();
  return {
    op(key: string, make: () => LinearOp): LinearOp {
      const known = ops.get(key);
      if (known) return known;
      const made = make();
      ops.set(key, made);
      return made;
    },
    vectors(key: string, make: () => { scale: Float32Array; shift: Float32Array }): Vectors {
      const known = vectors.get(key);
      if (known) return known;
      const { scale, shift } = make();
      const made = { scale: constant1d(scale), shift: constant1d(shift) };
      vectors.set(key, made);
      return made;
    },
    dispose: (): void => {
      for (const op of ops.values()) op.dispose();
      for (const { scale, shift } of vectors.values()) tf.dispose([scale, shift]);
      ops.clear();
      vectors.clear();
    },
  };
}
