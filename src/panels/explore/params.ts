/** The Explore panel's own rows of the link; seed, number, prior, truncation and z are shared ones. */
import { flagCodec, floatCodec, optionalCodec } from '../../session/codecs';
import { latentRefCodec, type LatentRef } from '../../session/latent-ref';
import { param } from '../../session/url';

export const aroundParam = param<LatentRef | null>(
  'around',
  optionalCodec(latentRefCodec),
  null,
  'Vary: the grid shows neighbours of this latent instead of samples. Written as a keyframe is.',
);

export const radiusParam = param(
  'radius',
  floatCodec(0.01, 2),
  0.43,
  'Vary: each number of a neighbour’s z differs by at most this.',
);

export const smoothParam = param(
  'smooth',
  flagCodec,
  false,
  'The large picture is blended rather than drawn pixel by pixel.',
);
