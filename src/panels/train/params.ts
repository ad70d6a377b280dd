/** The panel's rows of the link: what is trained on, and by which recipe. */
import { enumCodec, flagCodec, intCodec, optionalCodec, textCodec } from '../../session/codecs';
import { param } from '../../session/url';
import { overridesCodec, type Overrides } from './recipe';

export const dataParam = param(
  'data',
  textCodec(/^([a-z0-9-]+|kept:[\w-]+)?$/),
  '',
  'What is trained on: a bundled set by its id, `digits`, `kept:` and a set that this browser keeps, or `own`: pictures of the visitor, which no link carries. Empty: the first bundled set.',
);

export const pixelsParam = param(
  'pixels',
  enumCodec(['16', '32', '64']),
  '32',
  'Side of the pictures that are trained on.',
);

export const tileParam = param(
  'tile',
  optionalCodec(intCodec(1, 1024)),
  null,
  'Side of the tiles of a sprite sheet of your own, in pixels. Empty: found out.',
);

export const tonesParam = param(
  'tones',
  enumCodec(['auto', 'color', 'grey']),
  'auto',
  'Color or grey. `auto`: as the pictures are.',
);

export const framingParam = param(
  'framing',
  enumCodec(['crop', 'fit']),
  'crop',
  'How pictures of your own become square: their middle, or all of them on a background.',
);

export const mirrorParam = param(
  'mirror',
  optionalCodec(flagCodec),
  null,
  'Whether half of the real pictures are mirrored. Empty: as the set allows.',
);

export const recipeParam = param(
  'recipe',
  enumCodec(['two-minutes', 'ten-minutes', 'paper']),
  'two-minutes',
  'The preset of the training: in 2 minutes, in 10 minutes, as in the paper.',
);

export const overridesParam = param<Overrides>(
  'set',
  overridesCodec,
  {},
  'Settings that differ from the preset, joined by commas: `batch:32,loss:hinge`.',
);

export const stepsParam = param(
  'upto',
  optionalCodec(intCodec(0, 1_000_000)),
  null,
  'Steps after which a run stops by itself; 0: never. Empty: as the preset says.',
);
