import { AppError } from '../lib/errors';
import { bindNetwork } from '../model/bind';
import { parseModelSpec } from '../model/schema';
import type { NamedArray, NetworkSource } from '../model/source';
import type { LayerSpec, ModelSpec } from '../model/spec';
import type { NamedArrays } from './arrays';
import { namingFile, openArrays } from './registry';

/**
 * Reads a network from a weights file that carries its ModelSpec as JSON in `__metadata__.spec`. Only
 * the tensors that layers need are converted; all of them are checked (`bindNetwork`). Messages of errors
 * begin with `fileName`.
 *
 * Throws AppError `network-without-spec`, and those of `openArrays`, `parseModelSpec` and `bindNetwork`.
 */
export function readNetwork(bytes: Uint8Array, fileName: string): NetworkSource {
  const file = openArrays(bytes, fileName);
  return namingFile(fileName, () => {
    const json = file.metadata.get('spec');
    if (json === undefined) throw withoutSpec(file);
    const spec = parseModelSpec(json);
    const source = { spec, tensors: takeTensors(file, spec) };
    bindNetwork(source);
    return source;
  });
}

function takeTensors(file: NamedArrays, spec: ModelSpec): Record<string, NamedArray> {
  const tensors: Record<string, NamedArray> = {};
  for (const name of spec.layers.flatMap(tensorNames)) {
    const array = file.arrays.get(name);
    if (array) tensors[name] = { shape: array.shape, data: array.toFloat32() };
  }
  return tensors;
}

/** The names that a layer may take tensors by. */
function tensorNames(layer: LayerSpec): string[] {
  const names = [`${layer.id}.weight`, `${layer.id}.bias`];
  if (layer.norm.kind === 'none') return names;
  const { id } = layer.norm;
  const suffixes = ['weight', 'bias', 'running_mean', 'running_var'];
  return [...names, ...suffixes.map((suffix) => `${id}.${suffix}`)];
}

function withoutSpec(file: NamedArrays): AppError {
  const names = [...file.arrays.keys()];
  const some = names.slice(0, 3).map((name) => `'${name}'`);
  const list = names.length > 3 ? `${some.join(', ')} and so on` : some.join(', ');
  return new AppError({
    code: 'network-without-spec',
    message: `The file has ${names.length} tensors${list ? ` (${list})` : ''} but no description of the network they belong to.`,
    hint: "Write the network's ModelSpec as JSON into the file's metadata under 'spec', or open one of the bundled models.",
  });
}
