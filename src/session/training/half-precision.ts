import { writeSafetensors } from '../../formats/safetensors/write';
import type { NetworkSource } from '../../model/source';

/**
 * A network as our own file, half the size: weights as F16, tensors of batch norm as F32, as the bundled
 * models have them. Throws AppError `safetensors-overflow` for weights beyond 65,504.
 */
export function halfPrecisionBytes({ spec, tensors }: NetworkSource): Uint8Array<ArrayBuffer> {
  const norms = spec.layers.flatMap(({ norm }) => (norm.kind === 'batch' ? [`${norm.id}.`] : []));
  const list = Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    dtype: norms.some((id) => name.startsWith(id)) ? ('F32' as const) : ('F16' as const),
    shape,
    data,
  }));
  return writeSafetensors(list, { format: 'pt', spec: JSON.stringify(spec) });
}
