/**
 * What a pickle can hold, as inert data. Nothing of Python is ever constructed: a class is a name, an
 * object is the name of its class with the state that was to be given to it.
 */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyValue[]
  | PyTuple
  | PyDict
  | PySet
  | PyGlobal
  | PyObject
  | PyHandled;

export class PyTuple {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** Keys in order of insertion. Keys that are not text or numbers are kept, but cannot be looked up. */
export class PyDict {
  readonly entries = new Map<PyValue, PyValue>();

  get(key: string | number): PyValue | undefined {
    return this.entries.get(key);
  }
}

export class PySet {
  readonly items: PyValue[] = [];
}

/** A class or function by name: 'collections.OrderedDict'. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object that was not constructed: its class's name and the state it would have got. */
export class PyObject {
  readonly type: PyGlobal;
  readonly args: readonly PyValue[];
  state: PyValue = null;
  /** What APPENDS and SETITEMS would have put into it (subclasses of list and dict). */
  readonly items: PyValue[] = [];
  readonly dict = new PyDict();
  constructor(type: PyGlobal, args: readonly PyValue[]) {
    this.type = type;
    this.args = args;
  }
}

/** What an allow-listed function made: the format that allowed it knows what it is. */
export class PyHandled {
  readonly kind: string;
  readonly data: unknown;
  constructor(kind: string, data: unknown) {
    this.kind = kind;
    this.data = data;
  }
}

/** The items of a list or tuple; null for anything else. */
export function itemsOf(value: PyValue | undefined): readonly PyValue[] | null {
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple ? value.items : null;
}

/** The numbers of a list or tuple of whole numbers; null for anything else. */
export function integersOf(value: PyValue | undefined): number[] | null {
  const items = itemsOf(value);
  if (!items) return null;
  const numbers = items.map((item) => (typeof item === 'bigint' ? Number(item) : item));
  return numbers.every((item) => typeof item === 'number' && Number.isSafeInteger(item))
    ? (numbers as number[])
    : null;
}

/** A few words for error messages: 'a tuple', 'None', "'text'". */
export function describeValue(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'string') return `the text '${value.slice(0, 40)}'`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof PyTuple) return 'a tuple';
  if (value instanceof PyDict) return 'a dict';
  if (value instanceof PySet) return 'a set';
  if (value instanceof PyGlobal) return `the name ${value.path}`;
  if (value instanceof PyObject) return `an object of class ${value.type.path}`;
  if (value instanceof PyHandled) return `a ${value.kind}`;
  return `the ${typeof value} ${String(value)}`;
}
