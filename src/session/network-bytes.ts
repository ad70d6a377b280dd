import { writeSafetensors } from '../formats/safetensors/write';
import type { NetworkSource } from '../model/source';

/** A network as our own file: full precision, spec in the metadata. */
export function networkBytes({ spec, tensors }: NetworkSource): Uint8Array<ArrayBuffer> {
  const list = Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    dtype: 'F32' as const,
    shape,
    data,
  }));
  return writeSafetensors(list, { format: 'pt', spec: JSON.stringify(spec) });
}
