/** The panel's rows of the link. */
import {
  enumCodec,
  flagCodec,
  floatCodec,
  intCodec,
  optionalCodec,
  textCodec,
} from '../../session/codecs';
import { param, type Param } from '../../session/url';
import { MAX_SLOTS, type Equation } from './equation';
import { equationCodec } from './equation-link';

export const viewParam = param(
  'eqview',
  enumCodec(['arithmetic', 'turn']),
  'arithmetic',
  'Which side of the Arithmetic panel: the equation, or turning faces along a direction.',
);

export const equationParam = param<Equation>(
  'eq',
  equationCodec,
  [],
  'The equation: terms joined by /, each p or m for its sign, ~, its name, ~, its faces joined by commas (l:<concept>.<number> of the library, s<seed>.<index> a sample, z<base64url> exact, _ empty). Empty: the first preset of the model.',
);

export const madeWithParam = param(
  'eqmodel',
  textCodec(/^([0-9a-f]{8})?$/),
  '',
  'First eight hex digits of the sha256 of the generator that the faces of the equation were picked on.',
);

export const fadeParam = param(
  'fade',
  floatCodec(-1, 2, 3),
  1,
  'How much of the difference is added to the last group: 0 none, 1 as the equation says.',
);

export const radiusParam = param(
  'eqnoise',
  optionalCodec(floatCodec(0, 2, 3)),
  null,
  'Half the width of the uniform noise of the eight neighbours. Empty: 0.25 for a uniform prior, as in the paper, 0.43 for a normal one.',
);

export const noiseSeedParam = param(
  'eqseed',
  intCodec(0, 2 ** 32 - 1),
  1,
  'Seed of the noise of the eight neighbours.',
);

export const scaleParam = param(
  'eqscale',
  enumCodec(['none', 'shell']),
  'none',
  'What is done to the result: none, or scaled to the length that the prior’s samples have.',
);

export const singleParam = param(
  'eqone',
  intCodec(0, MAX_SLOTS - 1),
  0,
  'Which exemplar of each group is calculated with alone, from 0.',
);

export const controlsParam = param(
  'eqcontrols',
  flagCodec,
  false,
  'Shows the two controls: the last group alone, and with a random vector of the difference’s length.',
);

export const turnGroupsParam = param<Equation>(
  'turn',
  equationCodec,
  [],
  'The Turn side, written as an equation of three groups: the direction leads from the first to the second, and the third holds the faces that are moved along it. Empty: looking left, looking right and four samples.',
);

export const turnStepParam = param(
  'turnstep',
  floatCodec(-2, 2, 3),
  0,
  'Where the live faces stand along the direction; from −1 to 1 is the distance between the groups.',
);

export const turnReachParam = param(
  'turnreach',
  floatCodec(0.1, 2, 3),
  1,
  'How far the rows of five steps go to either side.',
);

/** Everything that undo and redo restore. */
export const arithmeticParams = [
  viewParam,
  equationParam,
  madeWithParam,
  fadeParam,
  radiusParam,
  noiseSeedParam,
  scaleParam,
  singleParam,
  controlsParam,
  turnGroupsParam,
  turnStepParam,
  turnReachParam,
] as readonly Param<unknown>[];
