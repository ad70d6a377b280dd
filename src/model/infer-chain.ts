import { AppError } from '../lib/errors';
import type { Framework } from './foreign';
import type { LinearPart } from './infer-parts';
import type { KernelLayout } from './layouts';

export type LinearKind = 'dense' | 'conv' | 'convTranspose';

/** A weighted layer whose kind and channels the chain of shapes has settled. */
export interface ChainLink {
  part: LinearPart;
  kind: LinearKind;
  inputs: number;
  filters: number;
  kernel: readonly [height: number, width: number];
  /** A dense weight that lies as (in, out). */
  transposed: boolean;
}

export interface Chain {
  role: 'generator' | 'discriminator';
  links: ChainLink[];
}

const MAX_LAYERS = 64;
const MAX_STEPS = 200_000;
const IMAGE_CHANNELS = new Set([1, 3, 4]);
/** What the 1×1 convolution beside a residual block is called: 'block2.c_sc', 'res1.skip', 'conv_shortcut'. */
const SHORTCUT =
  /(^|[._/])(c_?|conv_?)?(sc|skip|shortcut|bypass|downsample)(_?conv\d*)?($|[._/\d])/i;

/**
 * Finds what each weight must be so that every layer takes what the one before it gives: (256, 128, 5, 5)
 * is a transposed convolution behind 256 channels, an ordinary one behind 128. Begins with a vector and ends
 * with 1, 3 or 4 channels: a generator; the other way round: a discriminator.
 *
 * Throws AppError `infer-chain` naming the layer that fits nowhere, its shape and what was expected,
 * `infer-shortcut` where a layer is a shortcut by its name (between equal channels its shape would fit a
 * chain, which would draw mud), or `infer-layers` where there are none or too many.
 */
export function findChain(
  parts: readonly LinearPart[],
  layout: KernelLayout,
  framework: Framework,
): Chain {
  if (parts.length === 0 || parts.length > MAX_LAYERS) throw layerCount(parts.length);
  for (const part of parts) checkRank(part);
  const shortcut = parts.find(isShortcut);
  if (shortcut) throw skipConnection(shortcut);
  let closest: Failure | null = null;
  for (const order of orders(parts)) {
    const search: Search = { order, layout, framework, best: null, steps: 0, failure: null };
    extend(search, [], 0);
    if (search.best) return search.best.chain;
    if (!closest || (search.failure && search.failure.at > closest.at)) closest = search.failure;
  }
  throw closest ? chainBroken(closest) : noRole(parts);
}

interface Search {
  order: readonly LinearPart[];
  layout: KernelLayout;
  framework: Framework;
  best: { cost: number; chain: Chain } | null;
  steps: number;
  failure: Failure | null;
}

interface Failure {
  at: number;
  part: LinearPart;
  before: ChainLink | null;
  options: ChainLink[];
}

/** As in the file; sorted by the numbers in the names; with dense layers first or last. */
function orders(parts: readonly LinearPart[]): LinearPart[][] {
  const collator = new Intl.Collator('en', { numeric: true });
  const natural = parts.toSorted((a, b) => collator.compare(a.name, b.name));
  const dense = parts.filter(({ weight }) => weight.shape.length === 2);
  const other = parts.filter(({ weight }) => weight.shape.length !== 2);
  return [[...parts], natural, [...dense, ...other], [...other, ...dense]];
}

function extend(search: Search, links: ChainLink[], cost: number): void {
  search.steps += 1;
  if (search.steps > MAX_STEPS || (search.best && cost >= search.best.cost)) return;
  const part = search.order[links.length];
  if (!part) {
    finish(search, links, cost);
    return;
  }
  const before = links.at(-1) ?? null;
  const options = optionsOf(part, search);
  const fitting = options.filter((link) => fits(link, before, links));
  if (fitting.length === 0 && links.length >= (search.failure?.at ?? 0)) {
    search.failure = { at: links.length, part, before, options };
  }
  for (const link of fitting)
    extend(search, [...links, link], cost + linkCost(link, links, search));
}

function finish(search: Search, links: readonly ChainLink[], cost: number): void {
  const role = roleOf(links);
  if (!role) return;
  const total = cost + roleCost(role, links);
  if (!search.best || total < search.best.cost) {
    search.best = { cost: total, chain: { role, links: [...links] } };
  }
}

/** Every way to read a weight of this shape. */
function optionsOf(part: LinearPart, { layout, framework }: Search): ChainLink[] {
  const { shape } = part.weight;
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  if (shape.length === 2) {
    const dense = { part, kind: 'dense', kernel: [1, 1] } as const;
    const asTorch: ChainLink = { ...dense, inputs: b, filters: a, transposed: false };
    const asKeras: ChainLink = { ...dense, inputs: a, filters: b, transposed: true };
    if (framework === 'torch') return [asTorch];
    return framework === 'unknown' ? [asKeras, asTorch] : [asKeras];
  }
  const [kernel, first, second]: [[number, number], number, number] =
    layout === 'spatial-last' ? [[c, d], a, b] : [[a, b], d, c];
  // torch's conv is (out, in), its transposed (in, out); Keras' are (in, out) and (out, in), read backwards.
  return [
    { part, kind: 'conv', inputs: second, filters: first, kernel, transposed: false },
    { part, kind: 'convTranspose', inputs: first, filters: second, kernel, transposed: false },
  ];
}

