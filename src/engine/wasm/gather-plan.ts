/**
 * Turns a layer into what the tile kernel reads: packed weights and tables of offsets. Plain arrays, so
 * that it can be tested without a device.
 */
import type { BoundLayer } from '../../model/bind';
import type { ConvLayer, ConvTransposeLayer } from '../../model/spec';
import type { LinearWeights } from '../layers/fold';
import { packStem, repeatBias } from '../layers/pack';
import { MAX_ROWS, type Vectors } from './tile-kernel';

/** Offsets (in bytes) of a run of tiles: for each tile taps × rows inputs, then its outputs. */
export interface TileTable {
  offsets: Int32Array;
  /** Tiles of MAX_ROWS rows, and rows of one smaller tile after them. */
  fullTiles: number;
  restRows: number;
}

/** Output pixels that share their weights: all of them, or one phase of a transposed convolution. */
export interface GatherPhase {
  taps: number;
  /** For each block of filters: the biases, then taps × channels rows of filters, zero-padded. */
  panels: Float32Array;
  /** tables[g − 1] serves g images at once; more than one only where an image has a single pixel. */
  tables: TileTable[];
}

export interface GatherPlan {
  vectors: Vectors;
  filters: number;
  /** Blocks of 4 · vectors filters, the last one maybe partial. */
  blocks: number;
  channels: number;
  inputBytes: number;
  outputBytes: number;
  phases: GatherPhase[];
}

/** Which input pixel (row · width + column, −1 outside) each tap of each output pixel reads. */
interface Geometry {
  taps: number;
  outputs: number[];
  input(output: number, tap: number): number;
  /** Torch index of the first filter's weight, −1 where there is none. */
  weight(tap: number, channel: number): number;
  /** From one filter's weight to the next. */
  filterStride: number;
}

/** Plans a dense, conv or transposed-conv layer of one pixel or many. */
export function planGather(layer: BoundLayer, weights: LinearWeights): GatherPlan {
  const { spec, input, output } = layer;
  switch (spec.kind) {
    case 'dense':
      return planDense(input.channels, output.channels, weights, {
        weight: (_tap, channel) => channel,
        filterStride: input.channels,
      });
    case 'conv':
      return planPhases(layer, weights, [convGeometry(layer, spec)]);
    case 'convTranspose':
      return planPhases(layer, weights, transposedGeometries(layer, spec));
    case 'upsample':
    case 'reshape':
    case 'flatten':
      throw new TypeError(`layer '${spec.id}' (${spec.kind}) has no weights`);
  }
}

/** A transposed convolution of a single pixel: its whole uncropped output, k·k·filters numbers. */
export function planStem(
  layer: BoundLayer,
  spec: ConvTransposeLayer,
  weights: LinearWeights,
): GatherPlan {
  const channels = layer.input.channels;
  const taps = spec.kernel[0] * spec.kernel[1];
  const filters = taps * layer.output.channels;
  const weight = packStem(weights.weight, channels, layer.output.channels, spec.kernel);
  const packed = { weight, bias: repeatBias(weights.bias, taps) };
  return planDense(channels, filters, packed, {
    weight: (_tap, channel) => channel * filters,
    filterStride: 1,
  });
}

function planDense(
  channels: number,
  filters: number,
  weights: LinearWeights,
  order: Pick<Geometry, 'weight' | 'filterStride'>,
): GatherPlan {
  const vectors = vectorsFor(filters);
  const blocks = Math.ceil(filters / (4 * vectors));
  const geometry = { taps: 1, outputs: [0], input: () => 0, ...order };
  const inputBytes = 4 * channels;
  const outputBytes = 4 * filters;
  const tables = Array.from({ length: MAX_ROWS[vectors] }, (_, index) =>
    tileTable(
      index + 1,
      1,
      MAX_ROWS[vectors],
      (row) => row * inputBytes,
      (row) => row * outputBytes,
    ),
  );
  const panels = packPanels(weights, geometry, channels, filters, vectors);
  const phases = [{ taps: 1, panels, tables }];
  return { vectors, filters, blocks, channels, inputBytes, outputBytes, phases };
}

function planPhases(layer: BoundLayer, weights: LinearWeights, geometries: Geometry[]): GatherPlan {
  const { input, output } = layer;
  const { channels } = input;
  const filters = output.channels;
  const vectors = vectorsFor(filters);
  const phases = geometries.map((geometry) => {
    const { taps, outputs } = geometry;
    const inputOffset = (row: number, tap: number) => {
      const pixel = geometry.input(outputs[row] ?? 0, tap);
      return pixel < 0 ? -1 : pixel * channels * 4;
    };
    const outputOffset = (row: number) => (outputs[row] ?? 0) * filters * 4;
    const rows = outputs.length;
    const table = tileTable(rows, taps, MAX_ROWS[vectors], inputOffset, outputOffset);
    return {
      taps,
      panels: packPanels(weights, geometry, channels, filters, vectors),
      tables: [table],
    };
  });
  return {
    ...{ vectors, filters, channels, phases },
    blocks: Math.ceil(filters / (4 * vectors)),
    inputBytes: input.height * input.width * channels * 4,
    outputBytes: output.height * output.width * filters * 4,
  };
}

