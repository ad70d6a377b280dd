import type { Geometry, GeometryOption } from './infer-geometry';
import type { LinearPart, NormPart } from './infer-parts';
import type { ActivationSpec, LayerKind, Prior } from './spec';

/** Where a setting comes from: the file says it, the shapes leave no other, or it is the likeliest. */
export type Basis = 'file' | 'shapes' | 'guess';

/** A layer while it is being found out: what will be a LayerSpec, with where each setting comes from. */
export interface DraftStep {
  id: string;
  kind: LayerKind;
  part: LinearPart | null;
  /** A dense weight that lies as (in, out). */
  transposed: boolean;
  inputs: number;
  /** What goes out: filters of a weighted layer, channels of a reshape. */
  filters: number;
  kernel: readonly [height: number, width: number];
  geometry: Geometry | null;
  geometryLabel: string;
  geometryChoices: readonly GeometryOption[];
  geometryBasis: Basis;
  /** Height and width that leave the layer; 1×1 for vectors. */
  size: readonly [height: number, width: number];
  factor: readonly [height: number, width: number];
  mode: 'nearest' | 'bilinear';
  norm: NormPart | null;
  eps: number;
  epsBasis: Basis;
  order: 'norm-activation' | 'activation-norm';
  orderBasis: Basis;
  activation: ActivationSpec;
  activationBasis: Basis;
}

export interface Draft {
  role: 'generator' | 'discriminator';
  steps: DraftStep[];
  latentSize: number;
  prior: Prior;
  priorBasis: Basis;
  priorWhy: string;
  /** What goes into a discriminator. */
  inputSize: readonly [height: number, width: number];
  inputChannels: number;
  notes: string[];
}

/** A step without weights, norm or activation; the rest is told by `change`. */
export function draftStep(
  change: Partial<DraftStep> & Pick<DraftStep, 'id' | 'kind' | 'inputs' | 'filters' | 'size'>,
): DraftStep {
  return {
    part: null,
    transposed: false,
    kernel: [1, 1],
    geometry: null,
    geometryLabel: '',
    geometryChoices: [],
    geometryBasis: 'shapes',
    factor: [1, 1],
    mode: 'nearest',
    norm: null,
    eps: 1e-5,
    epsBasis: 'guess',
    order: 'norm-activation',
    orderBasis: 'guess',
    activation: { kind: 'none' },
    activationBasis: 'guess',
    ...change,
  };
}

/** 'leakyRelu:0.2', 'tanh': as assumptions write activations. */
export function activationCode(activation: ActivationSpec): string {
  return activation.kind === 'leakyRelu' ? `leakyRelu:${activation.slope}` : activation.kind;
}

/** Reads what `activationCode` writes; null for anything else. */
export function parseActivation(code: string): ActivationSpec | null {
  const [kind = '', slope = ''] = code.split(':');
  switch (kind) {
    case 'none':
    case 'relu':
    case 'elu':
    case 'tanh':
    case 'sigmoid':
      return { kind };
    case 'leakyRelu': {
      const value = Number(slope);
      return slope !== '' && value >= 0 && value <= 1 ? { kind, slope: value } : null;
    }
    default:
      return null;
  }
}
