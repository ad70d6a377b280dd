import type { ModelSpec } from './spec';

/** An array from a weights file: torch layout, values as 32-bit floats. */
export interface NamedArray {
  shape: readonly number[];
  data: Float32Array;
}

/** A spec with its weights: what formats and model hand to the engine. Keys as ModelSpec's layers name them. */
export interface NetworkSource {
  spec: ModelSpec;
  tensors: Readonly<Record<string, NamedArray>>;
}

/** `{[layerId]: {[filterIndex]: scale}}`, applied after norm and activation; 1 changes nothing, 0 drops the map. */
export type UnitMask = Readonly<Record<string, Readonly<Record<number, number>>>>;
