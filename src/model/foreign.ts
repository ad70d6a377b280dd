import type { ModelSpec } from './spec';

/** An array as a file names it and lays it out; numbers as 32-bit floats whatever they were. */
export interface ForeignArray {
  name: string;
  shape: readonly number[];
  data: Float32Array;
}

/**
 * Whose conventions the arrays follow, as far as the format tells:
 * torch: conv (out, in, h, w), transposed (in, out, h, w), dense (out, in);
 * keras: conv (h, w, in, out), transposed (h, w, out, in), dense (in, out), pixels NHWC;
 * theano: conv (out, in, h, w) turned by 180°, transposed (in, out, h, w), dense (in, out), pixels NCHW;
 * unknown: bare arrays.
 */
export type Framework = 'torch' | 'keras' | 'theano' | 'unknown';

/** One step of a network as its file describes it (Keras' config, torch's modules): weights or none. */
export interface TopologyLayer {
  /** Name stem of its arrays, as in ForeignArray.name; '' where it has none. */
  name: string;
  kind:
    | 'input'
    | 'dense'
    | 'conv'
    | 'convTranspose'
    | 'upsample'
    | 'reshape'
    | 'flatten'
    | 'norm'
    | 'activation'
    | 'pad'
    | 'crop'
    | 'skip'
    | 'unknown';
  /** The class's own name, for messages: 'Conv2DTranspose'. */
  type: string;
  stride?: readonly [height: number, width: number];
  /** Pixels a side, or Keras' words. */
  padding?: readonly [height: number, width: number] | 'same' | 'valid';
  outputPadding?: readonly [height: number, width: number];
  /** top, right, bottom, left; for kind 'pad' and 'crop'. */
  sides?: readonly [number, number, number, number];
  /** Keras' reshape target; for kind 'reshape'. -1 stands for the rest. */
  shape?: readonly number[];
  factor?: readonly [height: number, width: number];
  mode?: 'nearest' | 'bilinear';
  eps?: number;
  /** Lower case: 'relu', 'leakyrelu', 'elu', 'tanh', 'sigmoid', 'linear'; others are not computed here. */
  activation?: string;
  slope?: number;
}

/** The arrays of one network, in the file's own order. */
export interface ForeignNetwork {
  /** Where it was found: 'netG', 'generator.h5', 'zip/gen/weights.npz'. */
  label: string;
  framework: Framework;
  arrays: readonly ForeignArray[];
  /** The layers in order, where the file says so: nothing has to be guessed then. */
  topology?: readonly TopologyLayer[];
  /** Our own description from the file's metadata. */
  spec?: ModelSpec;
  /** What was found in the file besides arrays, for the person: 'epoch 200'. */
  notes: readonly string[];
}
