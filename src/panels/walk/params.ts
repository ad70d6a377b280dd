/** The panel's rows of the link. Keyframes, seed, prior and truncation are rows that all panels share. */
import { enumCodec, flagCodec, intCodec, optionalCodec } from '../../session/codecs';
import { param } from '../../session/url';

export const kindParam = param(
  'walk',
  enumCodec(['keys', 'endless']),
  'keys',
  'Between keyframes, or endless: a smooth random walk.',
);

export const interpolationParam = param(
  'interp',
  enumCodec(['lerp', 'slerp']),
  'lerp',
  'Straight (lerp, as in the paper) or along the sphere (slerp).',
);

export const closedParam = param(
  'closed',
  flagCodec,
  false,
  'The last keyframe leads back to the first.',
);

export const easingParam = param(
  'ease',
  enumCodec(['linear', 'ease-in', 'ease-out', 'ease-in-out']),
  'linear',
  'How time runs from keyframe to keyframe.',
);

export const framesParam = param(
  'frames',
  intCodec(2, 240),
  24,
  'Frames from one keyframe to the next.',
);

export const speedParam = param(
  'fps',
  intCodec(1, 60),
  24,
  'Frames a second of playing and films.',
);

export const frameParam = param(
  'frame',
  optionalCodec(intCodec(0, 1_000_000)),
  null,
  'The frame that is shown, from 0, at rest. Empty: the walk starts to play.',
);

export const compareParam = param(
  'compare',
  flagCodec,
  false,
  'Straight and spherical side by side, with their difference.',
);

export const stepsParam = param(
  'steps',
  intCodec(3, 16),
  9,
  'Pictures in a row of the film strip, both keyframes counted.',
);

export const endlessSeedParam = param(
  'wander',
  intCodec(0, 2 ** 32 - 1),
  1,
  'Seed of the endless walk.',
);