// Three filters in a tile of eight would waste five of them.
function vectorsFor(filters: number): Vectors {
  return filters <= 4 ? 1 : 2;
}

function tileTable(
  rows: number,
  taps: number,
  tileRows: number,
  inputOffset: (row: number, tap: number) => number,
  outputOffset: (row: number) => number,
): TileTable {
  const offsets = new Int32Array(rows * (taps + 1));
  let at = 0;
  for (let first = 0; first < rows; first += tileRows) {
    const last = Math.min(first + tileRows, rows);
    for (let tap = 0; tap < taps; tap++) {
      for (let row = first; row < last; row++) offsets[at++] = inputOffset(row, tap);
    }
    for (let row = first; row < last; row++) offsets[at++] = outputOffset(row);
  }
  return { offsets, fullTiles: Math.floor(rows / tileRows), restRows: rows % tileRows };
}

function packPanels(
  { weight, bias }: LinearWeights,
  geometry: Geometry,
  channels: number,
  filters: number,
  vectors: Vectors,
): Float32Array {
  const width = 4 * vectors;
  const blocks = Math.ceil(filters / width);
  const panels = new Float32Array(blocks * (1 + geometry.taps * channels) * width);
  let at = 0;
  for (let first = 0; first < filters; first += width) {
    const count = Math.min(width, filters - first);
    panels.set(bias.subarray(first, first + count), at);
    at += width;
    for (let tap = 0; tap < geometry.taps; tap++) {
      for (let channel = 0; channel < channels; channel++, at += width) {
        const base = geometry.weight(tap, channel);
        if (base < 0) continue;
        for (let f = 0; f < count; f++) {
          panels[at + f] = weight[base + (first + f) * geometry.filterStride] ?? 0;
        }
      }
    }
  }
  return panels;
}

function convGeometry({ input, output }: BoundLayer, spec: ConvLayer): Geometry {
  const [kernelH, kernelW] = spec.kernel;
  const taps = kernelH * kernelW;
  return {
    taps,
    outputs: Array.from({ length: output.height * output.width }, (_, index) => index),
    input(pixel, tap) {
      const y = Math.floor(pixel / output.width) * spec.stride[0];
      const x = (pixel % output.width) * spec.stride[1];
      const row = y - spec.padding.top + Math.floor(tap / kernelW);
      const column = x - spec.padding.left + (tap % kernelW);
      return pixelIndex(row, column, input);
    },
    weight: (tap, channel) => channel * taps + tap,
    filterStride: input.channels * taps,
  };
}

/**
 * Each output pixel of a transposed convolution is reached by every stride-th kernel row only; pixels
 * that are reached by the same ones form a phase. No product with an inserted zero is computed.
 */
function transposedGeometries(layer: BoundLayer, spec: ConvTransposeLayer): Geometry[] {
  const geometries: Geometry[] = [];
  for (let phaseY = 0; phaseY < spec.stride[0]; phaseY++) {
    for (let phaseX = 0; phaseX < spec.stride[1]; phaseX++) {
      const geometry = transposedGeometry(layer, spec, phaseY, phaseX);
      if (geometry.outputs.length > 0) geometries.push(geometry);
    }
  }
  return geometries;
}

function transposedGeometry(
  { input, output }: BoundLayer,
  spec: ConvTransposeLayer,
  phaseY: number,
  phaseX: number,
): Geometry {
  const [kernelH, kernelW] = spec.kernel;
  const [strideH, strideW] = spec.stride;
  const { top, left } = spec.padding;
  // A phase that no kernel row reaches (kernel smaller than stride) still has its bias: one tap of zeros.
  const tapsH = Math.max(1, Math.ceil((kernelH - phaseY) / strideH));
  const tapsW = Math.max(1, Math.ceil((kernelW - phaseX) / strideW));
  const outputs: number[] = [];
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      const inPhase = (y + top) % strideH === phaseY && (x + left) % strideW === phaseX;
      if (inPhase) outputs.push(y * output.width + x);
    }
  }
  return {
    taps: tapsH * tapsW,
    outputs,
    input(pixel, tap) {
      const y = Math.floor(pixel / output.width);
      const x = pixel % output.width;
      const row = Math.floor((y + top) / strideH) - Math.floor(tap / tapsW);
      const column = Math.floor((x + left) / strideW) - (tap % tapsW);
      return pixelIndex(row, column, input);
    },
    weight(tap, channel) {
      const kernelY = Math.floor(tap / tapsW) * strideH + phaseY;
      const kernelX = (tap % tapsW) * strideW + phaseX;
      if (kernelY >= kernelH || kernelX >= kernelW) return -1;
      return (channel * output.channels * kernelH + kernelY) * kernelW + kernelX;
    },
    filterStride: kernelH * kernelW,
  };
}

function pixelIndex(row: number, column: number, size: { height: number; width: number }): number {
  const inside = row >= 0 && column >= 0 && row < size.height && column < size.width;
  return inside ? row * size.width + column : -1;
}
