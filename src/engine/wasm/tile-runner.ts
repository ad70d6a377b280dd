import type { GatherPlan } from './gather-plan';
import { assembleTileKernels, MAX_ROWS, tileName, type TileFunction } from './tile-kernel';

/** A plan whose arrays lie in the WebAssembly memory: byte addresses in the order of the plan's phases. */
export interface PlacedPlan {
  plan: GatherPlan;
  phases: { panels: number; tables: number[] }[];
  /** As many zeros as a pixel has channels. */
  zeros: number;
  /** Room for one row of a tile. */
  scratch: number;
  /** max(y, slope·y) is applied. */
  slope: number;
}

export interface TileRunner {
  /** Whether products and sums are fused (relaxed SIMD). */
  fused: boolean;
  /** Runs a layer over `count` images at byte address `x`, to `out`. */
  run(placed: PlacedPlan, x: number, out: number, count: number): void;
}

/** Compiles the tile kernels onto a memory. */
export async function createTileRunner(memory: WebAssembly.Memory): Promise<TileRunner> {
  const sharedMemory =
    typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const fusedBytes = assembleTileKernels({ fused: true, sharedMemory });
  const fused = WebAssembly.validate(fusedBytes);
  const bytes = fused ? fusedBytes : assembleTileKernels({ fused: false, sharedMemory });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const kernels = instance.exports as unknown as Record<string, TileFunction>;
  const kernel = (rows: number, vectors: 1 | 2): TileFunction => {
    const found = kernels[tileName(rows, vectors)];
    if (!found) throw new RangeError(`no tile of ${rows} rows`);
    return found;
  };
  return {
    fused,
    run(placed, x, out, count) {
      const { phases, blocks } = placed.plan;
      for (let phase = 0; phase < phases.length; phase++) {
        for (let block = 0; block < blocks; block++) {
          runBlock(kernel, placed, phase, block, x, out, count);
        }
      }
    },
  };
}

/** One block of filters of one phase over all images, so that its weights are read from memory once. */
function runBlock(
  kernel: (rows: number, vectors: 1 | 2) => TileFunction,
  { plan, phases, zeros, scratch, slope }: PlacedPlan,
  phase: number,
  block: number,
  x: number,
  out: number,
  count: number,
): void {
  const { vectors, channels, inputBytes, outputBytes } = plan;
  const { taps, tables } = plan.phases[phase] ?? { taps: 0, tables: [] };
  const addresses = phases[phase];
  if (!addresses) return;
  const width = 4 * vectors;
  const filters = Math.min(width, plan.filters - block * width);
  const weights = addresses.panels + block * (1 + taps * channels) * width * 4;
  const rows = MAX_ROWS[vectors];
  for (let image = 0; image < count;) {
    const group = Math.min(tables.length, count - image);
    const { fullTiles, restRows } = tables[group - 1] ?? { fullTiles: 0, restRows: 0 };
    const table = addresses.tables[group - 1] ?? 0;
    const from = x + image * inputBytes;
    const to = out + image * outputBytes + block * width * 4;
    const run = (tile: TileFunction, at: number, tiles: number) =>
      tile(at, tiles, weights, taps, 4 * channels, from, zeros, to, filters, scratch, slope);
    if (fullTiles > 0) run(kernel(rows, vectors), table, fullTiles);
    if (restRows > 0) {
      run(kernel(restRows, vectors), table + fullTiles * rows * (taps + 1) * 4, 1);
    }
    image += group;
  }
}
