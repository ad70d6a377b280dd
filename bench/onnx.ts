/**
 * Writes a generator of transposed convolutions as an ONNX file: just enough of protobuf and of the
 * format (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) for the comparison.
 */
import type { NetworkSource } from '../src/model/source';
import type { ConvTransposeLayer } from '../src/model/spec';

type Bytes = Uint8Array;

const encoder = new TextEncoder();

function concat(parts: Bytes[]): Bytes {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

const number = (field: number, value: number): Bytes => concat([varint(field << 3), varint(value)]);

function bytes(field: number, value: Bytes | string): Bytes {
  const content = typeof value === 'string' ? encoder.encode(value) : value;
  return concat([varint((field << 3) | 2), varint(content.length), content]);
}

function tensor(name: string, shape: readonly number[], data: Float32Array): Bytes {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const dims = shape.map((size) => number(1, size));
  return concat([...dims, number(2, 1), bytes(8, name), bytes(9, raw)]);
}

function integers(name: string, values: readonly number[]): Bytes {
  return concat([bytes(1, name), ...values.map((value) => number(8, value)), number(20, 7)]);
}

function node(kind: string, inputs: string[], output: string, attributes: Bytes[] = []): Bytes {
  return concat([
    ...inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(4, kind),
    ...attributes.map((attribute) => bytes(5, attribute)),
  ]);
}

/** A float tensor of the graph's interface; a name stands for a size that is not fixed. */
function value(name: string, shape: (number | string)[]): Bytes {
  const dims = shape.map((size) =>
    bytes(1, typeof size === 'number' ? number(1, size) : bytes(2, size)),
  );
  const type = concat([number(1, 1), bytes(2, concat(dims))]);
  return concat([bytes(1, name), bytes(2, bytes(1, type))]);
}

const OPERATORS = { none: 'Identity', relu: 'Relu', tanh: 'Tanh' } as const;

function operatorOf(layer: ConvTransposeLayer): string {
  const { kind } = layer.activation;
  if (kind === 'none' || kind === 'relu' || kind === 'tanh') return OPERATORS[kind];
  throw new TypeError(`the comparison knows no ${kind}`);
}

/** The file: input z (N × size × 1 × 1), output y (N × channels × height × width). */
export function encodeOnnx({ spec, tensors }: NetworkSource): Bytes {
  if (spec.role !== 'generator') throw new TypeError('only generators are compared');
  const nodes: Bytes[] = [];
  const weights: Bytes[] = [];
  spec.layers.forEach((layer, index) => {
    if (layer.kind !== 'convTranspose')
      throw new TypeError(`the comparison knows no ${layer.kind}`);
    const inputs = [index === 0 ? 'z' : `x${index}`, `${layer.id}.weight`, `${layer.id}.bias`];
    for (const name of inputs.slice(1)) {
      const array = tensors[name];
      if (array) weights.push(tensor(name, array.shape, array.data));
    }
    const { top, left, bottom, right } = layer.padding;
    nodes.push(
      node('ConvTranspose', inputs, `c${index}`, [
        integers('kernel_shape', layer.kernel),
        integers('strides', layer.stride),
        integers('pads', [top, left, bottom, right]),
      ]),
    );
    const output = index === spec.layers.length - 1 ? 'y' : `x${index + 1}`;
    nodes.push(node(operatorOf(layer), [`c${index}`], output));
  });
  const { height, width, channels } = spec.output;
  const graph = concat([
    ...nodes.map((one) => bytes(1, one)),
    bytes(2, 'generator'),
    ...weights.map((one) => bytes(5, one)),
    bytes(11, value('z', ['n', spec.latent.size, 1, 1])),
    bytes(12, value('y', ['n', channels, height, width])),
  ]);
  const operators = concat([bytes(1, ''), number(2, 13)]);
  return concat([number(1, 8), bytes(7, graph), bytes(8, operators)]);
}
