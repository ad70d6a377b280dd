/**
 * An equation as a link says it. Terms are joined by `/`; each is `p` or `m` for its sign, `~`, the name
 * with `_` for spaces, `~`, and its slots joined by commas: `l:smiling-woman.0` for exemplar 0 of the
 * library's concept, else as a keyframe of a walk is written, `_` for an empty slot.
 */
import { latentRefCodec } from '../../session/latent-ref';
import type { Codec } from '../../session/url';
import {
  MAX_SLOTS,
  MAX_TERMS,
  cleanName,
  type Equation,
  type FaceRef,
  type Term,
} from './equation';

const LIBRARY = /^l:([a-z0-9]+(?:-[a-z0-9]+)*)\.(\d{1,4})$/;
const EMPTY = '_';

export const faceCodec: Codec<FaceRef> = {
  parse(text) {
    const match = LIBRARY.exec(text);
    if (match) return { kind: 'library', concept: match[1] ?? '', index: Number(match[2]) };
    return latentRefCodec.parse(text);
  },
  format(face) {
    if (face.kind === 'library') return `l:${face.concept}.${face.index}`;
    return latentRefCodec.format(face);
  },
};

/** One malformed slot makes the equation malformed: with a face lost it would be another equation. */
export const equationCodec: Codec<Equation> = {
  parse(text) {
    if (text === '') return [];
    const terms: Term[] = [];
    for (const part of text.split('/')) {
      const term = parseTerm(part);
      if (!term || terms.length === MAX_TERMS) return undefined;
      terms.push(term);
    }
    return terms;
  },
  format: (equation) => equation.map(formatTerm).join('/'),
};

function parseTerm(text: string): Term | undefined {
  const [sign, name, list, rest] = text.split('~');
  if ((sign !== 'p' && sign !== 'm') || !name || list === undefined || rest !== undefined) {
    return undefined;
  }
  const words = list.split(',');
  if (words.length > MAX_SLOTS) return undefined;
  const slots: (FaceRef | null)[] = [];
  for (const word of words) {
    const face = word === EMPTY ? null : faceCodec.parse(word);
    if (face === undefined) return undefined;
    slots.push(face);
  }
  const shown = cleanName(name.replaceAll('_', ' '));
  return { sign: sign === 'p' ? 1 : -1, name: shown === '' ? 'Group' : shown, slots };
}

function formatTerm({ sign, name, slots }: Term): string {
  const words = slots.map((face) => (face ? faceCodec.format(face) : EMPTY));
  return `${sign === 1 ? 'p' : 'm'}~${cleanName(name).replaceAll(' ', '_')}~${words.join(',')}`;
}
