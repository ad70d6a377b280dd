// What follows the weighted sums: batch norm, activation, unit masks. Arrays have the channel last and
// are returned new.

/** Mean and variance of each channel. */
export interface ChannelStatistics {
  mean: Float32Array;
  variance: Float32Array;
}

/** Each channel's mean and (biased, as batch norm uses it) variance over all samples and pixels. */
export function channelStatistics(data: Float32Array, channels: number): ChannelStatistics {
  const perChannel = data.length / channels;
  const mean = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) mean[i % channels]! += data[i]! / perChannel;
  const variance = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) {
    const c = i % channels;
    variance[c]! += (data[i]! - mean[c]!) ** 2 / perChannel;
  }
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** (x − mean) / √(variance + eps) · scale + shift, each of one number a channel. Ioffe & Szegedy 2015. */
export function batchNorm(
  data: Float32Array,
  { mean, variance }: ChannelStatistics,
  scale: Float32Array,
  shift: Float32Array,
  eps: number,
): Float32Array {
  const channels = scale.length;
  return data.map((x, i) => {
    const c = i % channels;
    return ((x - mean[c]!) / Math.sqrt(variance[c]! + eps)) * scale[c]! + shift[c]!;
  });
}

/** The activations of the DCGAN family. */
export type Activation = 'none' | 'relu' | 'leakyRelu' | 'elu' | 'tanh' | 'sigmoid';

/** f(x) for every number; `slope` is LeakyReLU's for negative x. */
export function activate(data: Float32Array, kind: Activation, slope = 0): Float32Array {
  switch (kind) {
    case 'none':
      return data.slice();
    case 'relu':
      return data.map((x) => Math.max(0, x));
    case 'leakyRelu':
      return data.map((x) => (x > 0 ? x : slope * x));
    case 'elu':
      return data.map((x) => (x > 0 ? x : Math.expm1(x)));
    case 'tanh':
      return data.map((x) => Math.tanh(x));
    case 'sigmoid':
      return data.map((x) => 1 / (1 + Math.exp(-x)));
  }
}

/** Multiplies whole maps by their scale; filters that are not named stay as they are, 0 drops one. */
export function scaleUnits(
  data: Float32Array,
  channels: number,
  scales: Readonly<Record<number, number>>,
): Float32Array {
  return data.map((x, i) => x * (scales[i % channels] ?? 1));
}
