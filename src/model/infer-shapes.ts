import { AppError } from '../lib/errors';
import type { Framework } from './foreign';
import type { Chain, ChainLink } from './infer-chain';
import { draftStep } from './infer-draft';
import type { DraftStep } from './infer-draft';
import {
  chooseGeometry,
  growingOptions,
  halvingOptions,
  sizeAfter,
  sizeCost,
  upsampledOptions,
} from './infer-geometry';
import type { GeometryLayer, GeometryOption } from './infer-geometry';
import type { Part } from './infer-parts';

/** What the person set in the architecture table, by key ('layers.main.0.geometry' → 's2 p1'). */
export type Overrides = Readonly<Record<string, string>>;

/** Steps with sizes, without norms and activations. */
export interface Skeleton {
  steps: DraftStep[];
  inputSize: readonly [number, number];
}

/** Turns a chain of channels into steps with sizes: stem, reshape, strides, paddings, upsampling. */
export function buildSkeleton(
  chain: Chain,
  parts: readonly Part[],
  framework: Framework,
  overrides: Overrides,
): Skeleton {
  return chain.role === 'generator'
    ? generatorSkeleton(chain.links, parts, framework, overrides)
    : discriminatorSkeleton(chain.links, overrides);
}

function generatorSkeleton(
  links: readonly ChainLink[],
  parts: readonly Part[],
  framework: Framework,
  overrides: Overrides,
): Skeleton {
  const firstConv = links.findIndex(({ kind }) => kind !== 'dense');
  const dense = links.slice(0, firstConv).map((link) => denseStep(link));
  const convolutions = links.slice(firstConv);
  const [stem] = convolutions;
  const before = links[firstConv - 1];
  const steps = [...dense];
  let size: readonly [number, number] = [1, 1];
  if (before && stem) {
    size = baseSize(before.filters / stem.inputs, before, stem, overrides);
    steps.push(reshapeStep(stem.inputs, size));
  }
  const layers = convolutions.map((link, index) =>
    geometryLayer(link, {
      links: convolutions,
      index,
      hasDense: before !== undefined,
      parts,
      framework,
      overrides,
    }),
  );
  const channels = convolutions.at(-1)?.filters ?? 3;
  const chosen = chooseGeometry(layers, size, (end) => sizeCost(end, channels));
  if (!chosen) throw noGeometry(convolutions);
  for (const [index, link] of convolutions.entries()) {
    const [option, layer] = [chosen[index], layers[index]];
    if (!option || !layer) continue;
    if (option.up > 1) steps.push(upsampleStep(link, size, overrides));
    size = sizeAfter(size, layer, option);
    steps.push(convolutionStep(link, layer, option, size));
  }
  return { steps, inputSize: [1, 1] };
}

interface Place {
  links: readonly ChainLink[];
  index: number;
  hasDense: boolean;
  parts: readonly Part[];
  framework: Framework;
  overrides: Overrides;
}

function geometryLayer(link: ChainLink, place: Place): GeometryLayer {
  const kind = link.kind === 'conv' ? 'conv' : 'convTranspose';
  const plain = growingOptions(kind, link.kernel);
  // Keras knows only 'same' and 'valid'; where sizes are equal, so are these.
  const usual = place.framework === 'keras' ? plain.map(preferSame) : plain;
  const stem = place.index === 0 && !place.hasDense;
  const all = stem ? stemOptions(usual) : withUpsampling(usual, link, place);
  const wanted = place.overrides[`layers.${link.part.name}.geometry`];
  const fixed = all.filter(({ label }) => label === wanted);
  return { kind, kernel: link.kernel, options: fixed.length > 0 ? fixed : all, choices: all };
}

function preferSame(option: GeometryOption): GeometryOption {
  return option.label === 's2 same' ? { ...option, cost: -0.5 } : option;
}

/** On 1×1 a transposed convolution without padding is the stem of nearly every DCGAN in torch. */
function stemOptions(options: readonly GeometryOption[]): GeometryOption[] {
  return options.map((option) => ({
    ...option,
    cost: option.label === 's1 p0' ? 0 : option.cost + 6,
  }));
}

