import { activationCode } from './infer-draft';
import type { Basis, Draft, DraftStep } from './infer-draft';
import { factorPairs } from './infer-shapes';
import type { NormStatistics } from './spec';

/** One thing that a file may leave open: a cell of the architecture table. */
export interface Assumption {
  /** For `overrides`: 'layers.main.0.activation'. */
  key: string;
  /** Id of the layer in the spec; null for the network as a whole. */
  layer: string | null;
  what:
    | 'activation'
    | 'order'
    | 'geometry'
    | 'mode'
    | 'eps'
    | 'prior'
    | 'range'
    | 'flip'
    | 'memoryOrder'
    | 'reshape'
    | 'statistics';
  value: string;
  choices: readonly { value: string; label: string }[];
  basis: Basis;
  /** Why this value: for a tooltip. */
  why: string;
}

/** Settings of the network as a whole. */
export interface Globals {
  flip: boolean;
  flipWhy: string;
  flipBasis: Basis;
  memoryOrder: 'nchw' | 'nhwc';
  memoryBasis: Basis;
  statistics: NormStatistics;
  /** Whether the file has running statistics for every norm. */
  hasStatistics: boolean;
  range: 'signed' | 'unit';
  kernels: boolean;
}

const ACTIVATIONS = [
  ['none', 'none'],
  ['relu', 'ReLU'],
  ['leakyRelu:0.2', 'LeakyReLU 0.2'],
  ['leakyRelu:0.01', 'LeakyReLU 0.01'],
  ['leakyRelu:0.1', 'LeakyReLU 0.1'],
  ['leakyRelu:0.3', 'LeakyReLU 0.3'],
  ['elu', 'ELU'],
  ['tanh', 'tanh'],
  ['sigmoid', 'sigmoid'],
] as const;

/** Every cell that can be changed, network-wide ones first, then layer by layer. */
export function listAssumptions(draft: Draft, globals: Globals): Assumption[] {
  return [...networkAssumptions(draft, globals), ...draft.steps.flatMap(stepAssumptions)];
}

function networkAssumptions(draft: Draft, globals: Globals): Assumption[] {
  const list: Assumption[] = [];
  const add = (item: Omit<Assumption, 'layer' | 'key'> & { key?: string }): void => {
    list.push({ key: item.what, layer: null, ...item });
  };
  if (draft.role === 'generator') {
    add({
      what: 'prior',
      value: draft.prior,
      choices: choices(
        ['normal', 'normal, N(0, 1)'],
        ['uniform', 'uniform, U(−1, 1)'],
        ['sphere', 'on the sphere'],
      ),
      basis: draft.priorBasis,
      why: draft.priorWhy,
    });
    add({
      what: 'range',
      value: globals.range,
      choices: choices(['signed', '−1 to 1'], ['unit', '0 to 1']),
      basis: 'guess',
      why: 'Follows from the last activation: tanh gives −1 to 1, sigmoid 0 to 1.',
    });
  }
  if (draft.steps.some(({ norm }) => norm)) add(statisticsCell(globals));
  if (globals.kernels) {
    add({
      what: 'flip',
      value: globals.flip ? 'yes' : 'no',
      choices: choices(['no', 'as in the file'], ['yes', 'turned by 180°']),
      basis: globals.flipBasis,
      why: globals.flipWhy,
    });
  }
  if (draft.steps.some(({ kind }) => kind === 'reshape' || kind === 'flatten')) {
    add({
      what: 'memoryOrder',
      value: globals.memoryOrder,
      choices: choices(['nchw', 'channels first (torch)'], ['nhwc', 'channels last (Keras)']),
      basis: globals.memoryBasis,
      why: 'In which order the dense layer lists the pixels of its image.',
    });
  }
  return list;
}

function statisticsCell({ statistics, hasStatistics }: Globals): Omit<Assumption, 'layer' | 'key'> {
  const file = ['file', "the file's own"] as const;
  const batch = ['batch', "the batch's own"] as const;
  return {
    what: 'statistics',
    value: statistics,
    choices: hasStatistics ? choices(file, batch) : choices(batch),
    basis: hasStatistics ? 'guess' : 'shapes',
    why: hasStatistics
      ? 'The file has running statistics of its batch norms, which are for use after training.'
      : 'The file has no running statistics, so batch norm uses those of the pictures that are drawn together.',
  };
}

