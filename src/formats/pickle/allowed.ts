import { AppError } from '../../lib/errors';
import { bytesOfText, damaged } from '../../lib/bytes/cursor';
import { itemsOf, PyDict, PyGlobal, PyHandled, PyObject, PySet, PyTuple } from './values';
import type { PyValue } from './values';

/** What one allow-listed function does with its arguments: plain data in, plain data out. */
type AllowedFunction = (args: readonly PyValue[]) => PyValue;

/** By full name: 'collections.OrderedDict'. */
export type AllowList = ReadonlyMap<string, AllowedFunction>;

/** Modules with which a pickle can do harm or hide it. Naming anything in them is refused at once. */
const DANGEROUS = new Set(
  `os posix nt subprocess sys shutil socket importlib runpy ctypes code codeop pty commands webbrowser
   pickle cPickle _pickle dill cloudpickle marshal types functools operator inspect gc multiprocessing
   threading asyncio signal tempfile io pip requests urllib http ftplib smtplib telnetlib platform bdb pdb
   timeit cProfile profile trace ast builtins __builtin__ _io _posixsubprocess _winapi site linecache
   distutils setuptools imp zipimport atexit ssl _thread nturl2path venv ensurepip idlelib lib2to3`.split(
    /\s+/,
  ),
);

/** Plain containers and leaf values that checkpoints of all frameworks hold. */
export const BASE_ALLOWED: AllowList = new Map<string, AllowedFunction>([
  ...pairs(['collections.OrderedDict', 'builtins.dict', '__builtin__.dict'], dictOf),
  // The factory (first argument) is never called.
  ...pairs(['collections.defaultdict'], () => new PyDict()),
  ...pairs(['collections.Counter'], dictOf),
  ...pairs(
    ['builtins.set', '__builtin__.set', 'builtins.frozenset', '__builtin__.frozenset'],
    (args) => {
      const set = new PySet();
      set.items.push(...(itemsOf(args[0]) ?? []));
      return set;
    },
  ),
  ...pairs(['builtins.list', '__builtin__.list', 'collections.deque'], (args) => [
    ...(itemsOf(args[0]) ?? []),
  ]),
  ...pairs(['builtins.tuple', '__builtin__.tuple'], (args) => new PyTuple(itemsOf(args[0]) ?? [])),
  ...pairs(['builtins.bytearray', '__builtin__.bytearray', 'builtins.bytes'], (args) => {
    const [first] = args;
    if (first instanceof Uint8Array) return first;
    return typeof first === 'string' ? bytesOfText(first) : new Uint8Array(0);
  }),
  ...pairs(['_codecs.encode'], ([text]) => {
    if (typeof text !== 'string') throw damaged('_codecs.encode stands before something not text.');
    return bytesOfText(text);
  }),
  ...pairs(['builtins.complex', '__builtin__.complex', 'builtins.slice'], opaque('value')),
  ...pairs(
    ['pathlib.PosixPath', 'pathlib.WindowsPath', 'pathlib.PurePosixPath', 'pathlib.Path'],
    opaque('path'),
  ),
  ...pairs(['datetime.datetime', 'datetime.timedelta', 'datetime.date'], opaque('date')),
]);

// Names without which plain attributes could not be pickled; they may stand there, nothing is done with them.
const HARMLESS_NAMES = new Set(
  [
    'object',
    'int',
    'float',
    'bool',
    'str',
    'bytes',
    'dict',
    'list',
    'tuple',
    'set',
    'type',
    'long',
  ].flatMap((name) => [`builtins.${name}`, `__builtin__.${name}`]),
);

/** Reads a name. Throws AppError `pickle-refused` for modules with which a pickle can do harm. */
export function resolveGlobal(module: string, name: string, allowed: AllowList): PyGlobal {
  const global = new PyGlobal(module, name);
  if (allowed.has(global.path) || HARMLESS_NAMES.has(global.path)) return global;
  const root = module.split('.')[0] ?? module;
  if (DANGEROUS.has(root)) throw refused(global, 'names');
  return global;
}

/** Does what an allow-listed function means. Throws AppError `pickle-refused` for all others. */
export function callGlobal(
  callable: PyValue | undefined,
  args: readonly PyValue[],
  allowed: AllowList,
): PyValue {
  if (!(callable instanceof PyGlobal)) {
    throw damaged('The pickle calls something that is not a function.');
  }
  // How protocols 0 and 1 say "an object of this class, state follows".
  if (callable.path === 'copyreg._reconstructor' || callable.path === 'copy_reg._reconstructor') {
    return instantiate(args[0], [], allowed);
  }
  const handler = allowed.get(callable.path);
  if (!handler) throw refused(callable, 'calls');
  return handler(args);
}

/** An object that is not constructed; allow-listed classes become the plain data that they mean. */
export function instantiate(
  type: PyValue | undefined,
  args: readonly PyValue[],
  allowed: AllowList,
): PyValue {
  if (!(type instanceof PyGlobal)) {
    throw damaged('The pickle makes an object of something that is not a class.');
  }
  const handler = allowed.get(type.path);
  return handler ? handler(args) : new PyObject(type, args);
}

function refused(global: PyGlobal, verb: 'names' | 'calls'): AppError {
  const own = /^(__main__|models?|networks?|net|gan|dcgan|generator)\b/i.test(global.module);
  const advice = own
    ? 'The file needs its own program code. In that program, save the weights alone: torch.save(model.state_dict(), path).'
    : 'A weights file has no need of it, so the file is broken, very unusual, or meant to do harm. Do not load it in Python either; ask for a state dict or safetensors.';
  return new AppError({
    code: 'pickle-refused',
    message: `The pickle ${verb} ${global.path}, which is not on the list of what weights files may use. Nothing of it was run.`,
    hint: advice,
  });
}

function opaque(kind: string): AllowedFunction {
  return () => new PyHandled(kind, null);
}

function dictOf(args: readonly PyValue[]): PyDict {
  const dict = new PyDict();
  const [first] = args;
  if (first instanceof PyDict)
    for (const [key, value] of first.entries) dict.entries.set(key, value);
  for (const pair of itemsOf(first) ?? []) {
    const [key, value] = itemsOf(pair) ?? [];
    if (key !== undefined && value !== undefined) dict.entries.set(key, value);
  }
  return dict;
}

function pairs(
  names: readonly string[],
  handler: AllowedFunction,
): (readonly [string, AllowedFunction])[] {
  return names.map((name) => [name, handler] as const);
}