function withUpsampling(
  plain: readonly GeometryOption[],
  link: ChainLink,
  place: Place,
): GeometryOption[] {
  const { up, without } = upsamplingCosts(link, place);
  const here = plain.map((option) => ({ ...option, cost: option.cost + without }));
  return [...here, ...upsampledOptions(plain, up)];
}

/**
 * In nn.Sequential, modules without weights leave gaps in the numbering: two between a norm and the next
 * convolution are an activation and an upsampling, one is the activation. Networks with strided
 * transposed convolutions rarely upsample besides.
 */
function upsamplingCosts(link: ChainLink, place: Place): { up: number; without: number } {
  const grows = place.links.some(
    ({ kind, kernel }, index) =>
      kind === 'convTranspose' && kernel[0] > 1 && (index > 0 || place.hasDense),
  );
  if (grows) return { up: 8, without: 0 };
  const gap = gapBefore(link, place.parts);
  const first = place.index === 0;
  const last = place.index === place.links.length - 1;
  if (gap !== null && gap >= 2) return { up: 0, without: 2 };
  if (gap === 1) return first ? { up: 0, without: 1 } : { up: 3, without: 0 };
  return last && place.links.length > 1 ? { up: 2, without: 0 } : { up: 0, without: 2 };
}

/** How many modules without weights stand before this one in its nn.Sequential; null where names do not say. */
function gapBefore(link: ChainLink, parts: readonly Part[]): number | null {
  const own = /^(.*\.)?(\d+)$/.exec(link.part.name);
  if (!own) return null;
  const index = parts.indexOf(link.part);
  const before = parts[index - 1];
  const previous = before ? /^(.*\.)?(\d+)$/.exec(before.name) : null;
  if (!previous || previous[1] !== own[1]) return null;
  return Number(own[2]) - Number(previous[2]) - 1;
}

function baseSize(
  area: number,
  dense: ChainLink,
  stem: ChainLink,
  overrides: Overrides,
): [number, number] {
  const wanted = /^(\d+)×(\d+)$/.exec(overrides['reshape.size'] ?? '');
  if (wanted && Number(wanted[1]) * Number(wanted[2]) === area)
    return [Number(wanted[1]), Number(wanted[2])];
  const [best] = factorPairs(area);
  if (best) return best;
  throw new AppError({
    code: 'infer-reshape',
    message: `Layer '${dense.part.name}' gives ${dense.filters} numbers, which cannot be read as an image of the ${stem.inputs} channels that layer '${stem.part.name}' takes.`,
    hint: 'A layer between the two is missing from the file, or this is another kind of network.',
  });
}

/** Heights and widths with this area, the squarest first. */
export function factorPairs(area: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let height = 1; height * height <= area; height += 1) {
    if (area % height === 0) pairs.push([height, area / height]);
  }
  return pairs.reverse().flatMap(([a, b]): [number, number][] =>
    a === b
      ? [[a, b]]
      : [
          [a, b],
          [b, a],
        ],
  );
}

function discriminatorSkeleton(links: readonly ChainLink[], overrides: Overrides): Skeleton {
  const convolutions = links.filter(({ kind }) => kind !== 'dense');
  const dense = links.filter(({ kind }) => kind === 'dense');
  const [last, firstDense] = [convolutions.at(-1), dense[0]];
  const area = firstDense && last ? firstDense.inputs / last.filters : null;
  const layers = convolutions.map((link, index): GeometryLayer => {
    const toVector = !firstDense && index === convolutions.length - 1;
    const all = halvingOptions(link.kernel).map((option) =>
      toVector ? { ...option, cost: option.label === 's1 p0' ? 0 : option.cost + 1 } : option,
    );
    const wanted = overrides[`layers.${link.part.name}.geometry`];
    const fixed = all.filter(({ label }) => label === wanted);
    return {
      kind: 'conv',
      kernel: link.kernel,
      options: fixed.length > 0 ? fixed : all,
      choices: all,
    };
  });
  const best = bestInput(layers, links[0]?.inputs ?? 3, area, overrides);
  if (!best) throw noGeometry(convolutions);
  const steps: DraftStep[] = [];
  let size: readonly [number, number] = best.size;
  for (const [index, link] of convolutions.entries()) {
    const [option, layer] = [best.chosen[index], layers[index]];
    if (!option || !layer) continue;
    size = sizeAfter(size, layer, option);
    steps.push(convolutionStep(link, layer, option, size));
  }
  if (firstDense && last) {
    const filters = firstDense.inputs;
    steps.push(
      draftStep({ id: 'flatten', kind: 'flatten', inputs: last.filters, filters, size: [1, 1] }),
    );
  }
  return { steps: [...steps, ...dense.map(denseStep)], inputSize: best.size };
}

