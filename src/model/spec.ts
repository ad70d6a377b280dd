/**
 * What a network IS, as data. One description covers generators, discriminators and judges of the
 * DCGAN family; whether a layer takes the engine's fast path is a property of the layer, not of
 * another model class.
 *
 * Shapes travel through a network as {height, width, channels}. A generator starts from its latent
 * vector as 1×1×latent.size, so that the transposed-convolution stem of the PyTorch tutorial needs no
 * special case; a dense layer takes all the numbers that come in (1×1×filters goes out).
 */

/** What a network computes: images from latents, realness from images, or attributes from images. */
export type Role = 'generator' | 'discriminator' | 'judge';

/** Where latent vectors come from: N(0, 1), U(−1, 1), or a normal sample projected to radius √size. */
export type Prior = 'normal' | 'uniform' | 'sphere';

/** Pixel range of images: tanh networks use [−1, 1], sigmoid ones [0, 1]. */
export type PixelRange = readonly [low: number, high: number];

export interface LatentSpec {
  /** Length of z. */
  size: number;
  prior: Prior;
}

export interface ImageSpec {
  height: number;
  width: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  channels: number;
  range: PixelRange;
}

/** Pixels added (conv) or cut away (convTranspose) at each side, as torch counts them. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Extra rows and columns at the bottom and right of a transposed convolution's output. */
export interface OutputPadding {
  bottom: number;
  right: number;
}

/**
 * Whose mean and variance batch norm uses: the file's running statistics, those of the batch at hand,
 * or statistics that were measured once over a large batch and then frozen.
 */
export type NormStatistics = 'file' | 'batch' | 'frozen';

export type NormSpec =
  | { kind: 'none' }
  | {
      kind: 'batch';
      /** Tensor name stem: `${id}.weight`, `.bias`, `.running_mean`, `.running_var`. */
      id: string;
      /** Added to the variance: 1e-5 in PyTorch, 1e-3 in Keras. */
      eps: number;
      statistics: NormStatistics;
    };

export type ActivationSpec =
  | { kind: 'none' }
  | { kind: 'relu' }
  /** max(x, slope·x). */
  | { kind: 'leakyRelu'; slope: number }
  /** x for x > 0, eˣ − 1 else. */
  | { kind: 'elu' }
  | { kind: 'tanh' }
  | { kind: 'sigmoid' };

interface LayerBase {
  /** Unique; also the tensor name stem (`${id}.weight`, `${id}.bias`) and the key of unit masks. */
  id: string;
  norm: NormSpec;
  /** Which of the two comes first after the linear part. */
  order: 'norm-activation' | 'activation-norm';
  activation: ActivationSpec;
}

/** Weight layout (filters, inputs), as torch.nn.Linear. */
export interface DenseLayer extends LayerBase {
  kind: 'dense';
  filters: number;
  bias: boolean;
}

/** Weight layout (filters, in channels, kernel h, kernel w), as torch.nn.Conv2d (a correlation). */
export interface ConvLayer extends LayerBase {
  kind: 'conv';
  filters: number;
  kernel: readonly [height: number, width: number];
  stride: readonly [height: number, width: number];
  padding: Padding;
  bias: boolean;
}

/** Weight layout (in channels, filters, kernel h, kernel w), as torch.nn.ConvTranspose2d. */
export interface ConvTransposeLayer extends LayerBase {
  kind: 'convTranspose';
  filters: number;
  kernel: readonly [height: number, width: number];
  stride: readonly [height: number, width: number];
  padding: Padding;
  outputPadding: OutputPadding;
  bias: boolean;
}

/** Repeats or blends pixels by a whole factor; no weights. */
export interface UpsampleLayer extends LayerBase {
  kind: 'upsample';
  factor: readonly [height: number, width: number];
  /** Bilinear is torch's with align_corners = false. */
  mode: 'nearest' | 'bilinear';
}

/** Reads a vector as an image, channels first (torch, Theano) or last (Keras). */
export interface ReshapeLayer extends LayerBase {
  kind: 'reshape';
  height: number;
  width: number;
  channels: number;
  memoryOrder: 'nchw' | 'nhwc';
}

/** Reads an image as a vector, channels first (torch, Theano) or last (Keras). */
export interface FlattenLayer extends LayerBase {
  kind: 'flatten';
  memoryOrder: 'nchw' | 'nhwc';
}

export type LayerSpec =
  DenseLayer | ConvLayer | ConvTransposeLayer | UpsampleLayer | ReshapeLayer | FlattenLayer;

export type LayerKind = LayerSpec['kind'];

/** One number of a judge's last layer: a logit read as a probability, or an angle of `scale` degrees a unit. */
export type JudgeOutput =
  | { name: 'woman' | 'smile' | 'glasses' | 'beard' | 'window'; kind: 'probability' }
  | { name: 'yawDegrees'; kind: 'degrees'; scale: number };

interface SpecBase {
  v: 1;
  layers: LayerSpec[];
}

export interface GeneratorSpec extends SpecBase {
  role: 'generator';
  latent: LatentSpec;
  output: ImageSpec;
}

export interface DiscriminatorSpec extends SpecBase {
  role: 'discriminator';
  input: ImageSpec;
}

export interface JudgeSpec extends SpecBase {
  role: 'judge';
  input: ImageSpec;
  /** What the numbers of the last layer mean, in order. */
  outputs: JudgeOutput[];
}

export type ModelSpec = GeneratorSpec | DiscriminatorSpec | JudgeSpec;

/** Height, width and channels of what leaves a layer. */
export interface Shape {
  height: number;
  width: number;
  channels: number;
}
