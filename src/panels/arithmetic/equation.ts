/**
 * The equation as data: terms with a sign, a name and slots for faces. Every edit is a function from one
 * equation to the next, so that undo is a list of equations and a link is one of them written down.
 */
import type { LatentRef } from '../../session/latent-ref';

/** A face as a link can say it: a sample, exact numbers, or an exemplar of the model's own library. */
export type FaceRef = LatentRef | { kind: 'library'; concept: string; index: number };

export type Sign = 1 | -1;

export interface Term {
  sign: Sign;
  name: string;
  /** 1 to MAX_SLOTS; null is an empty slot, which counts for nothing. */
  slots: readonly (FaceRef | null)[];
}

export type Equation = readonly Term[];

/** Where a face stands. */
export interface SlotPlace {
  term: number;
  slot: number;
}

/** A mean of more exemplars than these looks no different. */
export const MAX_SLOTS = 16;
export const MAX_TERMS = 8;
/** As in the paper: three exemplars a concept. */
export const DEFAULT_SLOTS = 3;
const MAX_NAME_CHARACTERS = 40;

export function emptyTerm(sign: Sign, name: string, slots = DEFAULT_SLOTS): Term {
  return { sign, name, slots: Array.from({ length: slots }, () => null) };
}

/** The paper's form with nothing in it. */
export function emptyEquation(): Equation {
  return [emptyTerm(1, 'A'), emptyTerm(-1, 'B'), emptyTerm(1, 'C')];
}

/** The first letter that no term is named by yet. */
export function freeName(equation: Equation): string {
  const taken = new Set(equation.map((term) => term.name));
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') if (!taken.has(letter)) return letter;
  return 'Group';
}

/** What a link and a figure can hold: one line, no signs that the link's codec uses. */
export function cleanName(text: string): string {
  return text
    .replace(/[~/_,\s]+/g, ' ')
    .trim()
    .slice(0, MAX_NAME_CHARACTERS);
}

export function addTerm(equation: Equation, sign: Sign = 1): Equation {
  if (equation.length >= MAX_TERMS) return equation;
  return [...equation, emptyTerm(sign, freeName(equation))];
}

/** The last term that is left cannot be removed. */
export function removeTerm(equation: Equation, index: number): Equation {
  return equation.length <= 1 ? equation : equation.filter((_, at) => at !== index);
}

export function moveTerm(equation: Equation, from: number, to: number): Equation {
  const term = equation[from];
  if (!term || to < 0 || to >= equation.length) return equation;
  return equation.toSpliced(from, 1).toSpliced(to, 0, term);
}

export function flipSign(equation: Equation, index: number): Equation {
  return editTerm(equation, index, (term) => ({ ...term, sign: term.sign === 1 ? -1 : 1 }));
}

export function renameTerm(equation: Equation, index: number, name: string): Equation {
  const clean = cleanName(name);
  return clean === '' ? equation : editTerm(equation, index, (term) => ({ ...term, name: clean }));
}

/** Grows by empty slots; shrinks from the end, empty slots first, so that no face goes before it must. */
export function resizeTerm(equation: Equation, index: number, count: number): Equation {
  const wanted = Math.max(1, Math.min(MAX_SLOTS, Math.round(count)));
  return editTerm(equation, index, (term) => {
    const slots = [...term.slots];
    while (slots.length < wanted) slots.push(null);
    while (slots.length > wanted) {
      const empty = slots.lastIndexOf(null);
      slots.splice(empty < 0 ? slots.length - 1 : empty, 1);
    }
    return { ...term, slots };
  });
}

/** Puts a face into a slot; a slot one past the end grows the group. */
export function placeFace(equation: Equation, place: SlotPlace, face: FaceRef | null): Equation {
  return editTerm(equation, place.term, (term) => {
    if (place.slot < 0 || place.slot > Math.min(term.slots.length, MAX_SLOTS - 1)) return term;
    return { ...term, slots: term.slots.toSpliced(place.slot, 1, face) };
  });
}

/** Two slots change places; onto an empty one that is a move. */
export function swapFaces(equation: Equation, from: SlotPlace, to: SlotPlace): Equation {
  const first = faceAt(equation, from);
  const second = faceAt(equation, to);
  return placeFace(placeFace(equation, from, second), to, first);
}

export function clearTerm(equation: Equation, index: number): Equation {
  return editTerm(equation, index, (term) => ({ ...term, slots: term.slots.map(() => null) }));
}

export function faceAt(equation: Equation, place: SlotPlace): FaceRef | null {
  return equation[place.term]?.slots[place.slot] ?? null;
}

/** The next empty slot from `after` on, going round; null where all are filled. */
export function nextEmptySlot(equation: Equation, after?: SlotPlace): SlotPlace | null {
  const places = equation.flatMap((term, at) =>
    term.slots.map((face, slot) => ({ place: { term: at, slot }, empty: face === null })),
  );
  const start = after
    ? places.findIndex(({ place }) => place.term === after.term && place.slot === after.slot) + 1
    : 0;
  const round = [...places.slice(start), ...places.slice(0, start)];
  return round.find(({ empty }) => empty)?.place ?? null;
}

/**
 * The term that the others change: the last one with a plus (C in A − B + C). −1 where all signs are
 * minus; the difference is then all there is.
 */
export function baseIndex(equation: readonly { sign: Sign }[]): number {
  return equation.findLastIndex((term) => term.sign === 1);
}

/** 'smiling woman − neutral woman + neutral man'; a leading plus goes without saying. */
export function equationText(equation: readonly { sign: Sign; name: string }[]): string {
  return equation
    .map(({ sign, name }, at) => {
      if (at === 0) return sign === 1 ? name : `−${name}`;
      return `${sign === 1 ? '+' : '−'} ${name}`;
    })
    .join(' ');
}

function editTerm(equation: Equation, index: number, edit: (term: Term) => Term): Equation {
  return equation.map((term, at) => (at === index ? edit(term) : term));
}