/** The usual image size whose chain ends as the weights need it: with `area` pixels, or one. */
function bestInput(
  layers: readonly GeometryLayer[],
  channels: number,
  area: number | null,
  overrides: Overrides,
): { size: [number, number]; chosen: GeometryOption[] } | null {
  const wanted = Number(overrides['input.size'] ?? NaN);
  const sides = Number.isInteger(wanted) ? [wanted] : [64, 32, 128, 28, 256, 96, 48, 16];
  const endCost = ([height, width]: readonly [number, number]): number => {
    if (area === null) return height === 1 && width === 1 ? 0 : 4;
    return height * width === area ? 0 : 1000;
  };
  let best: { size: [number, number]; chosen: GeometryOption[]; cost: number } | null = null;
  for (const side of sides) {
    const size: [number, number] = [side, side];
    const chosen = chooseGeometry(layers, size, endCost);
    if (!chosen) continue;
    const end = layers.reduce<readonly [number, number]>((at, layer, index) => {
      const option = chosen[index];
      return option ? sizeAfter(at, layer, option) : at;
    }, size);
    const steps = chosen.reduce((sum, option) => sum + option.cost, 0);
    const cost = steps + endCost(end) + sizeCost(size, channels);
    if (!best || cost < best.cost) best = { size, chosen, cost };
  }
  return best && best.cost < 1000 ? best : null;
}

function denseStep(link: ChainLink): DraftStep {
  const { part, inputs, filters, transposed } = link;
  return draftStep({
    id: part.name,
    kind: 'dense',
    part,
    transposed,
    inputs,
    filters,
    size: [1, 1],
  });
}

function reshapeStep(channels: number, size: readonly [number, number]): DraftStep {
  const inputs = channels * size[0] * size[1];
  return draftStep({ id: 'reshape', kind: 'reshape', inputs, filters: channels, size });
}

function upsampleStep(
  link: ChainLink,
  size: readonly [number, number],
  overrides: Overrides,
): DraftStep {
  const id = `${link.part.name}.upsample`;
  return draftStep({
    id,
    kind: 'upsample',
    inputs: link.inputs,
    filters: link.inputs,
    size: [size[0] * 2, size[1] * 2],
    factor: [2, 2],
    mode: overrides[`layers.${id}.mode`] === 'bilinear' ? 'bilinear' : 'nearest',
  });
}

function convolutionStep(
  link: ChainLink,
  layer: GeometryLayer,
  option: GeometryOption,
  size: readonly [number, number],
): DraftStep {
  const { part, inputs, filters, kernel } = link;
  return draftStep({
    id: part.name,
    kind: layer.kind,
    part,
    inputs,
    filters,
    kernel,
    size,
    geometry: option,
    geometryLabel: option.label,
    geometryChoices: layer.choices,
    geometryBasis: 'guess',
  });
}

function noGeometry(links: readonly ChainLink[]): AppError {
  const kernels = links.map(({ part, kernel }) => `'${part.name}' ${kernel.join('×')}`);
  return new AppError({
    code: 'infer-size',
    message: `No strides and paddings were found with which these layers give an image of 1 to 1,024 pixels: ${kernels.join(', ')}.`,
    hint: 'Kernels of 1 to 7 pixels with strides of 1 and 2 are tried. If the network uses others, save it as safetensors with a description (docs/models.md).',
  });
}
