/** The Filters panel's rows of the link; model, z, seed and the mask itself are shared ones. */
import { enumCodec, textCodec } from '../../session/codecs';
import { param } from '../../session/url';

export const sideParam = param(
  'filters',
  enumCodec(['look', 'forget']),
  'look',
  'Which side of the Filters panel: look and switch, or forget what boxes hold.',
);

export const layerParam = param(
  'layer',
  textCodec(),
  '',
  'The layer whose filters are shown, by id. Empty: the last but one of those that make maps.',
);

export const sortParam = param(
  'sort',
  enumCodec(['index', 'mean', 'variance', 'effect', 'weight', 'score']),
  'index',
  'Order of the filters: their number, the mean or the variance of the map, their effect, their regression weight, their score at the boxes.',
);

export type Sort = 'index' | 'mean' | 'variance' | 'effect' | 'weight' | 'score';
