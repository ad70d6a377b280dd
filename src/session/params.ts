/**
 * The parameters of the link that several parts share. A panel declares further rows of its own in its
 * folder, by `param()`; names must not collide with these. docs/links.md lists them all.
 */
import {
  enumCodec,
  flagCodec,
  floatCodec,
  intCodec,
  listCodec,
  optionalCodec,
  textCodec,
} from './codecs';
import { latentRefCodec, type LatentRef } from './latent-ref';
import { maskParam } from './mask-link';
import { param } from './url';

/** Most samples that a sheet may have, and most keyframes of a walk. */
export const MAX_SAMPLES = 100;
export const MAX_KEYFRAMES = 64;

export const modelParam = param(
  'model',
  textCodec(/^(local:[0-9a-f]{16}|[a-z0-9]+(-[a-z0-9]+)*)?$/),
  '',
  'Which model: its id in public/models/index.json, or local: and the first 16 hex digits of the sha256 of your own file. Empty: the first bundled one.',
);

export const panelParam = param(
  'panel',
  textCodec(/^[a-z0-9-]*$/),
  '',
  'Which panel is shown. Empty: the first.',
);

export const seedParam = param(
  'seed',
  intCodec(0, 2 ** 32 - 1),
  // Of the first sixty the one whose first pictures are good ones in every bundled model.
  7,
  'Where random samples start. Sample i of a seed does not depend on how many are drawn.',
);

export const samplesParam = param(
  'n',
  intCodec(4, MAX_SAMPLES),
  24,
  'How many samples the sheet shows.',
);

/** `model`: the prior that the model was trained with. */
export const priorParam = param(
  'prior',
  enumCodec(['model', 'normal', 'uniform', 'sphere']),
  'model',
  'Where samples come from: the model’s own prior, N(0, 1), U(−1, 1), or the sphere of radius √size.',
);

export const truncationParam = param(
  't',
  floatCodec(0, 1),
  1,
  'Truncation: below 1, samples lie nearer the centre of the prior: more alike, fewer failures.',
);

export const keysParam = param<LatentRef[]>(
  'keys',
  listCodec(latentRefCodec, MAX_KEYFRAMES),
  [],
  'Keyframes of the walk, joined by commas: s<seed>.<index> for a sample, z<base64url> for an exact vector.',
);

export const latentParam = param<LatentRef | null>(
  'z',
  optionalCodec(latentRefCodec),
  null,
  'The latent that is looked at or edited, written as a keyframe is.',
);

export const lectureParam = param(
  'lecture',
  flagCodec,
  false,
  'Lecture mode: large type, the picture first.',
);

export const backendParam = param(
  'backend',
  enumCodec(['auto', 'webgpu', 'webgl', 'wasm', 'cpu']),
  'auto',
  'Forces the engine’s backend on this machine; may also be written ?backend=. Not part of shared links; a change needs a reload.',
);

export const sharedParams = [
  modelParam,
  panelParam,
  seedParam,
  samplesParam,
  priorParam,
  truncationParam,
  keysParam,
  latentParam,
  lectureParam,
  backendParam,
  maskParam,
] as const;
