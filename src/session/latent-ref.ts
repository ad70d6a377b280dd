/**
 * A latent vector as a link can say it: either as sample i of a seed, which is a few characters, or
 * number by number. Sample `s7.3` is what the Explore panel shows at place 3 (from 0) of seed 7.
 */
import type { Prior } from '../model/spec';
import { decodeFloats, encodeFloats } from './base64';
import type { Codec } from './url';

export type LatentRef =
  | {
      kind: 'sample';
      seed: number;
      index: number;
      /** Absent: the prior of the link's own parameter. */
      prior?: Prior;
      /** Absent: the truncation of the link's own parameter. */
      truncation?: number;
    }
  | { kind: 'exact'; z: Float32Array };

const MAX_SEED = 2 ** 32 - 1;
const MAX_INDEX = 2 ** 31 - 1;
const MAX_TRUNCATION = 1;

const PRIOR_LETTERS: readonly (readonly [letter: string, prior: Prior])[] = [
  ['n', 'normal'],
  ['u', 'uniform'],
  ['o', 'sphere'],
];

const SAMPLE = /^s(\d{1,10})\.(\d{1,10})([nuo])?(?:@(\d(?:\.\d{1,4})?))?$/;

/**
 * `s<seed>.<index>`, then optionally the prior's letter (n normal, u uniform, o sphere) and
 * `@<truncation>`; or `z` and the numbers as base64url of little-endian floats.
 */
export const latentRefCodec: Codec<LatentRef> = {
  parse(text) {
    if (text.startsWith('z')) {
      const z = decodeFloats(text.slice(1));
      return z && { kind: 'exact', z };
    }
    return parseSample(text);
  },
  format(ref) {
    if (ref.kind === 'exact') return `z${encodeFloats(ref.z)}`;
    const letter = PRIOR_LETTERS.find(([, prior]) => prior === ref.prior)?.[0] ?? '';
    const truncation =
      ref.truncation === undefined ? '' : `@${String(Number(ref.truncation.toFixed(4)))}`;
    return `s${String(ref.seed)}.${String(ref.index)}${letter}${truncation}`;
  },
};

function parseSample(text: string): LatentRef | undefined {
  const match = SAMPLE.exec(text);
  if (!match) return undefined;
  const [, seedText, indexText, letter, truncationText] = match;
  const seed = Number(seedText);
  const index = Number(indexText);
  if (seed > MAX_SEED || index > MAX_INDEX) return undefined;
  const prior = PRIOR_LETTERS.find(([known]) => known === letter)?.[1];
  const truncation = truncationText === undefined ? undefined : Number(truncationText);
  if (truncation !== undefined && truncation > MAX_TRUNCATION) return undefined;
  return {
    kind: 'sample',
    seed,
    index,
    ...(prior && { prior }),
    ...(truncation !== undefined && { truncation }),
  };
}