function fits(link: ChainLink, before: ChainLink | null, links: readonly ChainLink[]): boolean {
  if (!before) return link.kind !== 'conv' || IMAGE_CHANNELS.has(link.inputs);
  const vector = before.kind === 'dense';
  if (link.kind !== 'dense') {
    // After a dense layer the vector is reshaped: h·w·channels.
    return vector
      ? before.filters % link.inputs === 0 && before.filters > link.inputs
      : before.filters === link.inputs;
  }
  if (vector) return before.filters === link.inputs;
  // A generator does not go back from image to vector.
  const fromImage = links[0]?.kind === 'conv';
  return fromImage && link.inputs % before.filters === 0;
}

function roleOf(links: readonly ChainLink[]): Chain['role'] | null {
  const [first, last] = [links[0], links.at(-1)];
  if (!first || !last) return null;
  if (first.kind === 'conv') return 'discriminator';
  return last.kind !== 'dense' && IMAGE_CHANNELS.has(last.filters) ? 'generator' : null;
}

/** Small preferences that decide where the channels alone do not. */
function linkCost(link: ChainLink, links: readonly ChainLink[], search: Search): number {
  const { kind, part, kernel } = link;
  const before = links.at(-1);
  let cost = 0;
  if (kind !== 'dense') {
    const saysTransposed = /de_?conv|trans|t_?conv|conv_?t|dcon|up_?conv/i.test(part.name);
    const saysConv = !saysTransposed && /conv/i.test(part.name);
    if (saysTransposed && kind === 'conv') cost += 4;
    // 'conv1' is also what people call the transposed convolutions of a generator.
    if (saysConv && kind === 'convTranspose') cost += 1;
    const even = kernel[0] % 2 === 0;
    const generator = links[0] ? links[0].kind !== 'conv' : kind === 'convTranspose';
    if (generator && (even ? kind === 'conv' : kind === 'convTranspose' && kernel[0] === 3))
      cost += 2;
    if (!generator && kind === 'convTranspose') cost += 3;
    if (before && before.kind !== 'dense' && before.kind !== kind) cost += 0.5;
  }
  if (before?.kind === 'dense' && kind !== 'dense')
    cost += squareCost(before.filters / link.inputs);
  if (search.framework === 'unknown' && !link.transposed && kind === 'dense') cost += 1;
  return cost;
}

function squareCost(area: number): number {
  const side = Math.sqrt(area);
  return Number.isInteger(side) ? 0 : 3;
}

function roleCost(role: Chain['role'], links: readonly ChainLink[]): number {
  if (role === 'generator') return 0;
  // A discriminator's filters grow; a generator that was read backwards would shrink.
  return (links.at(-1)?.filters ?? 0) > 64 ? 3 : 0;
}

function checkRank({ name, weight }: LinearPart): void {
  if (weight.shape.length === 2 || weight.shape.length === 4) return;
  const dims = `[${weight.shape.join(', ')}]`;
  throw new AppError({
    code: 'infer-rank',
    message: `Layer '${name}' has weights of shape ${dims}, which has ${weight.shape.length} axes; expected: 2 (dense) or 4 (convolution).`,
    hint: 'Networks of the DCGAN family are made of dense layers and two-dimensional convolutions; others (sound, volumes, attention) do not run here.',
  });
}

function isShortcut({ name, weight: { shape } }: LinearPart): boolean {
  const [a, b, c, d] = shape;
  return (
    shape.length === 4 && ((a === 1 && b === 1) || (c === 1 && d === 1)) && SHORTCUT.test(name)
  );
}

function skipConnection({ name }: LinearPart): AppError {
  return new AppError({
    code: 'infer-shortcut',
    message: `Layer '${name}' is the shortcut of a residual block by its name: the network adds what goes round a block to what comes out of it.`,
    hint: 'Only chains of layers run here. Open a generator of the DCGAN family, without skip connections.',
  });
}

function chainBroken({ part, before, options }: Failure): AppError {
  const dims = `[${part.weight.shape.join(', ')}]`;
  const readings = options.map(
    ({ kind, inputs, filters }) => `as ${KIND_WORDS[kind]} it takes ${inputs} and gives ${filters}`,
  );
  const expected = before
    ? `layer '${before.part.name}' before it gives ${before.filters} ${before.kind === 'dense' ? 'numbers' : 'channels'}`
    : 'the first layer takes z (dense or transposed) or an image of 1, 3 or 4 channels';
  return new AppError({
    code: 'infer-chain',
    message: `Layer '${part.name}' with weights of shape ${dims} does not fit: ${readings.join('; ')}; expected: ${expected}.`,
    hint: 'The layers do not form one chain, so this is another kind of network (skip connections, labels, several inputs), or its file lacks a layer.',
  });
}

const KIND_WORDS: Record<LinearKind, string> = {
  dense: 'a dense layer',
  conv: 'a convolution',
  convTranspose: 'a transposed convolution',
};

function noRole(parts: readonly LinearPart[]): AppError {
  const last = parts.at(-1);
  const dims = `[${last?.weight.shape.join(', ') ?? ''}]`;
  return new AppError({
    code: 'infer-role',
    message: `The layers fit together, but the last one, '${last?.name ?? '?'}' with weights of shape ${dims}, makes no image; expected: 1, 3 or 4 channels.`,
    hint: 'A generator begins with z and ends with a grey, RGB or RGBA image. This looks like an encoder, a classifier or a part of a network.',
  });
}

function layerCount(count: number): AppError {
  return new AppError({
    code: 'infer-layers',
    message:
      count === 0
        ? 'The file has arrays, but none of them is the weight of a dense or convolutional layer (2 or 4 axes).'
        : `The file has ${count} weighted layers; networks of the DCGAN family have fewer than ${MAX_LAYERS}.`,
    hint: 'This is another kind of network, or only a part of one. Open a generator of the DCGAN family.',
  });
}
