import { bindNetwork } from './bind';
import type { ForeignNetwork } from './foreign';
import { listAssumptions } from './infer-assumptions';
import type { Assumption, Globals } from './infer-assumptions';
import { findChain } from './infer-chain';
import type { Draft } from './infer-draft';
import { applyStepOverrides, fillGuesses } from './infer-guesses';
import { assignNorms } from './infer-norms';
import { kernelLayoutOf, partsOf } from './infer-parts';
import type { Part } from './infer-parts';
import { guessPrior } from './infer-prior';
import { buildSkeleton } from './infer-shapes';
import type { Overrides } from './infer-shapes';
import { toSource } from './infer-source';
import { buildFromTopology } from './infer-topology';
import type { KernelLayout } from './layouts';
import type { NetworkSource } from './source';
import type { NormStatistics, Prior } from './spec';

/** A network that was found out from names and shapes, with everything that may be otherwise. */
export interface InferredNetwork {
  /** Checked: `bindNetwork` takes it. */
  source: NetworkSource;
  assumptions: Assumption[];
  /** What a person should know: arrays that were left out, what the file says of itself. */
  notes: string[];
}

/**
 * Makes a network of foreign arrays: kinds and channels from the chain of shapes, sizes from kernels and
 * usual image sizes, the rest by what is likeliest or by `overrides` (keys and values of `assumptions`).
 * A file that describes itself (our spec, Keras' config, a pickled module) is taken at its word.
 *
 * Throws AppErrors `infer-…` that name the layer, its shape and what was expected, and those of
 * `bindNetwork`.
 */
export function inferNetwork(network: ForeignNetwork, overrides: Overrides = {}): InferredNetwork {
  if (network.spec) return ownNetwork(network);
  const parts = partsOf(network.arrays);
  const layout = kernelLayoutOf(parts, network.framework);
  const draft = draftOf(network, parts, layout, overrides);
  const globals = globalsOf(network, draft, layout, overrides);
  const source = toSource(draft, globals, layout);
  bindNetwork(source);
  const notes = [...network.notes, ...draft.notes, ...unused(parts, draft)];
  return { source, assumptions: listAssumptions(draft, globals), notes };
}

/** Our own files: names and layouts are those of the spec. */
function ownNetwork(network: ForeignNetwork): InferredNetwork {
  const { spec, arrays, notes } = network;
  if (!spec) throw new TypeError('a network with a spec was expected');
  const tensors = Object.fromEntries(
    arrays.map(({ name, shape, data }) => [name, { shape, data }]),
  );
  const source = { spec, tensors };
  bindNetwork(source);
  return { source, assumptions: [], notes: [...notes] };
}

function draftOf(
  network: ForeignNetwork,
  parts: readonly Part[],
  layout: KernelLayout,
  overrides: Overrides,
): Draft {
  const draft = network.topology
    ? describedDraft(network, parts, layout)
    : guessedDraft(network, parts, layout, overrides);
  applyStepOverrides(draft, overrides);
  const prior = guessPrior(draft);
  const chosen = overrides['prior'];
  return { ...draft, ...prior, ...(isPrior(chosen) ? { prior: chosen } : {}) };
}

const UNKNOWN_PRIOR = { prior: 'normal', priorBasis: 'guess', priorWhy: '' } as const;

function describedDraft(
  network: ForeignNetwork,
  parts: readonly Part[],
  layout: KernelLayout,
): Draft {
  const { steps, role, inputSize, inputChannels } = buildFromTopology(network, parts, layout);
  const latentSize = inputChannels;
  return { role, steps, latentSize, inputSize, inputChannels, notes: [], ...UNKNOWN_PRIOR };
}

function guessedDraft(
  network: ForeignNetwork,
  parts: readonly Part[],
  layout: KernelLayout,
  overrides: Overrides,
): Draft {
  const linear = parts.filter((part) => part.type === 'linear');
  const chain = findChain(linear, layout, network.framework);
  const { steps, inputSize } = buildSkeleton(chain, parts, network.framework, overrides);
  assignNorms(parts, steps);
  const inputs = chain.links[0]?.inputs ?? 1;
  const draft: Draft = {
    role: chain.role,
    steps,
    latentSize: inputs,
    inputSize,
    inputChannels: inputs,
    notes: [],
    ...UNKNOWN_PRIOR,
  };
  fillGuesses(draft, parts, network.framework, layout);
  return draft;
}

function globalsOf(
  network: ForeignNetwork,
  draft: Draft,
  layout: KernelLayout,
  overrides: Overrides,
): Globals {
  const norms = draft.steps.flatMap(({ norm }) => (norm ? [norm] : []));
  const hasStatistics = norms.every(({ mean, variance }) => mean && variance);
  const asked = overrides['statistics'];
  const statistics: NormStatistics = hasStatistics && asked !== 'batch' ? 'file' : 'batch';
  const theano = looksLikeTheano(network, draft, layout);
  const flip = overrides['flip'] ?? (theano ? 'yes' : 'no');
  const last = draft.steps.at(-1)?.activation.kind;
  const range = overrides['range'] ?? (last === 'sigmoid' ? 'unit' : 'signed');
  const channelsLast = network.framework === 'keras' || layout === 'spatial-first';
  const order = overrides['memoryOrder'] ?? (channelsLast ? 'nhwc' : 'nchw');
  return {
    flip: flip === 'yes',
    flipBasis: network.framework === 'unknown' ? 'guess' : 'file',
    flipWhy: theano
      ? 'Dense weights lie as (in, out) and kernels as (…, height, width): so Theano writes them, whose convolution turns kernels by 180°.'
      : 'Only Theano and Lasagne turn kernels.',
    kernels: draft.steps.some(({ geometry }) => geometry !== null),
    memoryOrder: order === 'nhwc' ? 'nhwc' : 'nchw',
    memoryBasis: network.framework === 'unknown' ? 'guess' : 'file',
    statistics,
    hasStatistics,
    range: range === 'unit' ? 'unit' : 'signed',
  };
}

/** Bare arrays with dense weights as (in, out) but kernels as in torch: that was Theano's way. */
function looksLikeTheano(network: ForeignNetwork, draft: Draft, layout: KernelLayout): boolean {
  if (network.framework === 'theano') return true;
  const dense = draft.steps.filter(({ kind }) => kind === 'dense');
  const bare = network.framework === 'unknown' && layout === 'spatial-last';
  return bare && dense.length > 0 && dense.every(({ transposed }) => transposed);
}

function isPrior(value: string | undefined): value is Prior {
  return value === 'normal' || value === 'uniform' || value === 'sphere';
}

function unused(parts: readonly Part[], draft: Draft): string[] {
  const used = new Set<Part | null>(draft.steps.flatMap(({ part, norm }) => [part, norm]));
  const left = parts.filter((part) => !used.has(part)).map(({ name }) => `'${name}'`);
  if (left.length === 0) return [];
  const some = left.slice(0, 5).join(', ');
  return [`Not used: ${some}${left.length > 5 ? ` and ${left.length - 5} more` : ''}.`];
}