function stepAssumptions(step: DraftStep): Assumption[] {
  const list: Assumption[] = [];
  const add = (item: Omit<Assumption, 'layer' | 'key'>): void => {
    list.push({ key: `layers.${step.id}.${item.what}`, layer: step.id, ...item });
  };
  const weighted = step.part !== null;
  if (weighted || step.norm || step.activation.kind !== 'none') {
    add({
      what: 'activation',
      value: activationCode(step.activation),
      choices: withCurrent(step),
      basis: step.activationBasis,
      why: because(
        step.activationBasis,
        'No shape tells it; this is what most networks of this kind use.',
      ),
    });
  }
  if (step.norm) {
    add({
      what: 'order',
      value: step.order,
      choices: choices(['norm-activation', 'before it'], ['activation-norm', 'after it']),
      basis: step.orderBasis,
      why: because(step.orderBasis, 'The paper and most networks normalise first.'),
    });
    add(epsCell(step));
  }
  if (step.geometry && step.geometryChoices.length > 1) {
    add({
      what: 'geometry',
      value: step.geometryLabel,
      choices: step.geometryChoices.map(({ label }) => ({ value: label, label: explain(label) })),
      basis: step.geometryBasis,
      why: 'The likeliest chain of sizes that ends at a usual image size.',
    });
  }
  if (step.kind === 'upsample' && step.factor[0] > 1) {
    add({
      what: 'mode',
      value: step.mode,
      choices: choices(['nearest', 'nearest'], ['bilinear', 'bilinear']),
      basis: step.activationBasis,
      why: 'Upsampling has no weights, so the file does not show it.',
    });
  }
  if (step.kind === 'reshape' && step.geometryBasis !== 'file') {
    const pairs = factorPairs(step.size[0] * step.size[1]);
    const sizes = pairs.map(([h, w]) => `${h}×${w}`).slice(0, 6);
    const value = `${step.size[0]}×${step.size[1]}`;
    const all = sizes.map((size) => ({ value: size, label: size }));
    const why = 'The squarest image with this many pixels.';
    list.push({
      key: 'reshape.size',
      layer: step.id,
      what: 'reshape',
      value,
      choices: all,
      basis: step.geometryBasis,
      why,
    });
  }
  return list;
}

function epsCell(step: DraftStep): Omit<Assumption, 'layer' | 'key'> {
  const usual = ['1e-8', '0.00001', '0.0001', '0.001', '0.8'];
  const value = String(step.eps);
  const all = [...new Set([value, ...usual.map((text) => String(Number(text)))])];
  return {
    what: 'eps',
    value,
    choices: all.map((text) => ({ value: text, label: text })),
    basis: step.epsBasis,
    why: because(
      step.epsBasis,
      "Added to the variance: 1e-5 is torch's default, 1e-3 Keras', 1e-8 the paper authors'.",
    ),
  };
}

function withCurrent(step: DraftStep): Assumption['choices'] {
  const value = activationCode(step.activation);
  const known = ACTIVATIONS.map(([code, label]) => ({
    value: code,
    label: label,
  }));
  if (known.some((choice) => choice.value === value)) return known;
  return [...known, { value, label: value.replace('leakyRelu:', 'LeakyReLU ') }];
}

function because(basis: Basis, guess: string): string {
  return basis === 'file' ? 'The file says so.' : guess;
}

function choices(...pairs: (readonly [string, string])[]): { value: string; label: string }[] {
  return pairs.map(([value, label]) => ({ value, label }));
}

/** 's2 p1 op1' → 'stride 2, pad 1, out 1'. */
function explain(label: string): string {
  return label
    .replace('×2, ', 'upsample ×2, ')
    .replace(/s(\d)/, 'stride $1')
    .replace(/ p(\d)/, ', pad $1')
    .replace(/ op(\d)/, ', out $1')
    .replace(' same', ', same');
}
