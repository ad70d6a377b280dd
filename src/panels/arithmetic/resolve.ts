/** From what a link says of a face to its numbers, or to why there are none. */
import type { LatentRef } from '../../session/latent-ref';
import type { Equation, FaceRef, Sign } from './equation';
import { conceptOf, type Library } from './library';

export interface ResolveContext {
  modelTitle: string;
  latentSize: number;
  library: Library;
  sample(ref: Extract<LatentRef, { kind: 'sample' }>): Float32Array;
}

export type ResolvedFace =
  { ok: true; z: Float32Array; label: string } | { ok: false; reason: string };

export function resolveFace(face: FaceRef, context: ResolveContext): ResolvedFace {
  if (face.kind === 'library') return resolveLibrary(face, context);
  if (face.kind === 'sample') {
    return { ok: true, z: context.sample(face), label: faceLabel(face, context.library) };
  }
  const { latentSize, modelTitle } = context;
  if (face.z.length !== latentSize) {
    return {
      ok: false,
      reason: `A face here has ${face.z.length} numbers, but ${modelTitle} takes ${latentSize}: it was made with another model.`,
    };
  }
  return { ok: true, z: face.z, label: faceLabel(face, context.library) };
}

function resolveLibrary(
  face: Extract<FaceRef, { kind: 'library' }>,
  { library, modelTitle }: ResolveContext,
): ResolvedFace {
  const label = faceLabel(face, library);
  const z = conceptOf(library, face.concept)?.z[face.index];
  if (z) return { ok: true, z, label };
  return {
    ok: false,
    reason: `${modelTitle} has no exemplar “${label}”.`,
  };
}

/** 'Smiling woman 3', 'Sample 5 of seed 7', 'Kept face'; counted from 1, as people do. */
export function faceLabel(face: FaceRef, library: Library): string {
  if (face.kind === 'library') {
    const concept = conceptOf(library, face.concept);
    return `${concept?.label ?? face.concept.replaceAll('-', ' ')} ${face.index + 1}`;
  }
  if (face.kind === 'sample') return `Sample ${face.index + 1} of seed ${face.seed}`;
  return 'Kept face';
}

export interface ResolvedSlot {
  face: FaceRef;
  resolved: ResolvedFace;
}

export interface ResolvedTerm {
  sign: Sign;
  name: string;
  /** As in the equation; null is an empty slot. */
  slots: readonly (ResolvedSlot | null)[];
  /** Of the slots that have numbers, in their order. */
  z: readonly Float32Array[];
}

export function resolveEquation(equation: Equation, context: ResolveContext): ResolvedTerm[] {
  return equation.map(({ sign, name, slots }) => {
    const resolved = slots.map((face) =>
      face === null ? null : { face, resolved: resolveFace(face, context) },
    );
    const z = resolved.flatMap((slot) => (slot?.resolved.ok ? [slot.resolved.z] : []));
    return { sign, name, slots: resolved, z };
  });
}

export interface Problem {
  message: string;
  hint: string;
}

/** What keeps the equation from meaning what it says, in words; what can be computed is computed. */
export function problemsOf(terms: readonly ResolvedTerm[]): Problem[] {
  const problems: Problem[] = [];
  const reasons = new Set(
    terms.flatMap(({ slots }) =>
      slots.flatMap((slot) => (slot && !slot.resolved.ok ? [slot.resolved.reason] : [])),
    ),
  );
  const lost = [...reasons];
  if (lost.length > 0) {
    problems.push({
      message: lost.length === 1 ? (lost[0] ?? '') : `${lost[0]} And ${lost.length - 1} more.`,
      hint: 'The rest is averaged without it. Open the model that it belongs to, or put another face in its slot.',
    });
  }
  const empty = terms.filter(({ slots }) => slots.every((slot) => slot === null));
  if (empty.length === terms.length) {
    problems.push({
      message: 'The groups are empty.',
      hint: 'Click a face below, then a slot; or choose one of the examples above.',
    });
  } else if (empty.length > 0) {
    const names = empty.map(({ name }) => `“${name}”`).join(' and ');
    problems.push({
      message: `${names} ${empty.length === 1 ? 'has' : 'have'} no picture yet.`,
      hint: 'Until then it counts as nothing. Click a face below, then a slot of it.',
    });
  }
  return problems;
}

/** Faces that mean something only on the model that they were picked on. */
export function hasOwnFaces(equation: Equation): boolean {
  return equation.some(({ slots }) => slots.some((face) => face && face.kind !== 'library'));
}
