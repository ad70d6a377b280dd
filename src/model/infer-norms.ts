import { AppError } from '../lib/errors';
import type { DraftStep } from './infer-draft';
import type { NormPart, Part } from './infer-parts';

/**
 * Gives each norm to the layer whose output it fits: the weighted layer before it in the file, or the
 * reshape behind a dense layer; else (all norms listed behind all layers) the next that fits in order.
 * Changes the steps.
 *
 * Throws AppError `infer-norm` naming the norm that fits nowhere.
 */
export function assignNorms(parts: readonly Part[], steps: readonly DraftStep[]): void {
  const norms = parts.filter((part) => part.type === 'norm');
  if (norms.length === 0) return;
  const placed = byNeighbour(parts, steps) ?? inSequence(norms, steps);
  for (const [norm, step] of placed) step.norm = norm;
}

type Placed = [NormPart, DraftStep][];

function byNeighbour(parts: readonly Part[], steps: readonly DraftStep[]): Placed | null {
  const placed: Placed = [];
  const taken = new Set<DraftStep>();
  let at = -1;
  for (const part of parts) {
    if (part.type === 'linear') {
      at = steps.findIndex((step) => step.part === part);
      continue;
    }
    const step =
      at < 0 ? undefined : candidates(steps, at).find((one) => fits(part, one) && !taken.has(one));
    if (!step) return null;
    taken.add(step);
    placed.push([part, step]);
  }
  return placed;
}

/** A weighted step and the reshape or upsampling that follow it, up to the next weights. */
function candidates(steps: readonly DraftStep[], at: number): DraftStep[] {
  const rest = steps.slice(at + 1);
  const next = rest.findIndex((step) => step.part !== null);
  const own = steps[at];
  return [...(own ? [own] : []), ...rest.slice(0, next < 0 ? rest.length : next)];
}

function inSequence(norms: readonly NormPart[], steps: readonly DraftStep[]): Placed {
  const placed: Placed = [];
  let from = 0;
  for (const norm of norms) {
    const at = steps.findIndex((step, index) => index >= from && fits(norm, step) && isPlace(step));
    const step = steps[at];
    if (!step) throw normError(norm, steps);
    placed.push([norm, step]);
    from = at + 1;
  }
  return placed;
}

function isPlace(step: DraftStep): boolean {
  return step.part !== null || step.kind === 'reshape';
}

function fits(norm: NormPart, step: DraftStep): boolean {
  return norm.channels === step.filters;
}

function normError(norm: NormPart, steps: readonly DraftStep[]): AppError {
  const given = steps.filter(isPlace).map((step) => `'${step.id}' ${step.filters}`);
  return new AppError({
    code: 'infer-norm',
    message: `Batch norm '${norm.name}' has ${norm.channels} channels, which no layer at its place gives; expected one of: ${given.join(', ')}.`,
    hint: 'The file lacks a layer, or the norm is used in a way that is not known here (conditional, before the first layer). Export the generator alone.',
  });
}
