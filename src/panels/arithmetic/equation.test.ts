import { describe, expect, it } from 'vitest';
import {
  MAX_SLOTS,
  addTerm,
  baseIndex,
  clearTerm,
  emptyEquation,
  equationText,
  faceAt,
  flipSign,
  moveTerm,
  nextEmptySlot,
  placeFace,
  removeTerm,
  renameTerm,
  resizeTerm,
  swapFaces,
  type FaceRef,
} from './equation';
import { equationCodec, faceCodec } from './equation-link';

const face = (index: number): FaceRef => ({ kind: 'sample', seed: 7, index, prior: 'normal' });

describe('an equation', () => {
  it('starts as in the paper and reads as one', () => {
    const equation = emptyEquation();
    expect(equationText(equation)).toBe('A − B + C');
    expect(equation.map((term) => term.slots.length)).toEqual([3, 3, 3]);
    expect(baseIndex(equation)).toBe(2);
  });

  it('takes faces, grows by the slot past the end, and stops at sixteen', () => {
    let equation = placeFace(emptyEquation(), { term: 1, slot: 3 }, face(1));
    expect(equation[1]?.slots).toHaveLength(4);
    equation = resizeTerm(equation, 1, 99);
    expect(equation[1]?.slots).toHaveLength(MAX_SLOTS);
    expect(placeFace(equation, { term: 1, slot: MAX_SLOTS }, face(2))).toEqual(equation);
    expect(faceAt(equation, { term: 1, slot: 3 })).toEqual(face(1));
  });

  it('shrinks by its empty slots before it loses a face', () => {
    const filled = placeFace(emptyEquation(), { term: 0, slot: 2 }, face(1));
    const shrunk = resizeTerm(filled, 0, 1);
    expect(shrunk[0]?.slots).toEqual([face(1)]);
    expect(resizeTerm(shrunk, 0, 0)[0]?.slots).toHaveLength(1);
  });

  it('moves and swaps', () => {
    const one = placeFace(emptyEquation(), { term: 0, slot: 0 }, face(1));
    const moved = swapFaces(one, { term: 0, slot: 0 }, { term: 2, slot: 1 });
    expect(faceAt(moved, { term: 0, slot: 0 })).toBeNull();
    expect(faceAt(moved, { term: 2, slot: 1 })).toEqual(face(1));
    expect(equationText(moveTerm(one, 2, 0))).toBe('C + A − B');
    expect(clearTerm(one, 0)).toEqual(emptyEquation());
  });

  it('finds the next empty slot, going round', () => {
    const one = placeFace(emptyEquation(), { term: 0, slot: 0 }, face(1));
    expect(nextEmptySlot(one)).toEqual({ term: 0, slot: 1 });
    expect(nextEmptySlot(one, { term: 2, slot: 2 })).toEqual({ term: 0, slot: 1 });
    expect(nextEmptySlot([{ sign: 1, name: 'A', slots: [face(1)] }])).toBeNull();
  });

  it('keeps one term, names new ones by the next letter, and cleans names', () => {
    const equation = addTerm(emptyEquation(), -1);
    expect(equationText(equation)).toBe('A − B + C − D');
    expect(removeTerm([equation[0]!], 0)).toHaveLength(1);
    expect(renameTerm(equation, 0, '  a/b ~ c_d ')[0]?.name).toBe('a b c d');
    expect(renameTerm(equation, 0, ' ')).toEqual(equation);
    expect(equationText(flipSign(equation, 0))).toBe('−A − B + C − D');
  });
});

describe('an equation in a link', () => {
  it('comes back as it was', () => {
    let equation = emptyEquation();
    equation = placeFace(
      equation,
      { term: 0, slot: 0 },
      {
        kind: 'library',
        concept: 'smiling-woman',
        index: 12,
      },
    );
    equation = placeFace(equation, { term: 1, slot: 1 }, face(3));
    const z = Float32Array.of(0.1, -2.5, 1e-7);
    equation = placeFace(equation, { term: 2, slot: 2 }, { kind: 'exact', z });
    equation = renameTerm(equation, 0, 'Größe 1');
    const text = equationCodec.format(equation);
    expect(text).toMatch(/^p~Größe_1~l:smiling-woman\.12,_,_\/m~B~_,s7\.3n,_\/p~C~_,_,z/);
    expect(equationCodec.parse(text)).toEqual(equation);
  });

  it('is refused as a whole when a part is broken', () => {
    for (const text of ['p~A', 'x~A~_', 'p~~_', 'p~A~', 'p~A~q', 'p~A~_~_', 'p~A~l:Bad.1']) {
      expect(equationCodec.parse(text), text).toBeUndefined();
    }
    expect(equationCodec.parse(`p~A~${Array(17).fill('_').join(',')}`)).toBeUndefined();
    expect(equationCodec.parse(Array(9).fill('p~A~_').join('/'))).toBeUndefined();
    expect(equationCodec.parse('')).toEqual([]);
    expect(faceCodec.format({ kind: 'library', concept: 'a', index: 0 })).toBe('l:a.0');
  });
});
