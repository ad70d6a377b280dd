/** The model's own exemplars by concept, and the equations that they allow at one click. */
import type { Prior } from '../../model/spec';
import type { Exemplar } from '../../session/session';
import { DEFAULT_SLOTS, type Equation, type Sign } from './equation';

export interface Concept {
  id: string;
  label: string;
  z: readonly Float32Array[];
}

export type Library = readonly Concept[];

/** Exemplars in the order of the file, which `Exemplar.id` counts by concept. */
export function libraryOf(exemplars: readonly Exemplar[]): Library {
  const concepts = new Map<string, { id: string; label: string; z: Float32Array[] }>();
  for (const { conceptId, label, z } of exemplars) {
    const concept = concepts.get(conceptId);
    if (concept) concept.z.push(z);
    else concepts.set(conceptId, { id: conceptId, label, z: [z] });
  }
  return [...concepts.values()];
}

export function conceptOf(library: Library, id: string): Concept | undefined {
  return library.find((concept) => concept.id === id);
}

export interface Preset {
  id: string;
  /** On its button. */
  title: string;
  /** What it does, in full. */
  about: string;
  terms: readonly PresetTerm[];
}

interface PresetTerm {
  sign: Sign;
  concept: string;
  name: string;
  /** First exemplar taken, where a concept stands in two terms. */
  from?: number;
}

const plus = (concept: string, name: string, from = 0): PresetTerm => ({
  sign: 1,
  concept,
  name,
  from,
});
const minus = (concept: string, name: string): PresetTerm => ({ sign: -1, concept, name });

const ALL_PRESETS: readonly Preset[] = [
  {
    id: 'smile',
    title: 'Smile',
    about: 'A smile, from women to men',
    terms: [
      plus('smiling-woman', 'Smiling woman'),
      minus('neutral-woman', 'Neutral woman'),
      plus('neutral-man', 'Neutral man'),
    ],
  },
  {
    id: 'glasses',
    title: 'Glasses',
    about: 'Glasses, from men to women',
    terms: [
      plus('man-with-glasses', 'Man with glasses'),
      minus('man-without-glasses', 'Man without glasses'),
      plus('woman-without-glasses', 'Woman without glasses'),
    ],
  },
  {
    id: 'gender',
    title: 'Gender',
    about: 'Another gender, keeping the smile',
    terms: [
      plus('neutral-man', 'Neutral man'),
      minus('neutral-woman', 'Neutral woman'),
      plus('smiling-woman', 'Smiling woman'),
    ],
  },
  {
    id: 'turn',
    title: 'Turn a head',
    about: 'A turn to the left',
    terms: [
      plus('looking-left', 'Looking left'),
      minus('looking-right', 'Looking right'),
      plus('neutral-woman', 'Neutral woman'),
    ],
  },
  {
    id: 'window',
    title: 'Window',
    about: 'A window, into another room',
    terms: [
      plus('room-with-window', 'Room with window'),
      minus('room-without-window', 'Room without window'),
      plus('room-without-window', 'Another room', DEFAULT_SLOTS),
    ],
  },
];

/** Those whose concepts the library has, with enough exemplars in each. */
export function presetsFor(library: Library): readonly Preset[] {
  return ALL_PRESETS.filter(({ terms }) =>
    terms.every(({ concept, from = 0 }) => {
      const known = conceptOf(library, concept);
      return known !== undefined && known.z.length >= from + 1;
    }),
  );
}

export function presetEquation(preset: Preset, library: Library): Equation {
  return preset.terms.map(({ sign, concept, name, from = 0 }) => {
    const available = conceptOf(library, concept)?.z.length ?? 0;
    const count = Math.max(1, Math.min(DEFAULT_SLOTS, available - from));
    return {
      sign,
      name,
      slots: Array.from({ length: count }, (_, at) => ({
        kind: 'library' as const,
        concept,
        index: from + at,
      })),
    };
  });
}

