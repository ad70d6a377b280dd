/** The walk that a link describes: keyframes resolved, and the scene that the player shows. No React. */
import { frameCount, pathAt, randomWalkAt, type PathMode } from '../../core/path';
import type { Easing } from '../../core/interpolate';
import type { LatentRef } from '../../session/latent-ref';
import { resolveLatent, type Sampling } from '../../session/latents';
import type { Look } from './film';
import type { Scene, Track } from './frame-drawer';
import { keyIds, segmentOf, type Keyframe } from './keyframes';

export interface WalkSettings {
  kind: 'keys' | 'endless';
  interpolation: PathMode;
  closed: boolean;
  easing: Easing;
  framesPerSegment: number;
  endlessSeed: number;
  compare: boolean;
}

/** As Explore calls it. */
function sampleName(seed: number, index: number): string {
  return `Seed ${seed}, no. ${index + 1}`;
}

/** A keyframe that is neither a sample nor on the shelf. */
export const UNNAMED = 'own numbers';

/** Labels from `labelOf` (the shelf knows some) or from the ref; what belongs to another z is left out. */
export function resolveKeyframes(
  refs: readonly LatentRef[],
  sampling: Sampling,
  labelOf: (z: Float32Array) => string | null,
): Keyframe[] {
  const ids = keyIds(refs);
  return refs.flatMap((ref, place) => {
    const id = ids[place];
    const fits = ref.kind === 'sample' || ref.z.length === sampling.size;
    if (!fits || id === undefined) return [];
    const z = resolveLatent(ref, sampling);
    const label = ref.kind === 'sample' ? sampleName(ref.seed, ref.index) : (labelOf(z) ?? UNNAMED);
    return [{ id, ref, z, label }];
  });
}

function keyTrack(keyframes: readonly Keyframe[], settings: WalkSettings, mode: PathMode): Track {
  const z = keyframes.map((key) => key.z);
  const { closed, easing, framesPerSegment } = settings;
  return { latent: (index) => pathAt(z, index / framesPerSegment, { mode, closed, easing }) };
}

/** What the player shows; null without a keyframe. Side by side, lerp comes first. */
export function walkScene(
  look: Look,
  keyframes: readonly Keyframe[],
  settings: WalkSettings,
  { prior, size }: Pick<Sampling, 'prior' | 'size'>,
): Scene | null {
  const { kind, closed, framesPerSegment, interpolation, endlessSeed, compare } = settings;
  if (kind === 'endless') {
    const options = { seed: endlessSeed, prior, size };
    const latent = (index: number) => randomWalkAt(index / framesPerSegment, options);
    return { ...look, count: Infinity, loop: false, tracks: [{ latent }] };
  }
  if (keyframes.length === 0) return null;
  const modes: readonly PathMode[] = compare ? ['lerp', 'slerp'] : [interpolation];
  return {
    ...look,
    count: frameCount(keyframes.length, framesPerSegment, closed),
    loop: closed && keyframes.length > 1,
    tracks: modes.map((mode) => keyTrack(keyframes, settings, mode)),
  };
}

/** The track that films and kept frames are taken from. */
export function mainTrack(settings: WalkSettings): number {
  return settings.kind === 'keys' && settings.compare && settings.interpolation === 'slerp' ? 1 : 0;
}

/** Rows of the film strip: `steps` latents from each keyframe to the next, both counted. */
export function stripRows(
  keyframes: readonly Keyframe[],
  settings: WalkSettings,
  steps: number,
): { latents: Float32Array[]; from: number; to: number }[] {
  const z = keyframes.map((key) => key.z);
  const { closed, interpolation: mode } = settings;
  const rows = closed && z.length > 1 ? z.length : z.length - 1;
  return Array.from({ length: Math.max(0, rows) }, (_, row) => ({
    // Even steps, as in the figure: easing is about time, and a strip has none.
    latents: Array.from({ length: steps }, (_, step) =>
      step === steps - 1
        ? (z[(row + 1) % z.length] ?? new Float32Array())
        : pathAt(z, row + step / (steps - 1), { mode, closed }),
    ),
    from: row + 1,
    to: ((row + 1) % z.length) + 1,
  }));
}

/** Where a frame lies, in words for a person. */
export function describeFrame(
  index: number,
  count: number,
  keyframes: number,
  settings: WalkSettings,
): string {
  const { kind, framesPerSegment } = settings;
  if (kind === 'endless') return `Frame ${index}`;
  const of = `Frame ${index + 1} of ${count}`;
  if (keyframes < 2) return of;
  const { from, to, isKey } = segmentOf(index, framesPerSegment, keyframes);
  return isKey ? `${of}, keyframe ${from}` : `${of}, ${from} → ${to}`;
}

/** The same in few characters, for the transport bar. */
export function placeOfFrame(
  index: number,
  count: number,
  keyframes: number,
  settings: WalkSettings,
): string {
  if (settings.kind === 'endless') return `frame ${index}`;
  const of = `${index + 1} / ${count}`;
  if (keyframes < 2) return of;
  const { from, to, isKey } = segmentOf(index, settings.framesPerSegment, keyframes);
  return isKey ? `${of} · ${from}` : `${of} · ${from} → ${to}`;
}
