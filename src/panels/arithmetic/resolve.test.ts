import { describe, expect, it } from 'vitest';
import { emptyEquation, placeFace, type FaceRef } from './equation';
import { libraryOf, presetEquation, presetsFor, startEquation } from './library';
import { hasOwnFaces, problemsOf, resolveEquation, type ResolveContext } from './resolve';

const exemplar = (conceptId: string, label: string, at: number) => ({
  id: `${conceptId}/${at}`,
  conceptId,
  label,
  z: Float32Array.of(at, conceptId.length),
});
const library = libraryOf(
  [
    ['smiling-woman', 'Smiling woman'],
    ['neutral-woman', 'Neutral woman'],
    ['neutral-man', 'Neutral man'],
  ].flatMap(([id, label]) => [0, 1, 2, 3].map((at) => exemplar(id!, label!, at))),
);
const context: ResolveContext = {
  modelTitle: 'Characters',
  latentSize: 2,
  library,
  sample: ({ seed, index }) => Float32Array.of(seed, index),
};

describe('presets', () => {
  it('are those that the library allows, three exemplars a group', () => {
    expect(presetsFor(library).map(({ id }) => id)).toEqual(['smile', 'gender']);
    expect(presetsFor([])).toEqual([]);
    const terms = resolveEquation(presetEquation(presetsFor(library)[0]!, library), context);
    expect(terms.map(({ z }) => z.length)).toEqual([3, 3, 3]);
    expect(terms[0]?.slots[2]?.resolved).toMatchObject({ ok: true, label: 'Smiling woman 3' });
    expect(problemsOf(terms)).toEqual([]);
  });

  it('start a model without a library with samples', () => {
    const equation = startEquation([], 'normal');
    const terms = resolveEquation(equation, { ...context, library: [] });
    expect(terms.map(({ z }) => [...(z[2] ?? [])])).toEqual([
      [1, 2],
      [1, 5],
      [1, 8],
    ]);
    expect(hasOwnFaces(equation)).toBe(true);
    expect(hasOwnFaces(startEquation(library, 'normal'))).toBe(false);
  });
});

describe('what is wrong', () => {
  const place = (term: number, face: FaceRef) =>
    placeFace(startEquation(library, 'normal'), { term, slot: 1 }, face);

  it('is said for an exemplar that is missing, and the rest is averaged', () => {
    const terms = resolveEquation(
      place(1, { kind: 'library', concept: 'neutral-woman', index: 99 }),
      context,
    );
    expect(terms[1]?.z).toHaveLength(2);
    expect(problemsOf(terms)).toHaveLength(1);
    expect(problemsOf(terms)[0]?.message).toBe('Characters has no exemplar “Neutral woman 100”.');
  });

  it('is said for a face of another model', () => {
    const face: FaceRef = { kind: 'exact', z: new Float32Array(64) };
    const [problem] = problemsOf(resolveEquation(place(0, face), context));
    expect(problem?.message).toContain('64 numbers, but Characters takes 2');
  });

  it('is said for groups without a face', () => {
    const nothing = problemsOf(resolveEquation(emptyEquation(), context));
    expect(nothing.map(({ message }) => message)).toEqual(['The groups are empty.']);
    const one = placeFace(
      emptyEquation(),
      { term: 0, slot: 0 },
      { kind: 'sample', seed: 1, index: 0 },
    );
    expect(problemsOf(resolveEquation(one, context))[0]?.message).toBe(
      '“B” and “C” have no picture yet.',
    );
  });
});
