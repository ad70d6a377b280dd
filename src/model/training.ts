/**
 * What a training run IS, as data: its settings with their ranges, and the two networks that they stand
 * for. The defaults are the recipe of Radford, Metz & Chintala (2015), section 4, in the form that most
 * people train (4×4 kernels, stride 2, padding 1, z ~ N(0, 1), as the PyTorch tutorial has it).
 */
import * as v from 'valibot';
import { AppError } from '../lib/errors';
import type {
  ActivationSpec,
  ConvLayer,
  ConvTransposeLayer,
  DiscriminatorSpec,
  GeneratorSpec,
  ImageSpec,
  NormSpec,
} from './spec';

/** Sides of the pictures that can be trained on. */
export const TRAINING_SIZES = [16, 32, 64] as const;
export type TrainingSize = (typeof TRAINING_SIZES)[number];

/**
 * What D and G minimise, on D's logits: softplus (Goodfellow et al. 2014, the non-saturating form), hinge
 * (Lim & Ye 2017), or squared distance to 1 and 0 (Mao et al. 2017).
 */
export const TRAINING_LOSSES = ['non-saturating', 'hinge', 'least-squares'] as const;
export type TrainingLoss = (typeof TRAINING_LOSSES)[number];

export interface TrainingConfig {
  v: 1;
  image: { size: TrainingSize; channels: 1 | 3 };
  /** Length of z ~ N(0, 1): 16 to 128. */
  latentSize: number;
  /** Filters of G's last hidden and D's first layer, 8 to 64; every layer further in has twice as many. */
  baseFilters: number;
  /** Pictures a step, 8 to 128. */
  batch: number;
  /** Of Adam, 0 to 0.01. */
  learningRateG: number;
  learningRateD: number;
  /** Of Adam, 0 to 0.99; beta2 is 0.999. */
  beta1: number;
  loss: TrainingLoss;
  /** One-sided (Salimans et al. 2016): D's target for real pictures is 1 − this, 0 to 0.3. Not used by the hinge loss. */
  labelSmoothing: number;
  /** Weight γ of the R1 penalty γ/2·|∇D(x)|² on real pictures (Mescheder et al. 2018), 0 (none) to 100. */
  r1: number;
  /** Steps of D for each step of G, 1 to 5. */
  dSteps: number;
  /** Decay of the running average of G's weights that is shown and kept: 0 (none) or 0.5 to 0.9999. */
  ema: number;
  /** Half of the real pictures are mirrored. */
  mirror: boolean;
  /** Of initial weights, latents and batches: a whole number from 0 to 2³² − 1. */
  seed: number;
}

/** What may change while a run goes on. */
export type TrainingTuning = Partial<
  Pick<
    TrainingConfig,
    'learningRateG' | 'learningRateD' | 'loss' | 'labelSmoothing' | 'r1' | 'dSteps'
  >
>;

/** Adam's second decay and its ε, as PyTorch's defaults. */
export const ADAM_BETA2 = 0.999;
export const ADAM_EPSILON = 1e-8;
/** Momentum of batch norm's running statistics and its ε, as PyTorch's defaults. */
export const NORM_MOMENTUM = 0.1;
export const NORM_EPSILON = 1e-5;
/** Of D's LeakyReLU. */
export const LEAKY_SLOPE = 0.2;
/** Standard deviation of initial weights; batch-norm gains are N(1, 0.02). */
export const INITIAL_SD = 0.02;

/** The paper's recipe, at a size that a laptop trains in an hour. */
export const PAPER_CONFIG: TrainingConfig = {
  v: 1,
  image: { size: 64, channels: 3 },
  latentSize: 100,
  baseFilters: 64,
  batch: 128,
  learningRateG: 2e-4,
  learningRateD: 2e-4,
  beta1: 0.5,
  loss: 'non-saturating',
  labelSmoothing: 0,
  r1: 0,
  dSteps: 1,
  ema: 0,
  mirror: false,
  seed: 1,
};

const whole = (low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));
const between = (low: number, high: number) =>
  v.pipe(v.number(), v.finite(), v.minValue(low), v.maxValue(high));