/** The seed of the faces that fill the groups of a model without a library, so that nothing opens empty. */
const SAMPLE_SEED = 1;

/** What the panel opens with: the first preset, or three groups of samples. */
export function startEquation(library: Library, prior: Prior): Equation {
  const preset = presetsFor(library)[0];
  return preset ? presetEquation(preset, library) : sampleEquation(prior);
}

function sampleEquation(prior: Prior): Equation {
  const signs: readonly Sign[] = [1, -1, 1];
  return signs.map((sign, term) => ({
    sign,
    name: 'ABC'.charAt(term),
    slots: Array.from({ length: DEFAULT_SLOTS }, (_, slot) => ({
      kind: 'sample' as const,
      seed: SAMPLE_SEED,
      index: term * DEFAULT_SLOTS + slot,
      prior,
    })),
  }));
}

/** Groups of the Turn side: from, to, and the faces that are moved. */
export function startTurn(library: Library, prior: Prior): Equation {
  const samples = (seed: number, start: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      kind: 'sample' as const,
      seed,
      index: start + at,
      prior,
    }));
  const equation: Equation = [
    { sign: -1, name: 'From', slots: samples(SAMPLE_SEED, 0, DIRECTION_SLOTS) },
    { sign: 1, name: 'To', slots: samples(SAMPLE_SEED, DIRECTION_SLOTS, DIRECTION_SLOTS) },
    { sign: 1, name: 'Faces to move', slots: samples(TURNED_SEED, 0, TURNED_FACES) },
  ];
  const [preset] = directionPresets(library);
  return preset ? withDirection(equation, preset.from, preset.to) : equation;
}

/** As in the paper: four averaged samples a side. */
const DIRECTION_SLOTS = 4;
const TURNED_SEED = 5;
const TURNED_FACES = 4;

const TURN_PAIRS: readonly { title: string; from: string; to: string }[] = [
  { title: 'Turn', from: 'looking-left', to: 'looking-right' },
  { title: 'Smile', from: 'neutral-woman', to: 'smiling-woman' },
  { title: 'Glasses', from: 'man-without-glasses', to: 'man-with-glasses' },
  { title: 'Gender', from: 'neutral-woman', to: 'neutral-man' },
  { title: 'Beard', from: 'neutral-man', to: 'bearded-man' },
  { title: 'Window', from: 'room-without-window', to: 'room-with-window' },
];

/** Directions at one click: those whose two concepts the library has. */
export function directionPresets(
  library: Library,
): readonly { title: string; from: Concept; to: Concept }[] {
  return TURN_PAIRS.flatMap(({ title, from, to }) => {
    const [first, second] = [conceptOf(library, from), conceptOf(library, to)];
    return first && second ? [{ title, from: first, to: second }] : [];
  });
}

/** Another direction for the same faces. */
export function withDirection(equation: Equation, from: Concept, to: Concept): Equation {
  const group = (sign: Sign, { id, label, z }: Concept) => ({
    sign,
    name: label,
    slots: z.slice(0, DIRECTION_SLOTS).map((_, index) => ({
      kind: 'library' as const,
      concept: id,
      index,
    })),
  });
  return [group(-1, from), group(1, to), ...equation.slice(2)];
}

/**
 * Other faces for a group: the next exemplars of its concept, or the next samples of its seed. A group of
 * mixed origin keeps what has no next.
 */
export function refillTerm(equation: Equation, index: number, library: Library): Equation {
  const step = equation[index]?.slots.length ?? 0;
  return equation.map((term, at) => {
    if (at !== index) return term;
    const slots = term.slots.map((face) => {
      if (face?.kind === 'sample') return { ...face, index: face.index + step };
      if (face?.kind !== 'library') return face;
      const size = conceptOf(library, face.concept)?.z.length ?? 0;
      return size === 0 ? face : { ...face, index: (face.index + step) % size };
    });
    return { ...term, slots };
  });
}
