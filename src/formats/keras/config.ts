import { unsupported } from '../../lib/bytes/cursor';
import type { TopologyLayer } from '../../model/foreign';

type Json = Record<string, unknown>;

const MAX_LAYERS = 1_000;

/**
 * Keras' description of a model (`model_config`, config.json, model.json's modelTopology), of Keras 1 to
 * 3 and TF.js, as a list of layers; null where it is none, or no plain chain of layers.
 */
export function kerasTopology(description: unknown): TopologyLayer[] | null {
  const model = asObject(asObject(description)?.['model_config'] ?? description);
  if (!model) return null;
  const layers: TopologyLayer[] = [];
  addModel(model, layers, 0);
  return layers.length > 0 ? layers : null;
}

function addModel(model: Json, layers: TopologyLayer[], depth: number): void {
  const { config } = model;
  // Keras 1's Sequential has the list itself as its config.
  const list = Array.isArray(config) ? config : asObject(config)?.['layers'];
  if (!Array.isArray(list) || depth > 8) return;
  const functional = !['Sequential'].includes(textOr(model['class_name'], 'Sequential'));
  if (functional) checkChain(list);
  for (const item of list) {
    const layer = asObject(item);
    if (!layer) continue;
    if (asObject(layer['config'])?.['layers']) addModel(layer, layers, depth + 1);
    else layers.push(...kerasLayer(layer));
    if (layers.length > MAX_LAYERS) return;
  }
}

/** A functional model runs here when each layer takes just what the one before it gives. */
function checkChain(list: unknown[]): void {
  for (const item of list) {
    const layer = asObject(item);
    const inputs = countInputs(layer?.['inbound_nodes']);
    if (inputs > 1) {
      throw unsupported(
        `Layer '${textOr(layer?.['name'], '?')}' (${textOr(layer?.['class_name'], '?')}) takes ${inputs} inputs: the model is no plain chain of layers.`,
        'Networks of the DCGAN family are chains: z goes in, an image comes out. Conditional models and skip connections are not read here.',
      );
    }
  }
}

/** Keras 2: [[[name, node, tensor, {}], …]]; Keras 3: [{args: [{class_name: '__keras_tensor__'}, …]}]. */
function countInputs(nodes: unknown): number {
  if (!Array.isArray(nodes) || nodes.length === 0) return 0;
  const first: unknown = nodes[0];
  if (Array.isArray(first)) return first.length;
  const args = asObject(first)?.['args'];
  if (!Array.isArray(args)) return 1;
  return args.reduce<number>((sum, arg) => sum + (Array.isArray(arg) ? arg.length : 1), 0);
}

function kerasLayer(layer: Json): TopologyLayer[] {
  const config = asObject(layer['config']) ?? {};
  const type = textOr(layer['class_name'], 'unknown');
  const name = textOr(config['name'] ?? layer['name'], '');
  const base = { name, type };
  if (config['data_format'] === 'channels_first') {
    throw unsupported(
      `Layer '${name}' (${type}) has data_format 'channels_first'.`,
      'Models with Keras\' usual "channels_last" are read here.',
    );
  }
  const activation = activationOf(base, config['activation']);
  switch (type) {
    case 'InputLayer':
      return [{ ...base, kind: 'input' }];
    case 'Dense':
      return [{ ...base, kind: 'dense' }, ...activation];
    case 'Conv2D':
    case 'Convolution2D':
    case 'Conv2DTranspose':
    case 'Deconvolution2D':
      return [convolution(base, config), ...activation];
    case 'BatchNormalization':
      return [{ ...base, kind: 'norm', eps: numberOr(config['epsilon'], 1e-3) }];
    case 'Reshape':
      return [{ ...base, kind: 'reshape', shape: numbersOf(config['target_shape']) ?? [] }];
    case 'Flatten':
      return [{ ...base, kind: 'flatten' }];
    case 'UpSampling2D':
      return [upsampling(base, config)];
    case 'ZeroPadding2D':
    case 'Cropping2D': {
      const sides = sidesOf(config[type === 'Cropping2D' ? 'cropping' : 'padding']);
      return [{ ...base, kind: type === 'Cropping2D' ? 'crop' : 'pad', sides }];
    }
    case 'Activation':
      return activation;
    default:
      return otherLayer(base, config);
  }
}

