/**
 * The one shape of linear map that a DCGAN is made of. Each 4×4 convolution of stride 2 leads from a wide
 * image (height × width × wide channels) to a narrow one (half the height and width, narrow channels); a
 * transposed convolution leads back, with the same matrix. The outermost pair leads from 4×4 to one pixel.
 */
import { inferShapes, inputShape } from '../../model/shapes';
import type { ActivationSpec, ModelSpec, Shape } from '../../model/spec';

export const KERNEL = 4;
/** Numbers of one kernel for one channel and filter. */
export const TAPS = KERNEL * KERNEL;

export interface Geometry {
  /** Sizes of the wide image. */
  height: number;
  width: number;
  wide: number;
  narrow: number;
  /** The wide image is 4×4 and the narrow one a single pixel: a plain product. */
  dense: boolean;
}

/** A layer of G ('up', narrow to wide) or of D ('down'). */
export interface TrainLayer {
  id: string;
  direction: 'up' | 'down';
  geometry: Geometry;
  /** Channels that leave the layer. */
  filters: number;
  /** Pixels that leave the layer, for one picture. */
  pixels: number;
  norm: { id: string; eps: number } | null;
  activation: ActivationSpec;
}

/** The layers of a network that trainingSpecs described. */
export function trainLayers(spec: ModelSpec): TrainLayer[] {
  const outputs = inferShapes(spec);
  let input = inputShape(spec);
  return spec.layers.map((layer, index) => {
    if (layer.kind !== 'conv' && layer.kind !== 'convTranspose') {
      throw new TypeError(`layer '${layer.id}' (${layer.kind}) cannot be trained`);
    }
    const output = outputs[index] ?? input;
    const direction = layer.kind === 'conv' ? 'down' : 'up';
    const geometry = direction === 'down' ? geometryOf(input, output) : geometryOf(output, input);
    const { norm } = layer;
    input = output;
    return {
      id: layer.id,
      direction,
      geometry,
      filters: output.channels,
      pixels: output.height * output.width,
      norm: norm.kind === 'batch' ? { id: norm.id, eps: norm.eps } : null,
      activation: layer.activation,
    };
  });
}

function geometryOf(wide: Shape, narrow: Shape): Geometry {
  return {
    height: wide.height,
    width: wide.width,
    wide: wide.channels,
    narrow: narrow.channels,
    dense: narrow.height === 1,
  };
}

/**
 * Torch's weights of either direction, [narrow, wide, 4, 4], as the matrix that the device multiplies by:
 * rows (kernel row, kernel column, wide channel), columns narrow channels.
 */
export function toMatrix(weight: Float32Array, { wide, narrow }: Geometry): Float32Array {
  const matrix = new Float32Array(weight.length);
  forEachWeight(wide, narrow, (torch, row) => (matrix[row] = weight[torch] ?? 0));
  return matrix;
}

/** The way back from `toMatrix`. */
export function fromMatrix(
  matrix: Float32Array,
  { wide, narrow }: Geometry,
): Float32Array<ArrayBuffer> {
  const weight = new Float32Array(matrix.length);
  forEachWeight(wide, narrow, (torch, row) => (weight[torch] = matrix[row] ?? 0));
  return weight;
}

function forEachWeight(
  wide: number,
  narrow: number,
  visit: (torch: number, matrix: number) => void,
): void {
  let torch = 0;
  for (let n = 0; n < narrow; n++) {
    for (let w = 0; w < wide; w++) {
      for (let tap = 0; tap < TAPS; tap++) visit(torch++, (tap * wide + w) * narrow + n);
    }
  }
}
