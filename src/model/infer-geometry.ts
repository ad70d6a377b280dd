import type { OutputPadding, Padding } from './spec';

/** How a convolution goes over its image. */
export interface Geometry {
  stride: readonly [height: number, width: number];
  padding: Padding;
  outputPadding: OutputPadding;
}

/** One way in which a layer may grow or keep its image; `up` is an upsampling before it. */
export interface GeometryOption extends Geometry {
  /** As the architecture table shows and takes it: 's2 p1', 's2 p2 op1', 's1 same'. */
  label: string;
  up: 1 | 2;
  /** How unusual it is: 0 for what most people write. */
  cost: number;
}

/** What the search for a chain of sizes knows of a layer. */
export interface GeometryLayer {
  kind: 'conv' | 'convTranspose';
  kernel: readonly [height: number, width: number];
  /** What may be chosen now: all, or the one that the person chose. */
  options: readonly GeometryOption[];
  /** All that could be chosen. */
  choices: readonly GeometryOption[];
}

const NONE: OutputPadding = { bottom: 0, right: 0 };

/** All ways to run a generator's layer with this kernel, the usual ones first. */
export function growingOptions(
  kind: GeometryLayer['kind'],
  [kh, kw]: readonly [number, number],
): GeometryOption[] {
  return kind === 'conv' ? convOptions(kh, kw) : transposedOptions(kh, kw);
}

/** The options with an upsampling by 2 before them, for stride-1 layers. */
export function upsampledOptions(
  options: readonly GeometryOption[],
  upCost: number,
): GeometryOption[] {
  return options
    .filter(({ label }) => label.startsWith('s1'))
    .map((option) => ({
      ...option,
      up: 2,
      label: `×2, ${option.label}`,
      cost: option.cost + upCost,
    }));
}

function transposedOptions(kh: number, kw: number): GeometryOption[] {
  const options: GeometryOption[] = [];
  const add = (stride: number, pad: number, out: number, cost: number): void => {
    const fits = (k: number): boolean => pad < k && out < Math.max(stride, 1);
    if (!fits(kh) || !fits(kw)) return;
    const label = `s${stride} p${pad}${out ? ` op${out}` : ''}`;
    options.push({ ...symmetric(stride, pad, out), label, up: 1, cost });
  };
  const odd = kh % 2;
  // Doubling: torch writes p = (k − 2)/2, or p = (k − 1)/2 with an output padding of 1.
  if (odd) add(2, (kh - 1) / 2, 1, 0);
  else add(2, (kh - 2) / 2, 0, 0);
  if (kh > 2) options.push(kerasSame(kh, kw, 2, 'convTranspose', odd ? 4 : 5));
  if (odd) add(1, (kh - 1) / 2, 0, 2);
  else options.push(kerasSame(kh, kw, 1, 'convTranspose', 4));
  add(1, 0, 0, 3);
  add(2, 0, 0, 3);
  if (kh === 2) add(1, 0, 0, 3);
  add(2, 1, 0, 4);
  add(1, 1, 0, 4.5);
  add(2, 2, 0, 5);
  add(2, 0, 1, 6);
  add(2, 1, 1, 6);
  add(1, 2, 0, 6);
  add(2, 2, 1, 6);
  add(2, 3, 0, 6);
  return distinct(options);
}

function convOptions(kh: number, kw: number): GeometryOption[] {
  const options: GeometryOption[] = [];
  const add = (stride: number, pad: number, cost: number): void => {
    if (pad >= kh || pad >= kw) return;
    options.push({ ...symmetric(stride, pad, 0), label: `s${stride} p${pad}`, up: 1, cost });
  };
  if (kh % 2) add(1, (kh - 1) / 2, 0);
  else options.push(kerasSame(kh, kw, 1, 'conv', 3));
  add(1, 0, 3);
  add(1, 1, 4);
  add(1, 2, 4.5);
  return distinct(options);
}

/** Halving convolutions, for discriminators: the usual ones first. */
export function halvingOptions(kernel: readonly [number, number]): GeometryOption[] {
  const [kh, kw] = kernel;
  const options: GeometryOption[] = [];
  const add = (stride: number, pad: number, cost: number): void => {
    if (pad >= kh || pad >= kw) return;
    options.push({ ...symmetric(stride, pad, 0), label: `s${stride} p${pad}`, up: 1, cost });
  };
  add(2, Math.floor((kh - 1) / 2), 0);
  if (kh > 2) options.push(kerasSame(kh, kw, 2, 'conv', 3));
  if (kh % 2) add(1, (kh - 1) / 2, 2);
  else options.push(kerasSame(kh, kw, 1, 'conv', 4));
  add(1, 0, 2.5);
  add(2, 0, 4);
  return distinct(options);
}

function symmetric(stride: number, pad: number, out: number): Geometry {
  return {
    stride: [stride, stride],
    padding: { top: pad, right: pad, bottom: pad, left: pad },
    outputPadding: { bottom: out, right: out },
  };
}