function otherLayer(base: { name: string; type: string }, config: Json): TopologyLayer[] {
  switch (base.type) {
    case 'ReLU': {
      const slope = numberOr(config['negative_slope'], 0);
      const capped = typeof config['max_value'] === 'number';
      if (capped || numberOr(config['threshold'], 0) !== 0) return [{ ...base, kind: 'unknown' }];
      return [{ ...base, kind: 'activation', activation: slope ? 'leakyrelu' : 'relu', slope }];
    }
    case 'LeakyReLU': {
      const slope = numberOr(config['negative_slope'] ?? config['alpha'], 0.3);
      return [{ ...base, kind: 'activation', activation: 'leakyrelu', slope }];
    }
    case 'ELU':
      return [{ ...base, kind: 'activation', activation: 'elu' }];
    case 'Dropout':
    case 'SpatialDropout2D':
    case 'GaussianNoise':
    case 'GaussianDropout':
    case 'ActivityRegularization':
      return [{ ...base, kind: 'skip' }];
    default:
      return [{ ...base, kind: 'unknown' }];
  }
}

function convolution(base: { name: string; type: string }, config: Json): TopologyLayer {
  const transposed = /Transpose|Deconvolution/.test(base.type);
  const dilated = (numbersOf(config['dilation_rate']) ?? [1]).some((rate) => rate !== 1);
  if (dilated || numberOr(config['groups'], 1) !== 1) return { ...base, kind: 'unknown' };
  const output = pairOf(config['output_padding']);
  return {
    ...base,
    kind: transposed ? 'convTranspose' : 'conv',
    stride: pairOf(config['strides'] ?? config['subsample']) ?? [1, 1],
    padding:
      textOr(config['padding'] ?? config['border_mode'], 'valid') === 'same' ? 'same' : 'valid',
    ...(output ? { outputPadding: output } : {}),
  };
}

function upsampling(base: { name: string; type: string }, config: Json): TopologyLayer {
  const mode = textOr(config['interpolation'], 'nearest');
  if (mode !== 'nearest' && mode !== 'bilinear') return { ...base, kind: 'unknown' };
  return { ...base, kind: 'upsample', factor: pairOf(config['size']) ?? [2, 2], mode };
}

/** 'relu', or an object that says the same at length; linear ones are left out. */
function activationOf(base: { name: string; type: string }, value: unknown): TopologyLayer[] {
  if (value === undefined || value === null || value === 'linear') return [];
  const activation = { ...base, name: '', kind: 'activation' } as const;
  if (typeof value === 'string') {
    const name = value.toLowerCase().replace(/_/g, '');
    const known = ['relu', 'leakyrelu', 'elu', 'tanh', 'sigmoid'].includes(name);
    // tf.nn.leaky_relu and Keras 3's 'leaky_relu' have 0.2; a layer LeakyReLU has 0.3.
    const slope = name === 'leakyrelu' ? { slope: 0.2 } : {};
    return known
      ? [{ ...activation, activation: name, ...slope }]
      : [{ ...activation, kind: 'unknown', type: `activation '${value}'` }];
  }
  const object = asObject(value);
  const type = textOr(object?.['class_name'], '');
  const inner = asObject(object?.['config']);
  if (type === 'function') return activationOf(base, textOr(object?.['config'], 'unknown'));
  return otherLayer({ name: '', type }, inner ?? {});
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}

function numbersOf(value: unknown): number[] | null {
  const list = typeof value === 'number' ? [value] : value;
  return Array.isArray(list) && list.every((item) => typeof item === 'number') ? list : null;
}

function pairOf(value: unknown): readonly [number, number] | null {
  const [height, width] = numbersOf(value) ?? [];
  return height === undefined ? null : [height, width ?? height];
}

/** Keras: n, [vertical, horizontal] or [[top, bottom], [left, right]] → top, right, bottom, left. */
function sidesOf(value: unknown): readonly [number, number, number, number] {
  const [vertical, horizontal] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const [top = 0, bottom = top] = numbersOf(vertical) ?? [];
  const [left = 0, right = left] = numbersOf(horizontal) ?? [];
  return [top, right, bottom, left];
}
