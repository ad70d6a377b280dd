import { AppError } from '../lib/errors';
import type {
  ConvLayer,
  ConvTransposeLayer,
  DenseLayer,
  FlattenLayer,
  LayerSpec,
  ModelSpec,
  ReshapeLayer,
  Shape,
  UpsampleLayer,
} from './spec';

/** More numbers than this in one layer's output (256 MiB as floats) is a broken spec, not a DCGAN. */
const MAX_OUTPUT_NUMBERS = 2 ** 26;

/** 'height×width×channels', as error texts and panels print it. */
export function formatShape(shape: Shape): string {
  return `${shape.height}×${shape.width}×${shape.channels}`;
}

/** How many numbers one sample of this shape has. */
export function shapeSize(shape: Shape): number {
  return shape.height * shape.width * shape.channels;
}

/** What goes into the first layer: 1×1×latent.size for a generator, the image for the others. */
export function inputShape(spec: ModelSpec): Shape {
  if (spec.role === 'generator') return { height: 1, width: 1, channels: spec.latent.size };
  const { height, width, channels } = spec.input;
  return { height, width, channels };
}

/**
 * The shape that leaves each layer (after norm and activation, which change none), in layer order.
 *
 * Throws AppError `spec-shape` naming the layer, what came in and what was expected; `spec-layer-id`
 * for ids that are used twice; `spec-empty` for a network without layers.
 */
export function inferShapes(spec: ModelSpec): Shape[] {
  if (spec.layers.length === 0) {
    throw new AppError({
      code: 'spec-empty',
      message: `The ${spec.role}'s description has no layers.`,
      hint: 'A network needs at least one layer. Export the file again, or choose another one.',
    });
  }
  checkIds(spec);
  const shapes: Shape[] = [];
  let current = inputShape(spec);
  for (const layer of spec.layers) {
    current = layerOutputShape(layer, current);
    shapes.push(current);
  }
  checkEnd(spec, current);
  return shapes;
}

/**
 * The shape that leaves one layer when `input` enters it.
 *
 * Throws AppError `spec-shape` when the layer cannot take this input.
 */
export function layerOutputShape(layer: LayerSpec, input: Shape): Shape {
  const output = rawOutputShape(layer, input);
  const { height, width, channels } = output;
  if (!(height >= 1 && width >= 1 && channels >= 1)) {
    throw shapeError(
      layer,
      `makes ${formatShape(output)} out of ${formatShape(input)}, which is not an image`,
      'a kernel and a padding that leave at least one pixel',
    );
  }
  if (shapeSize(output) > MAX_OUTPUT_NUMBERS) {
    throw shapeError(
      layer,
      `makes ${formatShape(output)} (${shapeSize(output)} numbers) out of ${formatShape(input)}`,
      `at most ${MAX_OUTPUT_NUMBERS} numbers`,
    );
  }
  return output;
}

function rawOutputShape(layer: LayerSpec, input: Shape): Shape {
  switch (layer.kind) {
    case 'dense':
      return denseShape(layer, input);
    case 'conv':
      return convShape(layer, input);
    case 'convTranspose':
      return convTransposeShape(layer, input);
    case 'upsample':
      return upsampleShape(layer, input);
    case 'reshape':
      return reshapeShape(layer, input);
    case 'flatten':
      return flattenShape(layer, input);
  }
}

function denseShape(layer: DenseLayer, input: Shape): Shape {
  // With more than one pixel the order of the numbers would be a guess; a flatten layer states it.
  if (input.height !== 1 || input.width !== 1) {
    throw shapeError(
      layer,
      `gets an image of ${formatShape(input)}`,
      'a vector (1×1×n): put a flatten layer before it, which says in which order pixels are read',
    );
  }
  return { height: 1, width: 1, channels: layer.filters };
}

function convShape(layer: ConvLayer, input: Shape): Shape {
  const { padding, kernel, stride } = layer;
  const rows = input.height + padding.top + padding.bottom - kernel[0];
  const columns = input.width + padding.left + padding.right - kernel[1];
  return {
    height: Math.floor(rows / stride[0]) + 1,
    width: Math.floor(columns / stride[1]) + 1,
    channels: layer.filters,
  };
}

function convTransposeShape(layer: ConvTransposeLayer, input: Shape): Shape {
  const { padding, outputPadding, kernel, stride } = layer;
  const rows = (input.height - 1) * stride[0] + kernel[0] + outputPadding.bottom;
  const columns = (input.width - 1) * stride[1] + kernel[1] + outputPadding.right;
  return {
    height: rows - padding.top - padding.bottom,
    width: columns - padding.left - padding.right,
    channels: layer.filters,
  };
}

function upsampleShape(layer: UpsampleLayer, input: Shape): Shape {
  return {
    height: input.height * layer.factor[0],
    width: input.width * layer.factor[1],
    channels: input.channels,
  };
}

function reshapeShape(layer: ReshapeLayer, input: Shape): Shape {
  const { height, width, channels } = layer;
  const output = { height, width, channels };
  if (input.height !== 1 || input.width !== 1 || input.channels !== shapeSize(output)) {
    throw shapeError(
      layer,
      `reads ${formatShape(input)} as an image of ${formatShape(output)}`,
      `a vector of ${shapeSize(output)} numbers`,
    );
  }
  return output;
}

function flattenShape(_layer: FlattenLayer, input: Shape): Shape {
  return { height: 1, width: 1, channels: shapeSize(input) };
}

function checkIds(spec: ModelSpec): void {
  const seen = new Set<string>();
  const take = (id: string, what: string): void => {
    if (!seen.has(id)) {
      seen.add(id);
      return;
    }
    throw new AppError({
      code: 'spec-layer-id',
      message: `Two parts of the ${spec.role} are called '${id}' (the second is ${what}).`,
      hint: 'Names must be unique, because weights are found by them. The file cannot be used as it is: export it again.',
    });
  };
  for (const layer of spec.layers) {
    take(layer.id, `a ${layer.kind} layer`);
    if (layer.norm.kind === 'batch') take(layer.norm.id, `the batch norm of layer '${layer.id}'`);
  }
}

function checkEnd(spec: ModelSpec, end: Shape): void {
  const last = spec.layers[spec.layers.length - 1];
  if (last === undefined) return;
  if (spec.role === 'generator') {
    const { height, width, channels } = spec.output;
    const same = end.height === height && end.width === width && end.channels === channels;
    if (!same) {
      throw shapeError(
        last,
        `ends with ${formatShape(end)}`,
        `the image, ${formatShape(spec.output)}`,
      );
    }
  }
  if (spec.role === 'judge') {
    const wanted = { height: 1, width: 1, channels: spec.outputs.length };
    if (formatShape(end) !== formatShape(wanted)) {
      throw shapeError(
        last,
        `ends with ${formatShape(end)}`,
        `${formatShape(wanted)}, one number for each output (${spec.outputs.map((o) => o.name).join(', ')})`,
      );
    }
  }
}

function shapeError(layer: LayerSpec, what: string, expected: string): AppError {
  return new AppError({
    code: 'spec-shape',
    message: `Layer '${layer.id}' (${layer.kind}) ${what}; expected: ${expected}.`,
    hint: 'The description of the network does not fit together, so it cannot run. Export the file again, or choose another one.',
  });
}
