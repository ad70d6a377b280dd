import type { Framework } from './foreign';
import { parseActivation } from './infer-draft';
import type { Draft, DraftStep } from './infer-draft';
import type { Part } from './infer-parts';
import type { Overrides } from './infer-shapes';
import type { KernelLayout } from './layouts';
import type { ActivationSpec } from './spec';

/** Activations, orders and eps that no shape tells, as most networks of the kind have them. Changes the steps. */
export function fillGuesses(
  draft: Draft,
  parts: readonly Part[],
  framework: Framework,
  layout: KernelLayout,
): void {
  const { steps, role } = draft;
  // The most-copied generator with upsampling (l1, conv_blocks) has LeakyReLU 0.2 and, by mistake for
  // the momentum, an eps of 0.8 in all norms but the first.
  const blocks =
    parts.some(({ name }) => /(^|\.)conv_blocks\.\d+$/.test(name)) && hasUpsampling(steps);
  const hidden: ActivationSpec =
    role === 'discriminator' || blocks ? { kind: 'leakyRelu', slope: 0.2 } : { kind: 'relu' };
  const eps = usualEps(parts, framework, layout);
  for (const step of steps) {
    const active = step.part !== null ? !isBareDense(step, steps) : step.norm !== null;
    step.activation = active ? hidden : { kind: 'none' };
    step.eps = eps;
  }
  const last = steps.at(-1);
  if (last) last.activation = role === 'generator' ? { kind: 'tanh' } : { kind: 'none' };
  if (blocks) fixBlocks(steps);
}

/** A dense layer whose norm sits behind the reshape has its activation there too. */
function isBareDense(step: DraftStep, steps: readonly DraftStep[]): boolean {
  const next = steps[steps.indexOf(step) + 1];
  return step.kind === 'dense' && next?.kind === 'reshape' && next.norm !== null;
}

function hasUpsampling(steps: readonly DraftStep[]): boolean {
  return steps.some(({ kind }) => kind === 'upsample');
}

function fixBlocks(steps: readonly DraftStep[]): void {
  for (const step of steps) {
    if (step.kind === 'reshape' || step.kind === 'dense') step.activation = { kind: 'none' };
    else if (step.norm) step.eps = 0.8;
  }
}

function usualEps(parts: readonly Part[], framework: Framework, layout: KernelLayout): number {
  if (framework === 'torch') return 1e-5;
  if (framework === 'keras') return 1e-3;
  const norms = parts.filter((part) => part.type === 'norm');
  const counted = norms.some(({ mean }) => mean !== null);
  // Bare arrays without running statistics: the paper authors' own code has 1e-8.
  if (layout === 'spatial-last') return counted ? 1e-5 : 1e-8;
  return counted ? 1e-3 : 1e-5;
}

/** Puts what the person chose over what was guessed or read. Changes the steps. */
export function applyStepOverrides({ steps }: Draft, overrides: Overrides): void {
  for (const step of steps) {
    const wanted = (what: string): string | undefined => overrides[`layers.${step.id}.${what}`];
    const activation = parseActivation(wanted('activation') ?? '');
    if (activation) step.activation = activation;
    const order = wanted('order');
    if (order === 'norm-activation' || order === 'activation-norm') step.order = order;
    const eps = Number(wanted('eps') ?? NaN);
    if (eps >= 0 && eps <= 1) step.eps = eps;
    const mode = wanted('mode');
    if (mode === 'nearest' || mode === 'bilinear') step.mode = mode;
  }
}
