import { itemsOf, PyDict } from '../pickle/values';
import type { PyObject, PyValue } from '../pickle/values';

/** Parameters, buffers and submodules of a torch module's state, or all of another object's (TorchScript). */
export function moduleEntries(object: PyObject): [string, PyValue][] {
  const state = stateOf(object);
  const parts = ['_parameters', '_buffers', '_modules'].map((key) => state.get(key));
  const isModule = parts.some((part) => part instanceof PyDict);
  return isModule ? parts.flatMap((part) => entriesOf(part ?? null)) : entriesOf(state);
}

/** The dict that an object's __setstate__ would have got; empty where there is none. */
export function stateOf(object: PyObject): PyDict {
  if (object.state instanceof PyDict) return object.state;
  const first = itemsOf(object.state)?.[0];
  return first instanceof PyDict ? first : new PyDict();
}

/** What a dict, list or tuple holds, by key or index; keys that are no text or number are left out. */
export function entriesOf(value: PyValue): [string, PyValue][] {
  if (value instanceof PyDict) {
    return [...value.entries].flatMap(([key, item]) =>
      typeof key === 'string' || typeof key === 'number' ? [[String(key), item]] : [],
    );
  }
  return (itemsOf(value) ?? []).map((item, index) => [String(index), item]);
}