const schema: v.GenericSchema<unknown, TrainingConfig> = v.strictObject({
  v: v.literal(1),
  image: v.strictObject({ size: v.picklist(TRAINING_SIZES), channels: v.picklist([1, 3]) }),
  latentSize: whole(16, 128),
  baseFilters: whole(8, 64),
  batch: whole(8, 128),
  learningRateG: between(0, 0.01),
  learningRateD: between(0, 0.01),
  beta1: between(0, 0.99),
  loss: v.picklist(TRAINING_LOSSES),
  labelSmoothing: between(0, 0.3),
  r1: between(0, 100),
  dSteps: whole(1, 5),
  ema: v.union([v.literal(0), between(0.5, 0.9999)]),
  mirror: v.boolean(),
  seed: whole(0, 2 ** 32 - 1),
});

/** Checks a config from a form, a file or a script. Throws AppError `training-config` that names the field. */
export function checkTrainingConfig(value: unknown): TrainingConfig {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? 'the whole';
  throw new AppError({
    code: 'training-config',
    message: `These training settings cannot be used: ${field}: ${issue.message}.`,
    hint: 'Change that setting, or start again from one of the presets.',
  });
}

/** G and D of a config; the last layer of D has no activation: what comes out is a logit. */
export function trainingSpecs(config: TrainingConfig): {
  generator: GeneratorSpec;
  discriminator: DiscriminatorSpec;
} {
  const { size, channels } = config.image;
  const image: ImageSpec = { height: size, width: size, channels, range: [-1, 1] };
  return {
    generator: {
      v: 1,
      role: 'generator',
      latent: { size: config.latentSize, prior: 'normal' },
      output: image,
      layers: generatorLayers(config),
    },
    discriminator: {
      v: 1,
      role: 'discriminator',
      input: image,
      layers: discriminatorLayers(config),
    },
  };
}

const kernelled = { kernel: [4, 4], bias: false, order: 'norm-activation' } as const;
const outputPadding = { bottom: 0, right: 0 };
const sides = (pixels: number) => ({ top: pixels, right: pixels, bottom: pixels, left: pixels });
const none: NormSpec = { kind: 'none' };

function batchNorm(id: string): NormSpec {
  return { kind: 'batch', id, eps: NORM_EPSILON, statistics: 'file' };
}

/** Stride-2 layers between 4×4 and the picture. */
function doublings(size: TrainingSize): number {
  return Math.log2(size / 4);
}

/** Numbered as in torch.nn.Sequential: transposed convolution, batch norm, ReLU, … , Tanh. */
function generatorLayers({ image, baseFilters }: TrainingConfig): ConvTransposeLayer[] {
  const steps = doublings(image.size);
  return Array.from({ length: steps + 1 }, (_, index): ConvTransposeLayer => {
    const last = index === steps;
    const at = 3 * index;
    const activation: ActivationSpec = { kind: last ? 'tanh' : 'relu' };
    return {
      ...kernelled,
      id: `main.${at}`,
      kind: 'convTranspose',
      filters: last ? image.channels : baseFilters * 2 ** (steps - 1 - index),
      stride: index === 0 ? [1, 1] : [2, 2],
      padding: sides(index === 0 ? 0 : 1),
      outputPadding,
      norm: last ? none : batchNorm(`main.${at + 1}`),
      activation,
    };
  });
}

/** Numbered as in torch.nn.Sequential: convolution, LeakyReLU; convolution, batch norm, LeakyReLU; … ; convolution. */
function discriminatorLayers({ image, baseFilters }: TrainingConfig): ConvLayer[] {
  const steps = doublings(image.size);
  return Array.from({ length: steps + 1 }, (_, index): ConvLayer => {
    const last = index === steps;
    const at = index === 0 ? 0 : 3 * index - 1;
    const normed = index > 0 && !last;
    return {
      ...kernelled,
      id: `main.${at}`,
      kind: 'conv',
      filters: last ? 1 : baseFilters * 2 ** index,
      stride: last ? [1, 1] : [2, 2],
      padding: sides(last ? 0 : 1),
      norm: normed ? batchNorm(`main.${at + 1}`) : none,
      activation: last ? { kind: 'none' } : { kind: 'leakyRelu', slope: LEAKY_SLOPE },
    };
  });
}
