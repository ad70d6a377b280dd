import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../lib/errors';
import { bindNetwork } from '../model/bind';
import { inputShape } from '../model/shapes';
import type { NormStatistics, Shape } from '../model/spec';
import type { NetworkSource, UnitMask } from '../model/source';
import type { LayerInfo } from './api';
import type { Backend } from './backends/backend';
import { constant1d } from './layers/constant';
import { isPhased } from './layers/linear';
import { createStage } from './layers/stage';

/** One way through a network. */
export interface Route {
  /** Index of the first layer that runs. */
  from: number;
  /** Index of the last layer that runs. */
  to: number;
  statistics?: NormStatistics | undefined;
  /** One scale for each filter, by layer index; disposed by who made them. */
  masks: ReadonlyMap<number, tf.Tensor1D>;
}

/** What a network needs of the backend that it lies on. */
export type NetworkBackend = Pick<Backend, 'createLinear' | 'lost'>;

/** A network whose weights are on the device. */
export interface Network {
  readonly source: NetworkSource;
  readonly backend: NetworkBackend;
  readonly input: Shape;
  readonly layers: readonly LayerInfo[];
  readonly fastLayers: number;
  /** Index of a layer by id; throws AppError `layer-unknown`. */
  indexOf(id: string): number;
  /** Whether some layer on the route takes its statistics from the batch. */
  usesBatchStatistics(route: Route): boolean;
  /** Checked masks as tensors; throws AppError `layer-unknown` or `unit-unknown`. */
  createMasks(units: UnitMask | undefined): Map<number, tf.Tensor1D>;
  /** N×H×W×C in and out; call inside tf.tidy. */
  run(x: tf.Tensor4D, route: Route): tf.Tensor4D;
  dispose(): void;
}

/** Moves a network's weights to the current backend. Throws what `bindNetwork` throws. */
export function createNetwork(source: NetworkSource, backend: NetworkBackend): Network {
  const bound = bindNetwork(source);
  const stages = bound.map((layer) => createStage(layer, backend.createLinear));
  const layers = bound.map(({ spec, output }) => ({ id: spec.id, kind: spec.kind, ...output }));
  const indexOf = (id: string): number => {
    const index = layers.findIndex((layer) => layer.id === id);
    if (index >= 0) return index;
    throw unknownLayer(id, layers);
  };
  return {
    source,
    backend,
    input: inputShape(source.spec),
    layers,
    fastLayers: bound.filter(isPhased).length,
    indexOf,
    usesBatchStatistics: ({ from, to, statistics }) =>
      stages.slice(from, to + 1).some((stage) => stage.usesBatchStatistics(statistics)),
    createMasks(units = {}) {
      const masks = new Map<number, tf.Tensor1D>();
      for (const [id, scales] of Object.entries(units)) {
        const index = indexOf(id);
        const filters = layers[index]?.channels ?? 0;
        masks.set(index, constant1d(scaleVector(id, filters, scales)));
      }
      return masks;
    },
    run(x, route) {
      let y = x;
      for (let index = route.from; index <= route.to; index++) {
        y = stages[index]?.apply(y, route.statistics) ?? y;
        const mask = route.masks.get(index);
        if (mask) y = tf.mul(y, mask);
      }
      return y;
    },
    dispose() {
      for (const stage of stages) stage.dispose();
    },
  };
}

function scaleVector(
  id: string,
  filters: number,
  scales: Readonly<Record<number, number>>,
): Float32Array {
  const vector = new Float32Array(filters).fill(1);
  for (const [key, scale] of Object.entries(scales)) {
    const filter = Number(key);
    if (!Number.isInteger(filter) || filter < 0 || filter >= filters) {
      throw new AppError({
        code: 'unit-unknown',
        message: `Layer '${id}' has no filter ${key}; its filters are 0 to ${filters - 1}.`,
        hint: 'The mask was made for another model. Clear it, or open the model that it belongs to.',
      });
    }
    vector[filter] = scale;
  }
  return vector;
}

function unknownLayer(id: string, layers: readonly LayerInfo[]): AppError {
  return new AppError({
    code: 'layer-unknown',
    message: `The network has no layer '${id}'; its layers are ${layers.map((layer) => layer.id).join(', ')}.`,
    hint: 'The view was made for another model. Choose a layer of this one.',
  });
}