function kerasSame(
  kh: number,
  kw: number,
  stride: number,
  kind: 'conv' | 'convTranspose',
  cost: number,
): GeometryOption {
  const geometry = sameGeometry([kh, kw], [stride, stride], kind, null);
  return { ...geometry, label: `s${stride} same`, up: 1, cost };
}

/**
 * TensorFlow's padding 'same'. Of an odd total the larger half lies at the bottom and right; a transposed
 * convolution cuts away what its convolution adds. `size` (height, width) matters for strided
 * convolutions only; null takes a size that the stride divides.
 */
export function sameGeometry(
  kernel: readonly [number, number],
  stride: readonly [number, number],
  kind: 'conv' | 'convTranspose',
  size: readonly [number, number] | null,
): Geometry {
  const total = (axis: 0 | 1): number => {
    const [k, s] = [kernel[axis], stride[axis]];
    if (kind === 'convTranspose' || !size || size[axis] % s === 0) return Math.max(k - s, 0);
    return Math.max(k - (size[axis] % s), 0);
  };
  const [rows, columns] = [total(0), total(1)];
  const padding: Padding = {
    top: Math.floor(rows / 2),
    left: Math.floor(columns / 2),
    bottom: Math.ceil(rows / 2),
    right: Math.ceil(columns / 2),
  };
  // A kernel smaller than its stride leaves gaps that 'same' fills.
  const gap = (axis: 0 | 1): number =>
    kind === 'convTranspose' ? Math.max(stride[axis] - kernel[axis], 0) : 0;
  const outputPadding = kind === 'convTranspose' ? { bottom: gap(0), right: gap(1) } : NONE;
  return { stride, padding, outputPadding };
}

function distinct(options: GeometryOption[]): GeometryOption[] {
  const seen = new Set<string>();
  return options.filter(({ label }) => !seen.has(label) && seen.add(label));
}

/** Height or width that leaves a layer, along one axis. */
function nextSize(
  size: number,
  kernel: number,
  kind: 'conv' | 'convTranspose',
  option: { stride: number; before: number; after: number; out: number; up: number },
): number {
  const input = size * option.up;
  const padding = option.before + option.after;
  if (kind === 'conv') return Math.floor((input + padding - kernel) / option.stride) + 1;
  return (input - 1) * option.stride + kernel + option.out - padding;
}

/** What leaves a layer with this geometry: [height, width]. */
export function sizeAfter(
  size: readonly [number, number],
  layer: Pick<GeometryLayer, 'kind' | 'kernel'>,
  option: Geometry & { up?: 1 | 2 },
): [number, number] {
  const { stride, padding, outputPadding, up = 1 } = option;
  const rows = {
    stride: stride[0],
    before: padding.top,
    after: padding.bottom,
    out: outputPadding.bottom,
    up,
  };
  const columns = {
    stride: stride[1],
    before: padding.left,
    after: padding.right,
    out: outputPadding.right,
    up,
  };
  return [
    nextSize(size[0], layer.kernel[0], layer.kind, rows),
    nextSize(size[1], layer.kernel[1], layer.kind, columns),
  ];
}

/** How likely it is that somebody trains at this size. */
export function sizeCost(size: readonly [number, number], channels: number): number {
  const side = Math.max(...size);
  const square = size[0] === size[1] ? 0 : 1;
  if (side === 28) return square + (channels === 1 ? 0 : 2);
  if (side === 32) return square + (channels === 1 ? 3 : 0);
  if ([64, 128, 256].includes(side)) return square + (channels === 1 ? 0.5 : 0);
  if ([16, 48, 96, 512].includes(side)) return square + 2;
  return side % 8 === 0 ? square + 5 : 8;
}

/**
 * Chooses for each layer how it grows its image, so that the whole is the likeliest that ends at a usual
 * size. `start` is what enters the first of them. Dynamic programming over (layer, size).
 */
export function chooseGeometry(
  layers: readonly GeometryLayer[],
  start: readonly [number, number],
  endCost: (size: readonly [number, number]) => number,
): GeometryOption[] | null {
  interface State {
    size: readonly [number, number];
    cost: number;
    chosen: GeometryOption[];
  }
  let states = new Map<string, State>([['start', { size: start, cost: 0, chosen: [] }]]);
  for (const layer of layers) {
    const next = new Map<string, State>();
    for (const state of states.values()) {
      for (const option of layer.options) {
        const size = sizeAfter(state.size, layer, option);
        if (size.some((side) => side < 1 || side > 1024)) continue;
        // Whoever leaves out padding in one layer does so in the next.
        const valid = option.label.endsWith('p0');
        const habit = valid && state.chosen.at(-1)?.label.endsWith('p0') ? -1.5 : 0;
        const cost = state.cost + option.cost + habit;
        const key = `${size[0]}×${size[1]}${valid ? 'v' : ''}`;
        const known = next.get(key);
        if (!known || cost < known.cost) {
          next.set(key, { size, cost, chosen: [...state.chosen, option] });
        }
      }
    }
    states = next;
  }
  const ends = [...states.values()].map((state) => ({
    ...state,
    cost: state.cost + endCost(state.size),
  }));
  ends.sort((a, b) => a.cost - b.cost);
  return ends[0]?.chosen ?? null;
}
