import { bytesOfText, damaged, unsupported } from '../../lib/bytes/cursor';
import type { Cursor } from '../../lib/bytes/cursor';
import type { AllowList } from '../pickle/allowed';
import {
  describeValue,
  integersOf,
  itemsOf,
  PyGlobal,
  PyHandled,
  PyObject,
} from '../pickle/values';
import type { PyValue } from '../pickle/values';
import type { Leaf } from '../torch/collect';
import { isNpy, numpyType, readBody, readNpy } from './npy';
import { countOf } from '../bytes/numbers';
import { bytesPerNumber } from '../bytes/numbers';

const NDARRAY = new PyGlobal('numpy', 'ndarray');
const DTYPE = new PyGlobal('numpy', 'dtype');

/** An array whose numbers lie in the pickle, behind it (joblib), or in a file beside it. */
interface PickledArray {
  shape: number[];
  read: Leaf['read'];
}

/** The functions of NumPy that a pickle of arrays calls (NumPy 1 and 2 have them in different modules). */
export const NUMPY_ALLOWED: AllowList = new Map([
  ...both('multiarray._reconstruct', () => new PyObject(NDARRAY, [])),
  ...both('multiarray.scalar', scalar),
  ...both('numeric._frombuffer', fromBuffer),
  ['numpy.dtype', ([text]: readonly PyValue[]) => new PyObject(DTYPE, [text ?? null])],
  ['numpy.ndarray', () => new PyObject(NDARRAY, [])],
]);

function both(
  name: string,
  handler: (args: readonly PyValue[]) => PyValue,
): [string, (args: readonly PyValue[]) => PyValue][] {
  return [
    [`numpy.core.${name}`, handler],
    [`numpy._core.${name}`, handler],
  ];
}

/** The text of a dtype object, byte order included: '<f4'. State: (version, order, …). */
function dtypeText(value: PyValue | undefined): string {
  if (!(value instanceof PyObject) || value.type.path !== 'numpy.dtype') {
    throw damaged(`An array's type is ${describeValue(value)} instead of a NumPy dtype.`);
  }
  const [code] = value.args;
  const [, order] = itemsOf(value.state) ?? [];
  const plain = typeof code === 'string' ? code.replace(/^[<>=|]/, '') : describeValue(code);
  return (typeof order === 'string' ? order : '<') + plain;
}

function scalar([dtype, bytes]: readonly PyValue[]): PyValue {
  const raw = typeof bytes === 'string' ? bytesOfText(bytes) : bytes;
  if (!(raw instanceof Uint8Array)) return new PyHandled('scalar', null);
  const type = numpyType(dtypeText(dtype), 'a scalar');
  const body = { name: 'a scalar', shape: [], fortran: false, what: 'a scalar', ...type };
  return readBody(raw, body).data[0] ?? 0;
}

/** numpy.core.numeric._frombuffer(bytes, dtype, shape, order): protocol 5. */
function fromBuffer([bytes, dtype, shape, order]: readonly PyValue[]): PyValue {
  const lengths = integersOf(shape);
  if (!(bytes instanceof Uint8Array) || !lengths) throw damaged('A pickled array has no numbers.');
  return arrayOf(bytes, dtypeText(dtype), lengths, order === 'F');
}

function arrayOf(bytes: Uint8Array, descr: string, shape: number[], fortran: boolean): PyHandled {
  const read = (name: string) =>
    readBody(bytes, {
      name,
      shape,
      fortran,
      what: `the array '${name}'`,
      ...numpyType(descr, name),
    });
  return new PyHandled('array', { shape, read } satisfies PickledArray);
}

/** Finds a .npy file that lies beside a joblib index. Throws where it is missing. */
export type FindSibling = (fileName: string) => Uint8Array;

/**
 * Turns NumPy's and joblib's objects into arrays as soon as they have their state: for `onBuild` of
 * `unpickle`. joblib's array data follow the object in the stream (version 0.10 on) or lie in .npy files
 * beside it (older: the paper's authors' release).
 */
export function numpyBuilder(find: FindSibling): (object: PyObject, cursor: Cursor) => PyValue {
  return (object, cursor) => {
    const { path, name } = object.type;
    if (path === 'numpy.ndarray') return ndarrayOf(object);
    if (name === 'NDArrayWrapper' && path.includes('joblib')) return siblingArray(object, find);
    if (name === 'NumpyArrayWrapper' && path.includes('joblib')) return inlineArray(object, cursor);
    if (name === 'ZNDArrayWrapper') throw compressed();
    return object;
  };
}

/** State of an ndarray: (version, shape, dtype, fortran order, data). */
function ndarrayOf(object: PyObject): PyValue {
  const state = itemsOf(object.state) ?? [];
  const [shape, dtype, fortran, data] = state.length === 5 ? state.slice(1) : state;
  const lengths = integersOf(shape);
  const raw = typeof data === 'string' ? bytesOfText(data) : data;
  if (!lengths) throw damaged('A pickled array has no shape.');
  if (!(raw instanceof Uint8Array)) {
    // Arrays of Python objects (lists of names, for one) are no weights.
    return new PyHandled('object array', null);
  }
  return arrayOf(raw, dtypeText(dtype), lengths, fortran === true);
}

function siblingArray(object: PyObject, find: FindSibling): PyValue {
  const fileName = stateText(object, 'filename');
  const bytes = find(fileName);
  if (!isNpy(bytes)) {
    throw damaged(`'${fileName}', which the index names, is not a NumPy array.`);
  }
  const { shape } = readNpy(bytes, fileName);
  const read = (name: string) => ({ ...readNpy(bytes, fileName), name });
  return new PyHandled('array', { shape: [...shape], read } satisfies PickledArray);
}

function inlineArray(object: PyObject, cursor: Cursor): PyValue {
  const get = (key: string) => stateValue(object, key);
  const shape = integersOf(get('shape'));
  if (!shape) throw damaged('An array of the joblib file has no shape.');
  const descr = dtypeText(get('dtype'));
  // Newer versions align the numbers: one byte says how many to skip.
  if (typeof get('numpy_array_alignment_bytes') === 'number') cursor.take(cursor.u8());
  const { type } = numpyType(descr, 'a joblib array');
  const bytes = cursor.take(countOf(shape, 'a joblib array') * bytesPerNumber(type));
  return arrayOf(bytes, descr, shape, get('order') === 'F');
}

function stateValue(object: PyObject, key: string): PyValue | undefined {
  const { state } = object;
  return state !== null && typeof state === 'object' && 'get' in state ? state.get(key) : undefined;
}

function stateText(object: PyObject, key: string): string {
  const value = stateValue(object, key);
  if (typeof value !== 'string') throw damaged(`The joblib index has no '${key}' for an array.`);
  return value;
}

function compressed(): Error {
  return unsupported(
    'The joblib file has compressed arrays (ZNDArrayWrapper), which are not read here.',
    'In Python: joblib.dump(joblib.load(path), new_path, compress=0), or save the arrays by np.savez.',
  );
}

/** For `collectNetworks`: the array that a pickled value is. */
export function asPickledArray(value: PyValue): Leaf | null {
  return value instanceof PyHandled && value.kind === 'array' ? (value.data as PickledArray) : null;
}
