import * as tf from '@tensorflow/tfjs-core';
import type { BoundLayer } from '../../model/bind';

/** Layers without weights: upsample, reshape and flatten. N×H×W×C in and out. */
export function applyShapeLayer(x: tf.Tensor4D, layer: BoundLayer): tf.Tensor4D {
  const { spec, input, output } = layer;
  const count = x.shape[0];
  switch (spec.kind) {
    case 'upsample': {
      const size: [number, number] = [output.height, output.width];
      return spec.mode === 'nearest'
        ? tf.image.resizeNearestNeighbor(x, size)
        : tf.image.resizeBilinear(x, size, false, true);
    }
    case 'reshape': {
      const { height, width, channels } = output;
      if (spec.memoryOrder === 'nhwc') return tf.reshape(x, [count, height, width, channels]);
      const planes = tf.reshape(x, [count, channels, height * width]);
      return tf.reshape(tf.transpose(planes, [0, 2, 1]), [count, height, width, channels]);
    }
    case 'flatten': {
      const { height, width, channels } = input;
      if (spec.memoryOrder === 'nhwc') return tf.reshape(x, [count, 1, 1, output.channels]);
      const pixels = tf.reshape(x, [count, height * width, channels]);
      return tf.reshape(tf.transpose(pixels, [0, 2, 1]), [count, 1, 1, output.channels]);
    }
    case 'dense':
    case 'conv':
    case 'convTranspose':
      throw new TypeError(`layer '${spec.id}' (${spec.kind}) is no shape layer`);
  }
}
