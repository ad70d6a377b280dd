/** The list of keyframes as the link holds it, and what a visitor does to it. */
import type { LatentRef } from '../../session/latent-ref';
import { latentRefCodec } from '../../session/latent-ref';
import { MAX_KEYFRAMES } from '../../session/params';

export interface Keyframe {
  /** Stays with the keyframe while the list is put in order. */
  id: string;
  ref: LatentRef;
  z: Float32Array;
  label: string;
}

/** A walk starts with so many samples; the paper's figure has nine. */
export const FIRST_KEYFRAMES = 5;
export const PAPER_KEYFRAMES = 9;

/** The first `count` samples of a seed, as Explore's sheet shows them. */
export function sampleRefs(seed: number, count: number): LatentRef[] {
  return Array.from({ length: count }, (_, index) => ({ kind: 'sample', seed, index }));
}

/** A seed that was not used a moment ago: five digits are enough, and can be read out in a lecture hall. */
export function freshSeed(): number {
  return 1 + Math.floor(Math.random() * 99_999);
}

export function moveKey<T>(keys: readonly T[], from: number, to: number): T[] {
  const next = [...keys];
  const [moved] = next.splice(from, 1);
  if (moved !== undefined) next.splice(Math.max(0, Math.min(next.length, to)), 0, moved);
  return next;
}

/** Puts `added` before place `at` (the end when absent); what does not fit is left out. */
export function insertKeys<T>(keys: readonly T[], added: readonly T[], at = keys.length): T[] {
  const room = Math.max(0, MAX_KEYFRAMES - keys.length);
  return [...keys.slice(0, at), ...added.slice(0, room), ...keys.slice(at)];
}

/** Equal refs are told apart by how often they stood before, so that ids are unique and mostly stay. */
export function keyIds(refs: readonly LatentRef[]): string[] {
  const seen = new Map<string, number>();
  return refs.map((ref) => {
    const text = latentRefCodec.format(ref);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return `key ${text} ${times}`;
  });
}

/** Which keyframes frame `index` lies between, counted from 1. */
export function segmentOf(
  index: number,
  framesPerSegment: number,
  keyframes: number,
): { from: number; to: number; isKey: boolean } {
  const segment = Math.floor(index / framesPerSegment);
  const from = (segment % keyframes) + 1;
  return { from, to: (from % keyframes) + 1, isKey: index % framesPerSegment === 0 };
}
