import { createCursor, damaged, textOf, tooLarge, utf8Text } from '../../lib/bytes/cursor';
import type { Cursor } from '../../lib/bytes/cursor';
import { BASE_ALLOWED, callGlobal, instantiate, resolveGlobal } from './allowed';
import type { AllowList } from './allowed';
import { describeValue, itemsOf, PyDict, PyObject, PySet, PyTuple } from './values';
import type { PyValue } from './values';

export interface UnpickleOptions {
  /** Functions allowed beyond the plain containers. */
  allowed?: AllowList;
  /** Resolves persistent ids (torch: storages). Without it a pickle that has them is refused. */
  persistentLoad?: (id: PyValue) => PyValue;
  /** Called after an object got its state; may replace it (joblib: the array lies right behind it). */
  onBuild?: (object: PyObject, cursor: Cursor) => PyValue;
  /** Byte to start at; 0 when absent. */
  offset?: number;
}

export interface Unpickled {
  value: PyValue;
  /** Offset of the byte after the pickle. */
  end: number;
}

/** A network's pickle has some thousands of steps; optimizer states some hundred thousand. */
const MAX_STEPS = 4_000_000;
const MAX_STACK = 1_000_000;
const MAX_MEMO = 1_000_000;
const MAX_MARKS = 2_000;
/** Digits of a decimal number; 64 bits have 20. */
const MAX_DIGITS = 400;

const MARK = Symbol('mark');

interface Machine {
  cursor: Cursor;
  stack: (PyValue | typeof MARK)[];
  marks: number;
  memo: Map<number, PyValue>;
  allowed: AllowList;
  options: UnpickleOptions;
}

/**
 * Reads a pickle of protocol 0 to 5 as inert data. It is an interpreter of the format's stack machine in
 * which calls reach only an allow-list of functions written here; classes are never looked up or built.
 *
 * Throws AppError `pickle-refused` naming what is not allowed, `truncated`, `damaged`, `too-large` or
 * `unsupported`.
 */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions = {}): Unpickled {
  const machine: Machine = {
    cursor: createCursor(bytes, 'the pickle', options.offset ?? 0),
    stack: [],
    marks: 0,
    memo: new Map(),
    allowed: new Map([...BASE_ALLOWED, ...(options.allowed ?? [])]),
    options,
  };
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const at = machine.cursor.offset;
    const opcode = machine.cursor.u8();
    if (opcode === 0x2e) return { value: pop(machine), end: machine.cursor.offset };
    const run = OPCODES[opcode];
    if (!run) {
      throw damaged(
        `The pickle has the unknown instruction 0x${opcode.toString(16).padStart(2, '0')} at byte ${at}.`,
      );
    }
    run(machine);
    if (machine.stack.length > MAX_STACK || machine.memo.size > MAX_MEMO) {
      throw tooLarge('The pickle puts over a million things on its stack or into its memo.');
    }
  }
  throw tooLarge(`The pickle has more than ${MAX_STEPS} instructions.`);
}

type Opcode = (machine: Machine) => void;

function push(machine: Machine, value: PyValue): void {
  machine.stack.push(value);
}

function pop(machine: Machine): PyValue {
  const value = machine.stack.pop();
  if (value === undefined || value === MARK) {
    throw damaged(
      `The pickle takes something from an empty stack before byte ${machine.cursor.offset}.`,
    );
  }
  return value;
}

function top(machine: Machine): PyValue {
  const value = pop(machine);
  push(machine, value);
  return value;
}

function popToMark(machine: Machine): PyValue[] {
  const at = machine.stack.lastIndexOf(MARK);
  if (at < 0) {
    throw damaged(
      `The pickle closes a group that was not opened, before byte ${machine.cursor.offset}.`,
    );
  }
  const items = machine.stack.splice(at) as PyValue[];
  machine.marks -= 1;
  return items.slice(1);
}

function mark(machine: Machine): void {
  machine.marks += 1;
  if (machine.marks > MAX_MARKS) {
    throw tooLarge(`The pickle opens more than ${MAX_MARKS} groups inside each other.`);
  }
  machine.stack.push(MARK);
}

function memoize(machine: Machine, key: number): void {
  machine.memo.set(key, top(machine));
}

function recall(machine: Machine, key: number): void {
  const value = machine.memo.get(key);
  if (value === undefined) throw damaged(`The pickle recalls entry ${key}, which it never stored.`);
  push(machine, value);
}

function asciiLine(machine: Machine): string {
  return textOf(machine.cursor.line());
}

function lineNumber(machine: Machine): number {
  const text = asciiLine(machine);
  if (!/^\d{1,9}$/.test(text))
    throw damaged(`The pickle has '${text.slice(0, 40)}' as a memo key.`);
  return Number(text);
}

function decimal(text: string): PyValue {
  const digits = text.replace(/L$/, '').trim();
  if (digits.length > MAX_DIGITS || !/^[+-]?\d+$/.test(digits)) {
    throw damaged(`The pickle has '${text.slice(0, 40)}' as a whole number.`);
  }
  return toInteger(BigInt(digits));
}

function toInteger(value: bigint): PyValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Little-endian two's complement. */
function longFrom(bytes: Uint8Array): PyValue {
  if (bytes.length > MAX_DIGITS) throw tooLarge('The pickle has a number of over 400 bytes.');
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  const negative = ((bytes.at(-1) ?? 0) & 0x80) !== 0;
  return toInteger(negative ? value - (1n << BigInt(bytes.length * 8)) : value);
}

/** Python's repr of a byte string: quotes around, backslash escapes inside. */
function quoted(text: string): string {
  const inner = /^(['"])(.*)\1$/s.exec(text.trim());
  if (!inner) throw damaged(`The pickle has the text ${text.slice(0, 40)} without quotes.`);
  return (inner[2] ?? '').replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_all, code: string) => {
    if (code.startsWith('x') && code.length === 3) {
      return String.fromCharCode(parseInt(code.slice(1), 16));
    }
    return { n: '\n', r: '\r', t: '\t' }[code] ?? code;
  });
}

function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (_all, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

function setItems(target: PyValue, items: readonly PyValue[]): void {
  const dict = target instanceof PyObject ? target.dict : target;
  if (!(dict instanceof PyDict)) {
    throw damaged(`The pickle sets items of ${describeValue(target)}.`);
  }
  if (items.length % 2 !== 0) throw damaged('The pickle has a key without a value.');
  for (let i = 0; i < items.length; i += 2) {
    dict.entries.set(items[i] ?? null, items[i + 1] ?? null);
  }
}

function append(target: PyValue, items: readonly PyValue[]): void {
  const list = target instanceof PyObject || target instanceof PySet ? target.items : target;
  if (!Array.isArray(list)) throw damaged(`The pickle appends to ${describeValue(target)}.`);
  for (const item of items) list.push(item);
}

function dictFrom(items: readonly PyValue[]): PyDict {
  const dict = new PyDict();
  setItems(dict, items);
  return dict;
}

function build(machine: Machine): void {
  const state = pop(machine);
  const object = pop(machine);
  // State of containers and allow-listed values (OrderedDict's _metadata, for one) says nothing of weights.
  if (!(object instanceof PyObject)) {
    push(machine, object);
    return;
  }
  object.state = state;
  push(machine, machine.options.onBuild?.(object, machine.cursor) ?? object);
}

function persistent(machine: Machine, id: PyValue): void {
  const load = machine.options.persistentLoad;
  if (!load) throw damaged('The pickle refers to data outside of it, which is not there.');
  push(machine, load(id));
}

function argumentsOf(machine: Machine): readonly PyValue[] {
  const value = pop(machine);
  const items = itemsOf(value);
  if (!items) throw damaged(`The pickle passes ${describeValue(value)} as arguments.`);
  return items;
}

function create(machine: Machine, keywords: boolean): void {
  if (keywords) pop(machine);
  const args = argumentsOf(machine);
  push(machine, instantiate(pop(machine), args, machine.allowed));
}

function stackGlobal(machine: Machine): void {
  const name = pop(machine);
  const module = pop(machine);
  if (typeof name !== 'string' || typeof module !== 'string') {
    throw damaged('The pickle names a class by something that is not text.');
  }
  push(machine, resolveGlobal(module, name, machine.allowed));
}

function readGlobal(machine: Machine): PyValue {
  const module = utf8Text(machine.cursor.line(), "a module's name");
  return resolveGlobal(module, utf8Text(machine.cursor.line(), "a class's name"), machine.allowed);
}

function reduce(machine: Machine): void {
  const args = argumentsOf(machine);
  push(machine, callGlobal(pop(machine), args, machine.allowed));
}

function integerLine(machine: Machine): PyValue {
  const text = asciiLine(machine);
  if (text === '01') return true;
  return text === '00' ? false : decimal(text);
}

function extension(): never {
  throw damaged('The pickle uses an extension code, which only its own program knows.');
}

function outOfBand(): never {
  throw damaged('The pickle keeps its data outside of the file (protocol 5 buffers).');
}

const unicode = (bytes: Uint8Array): string => utf8Text(bytes, 'a text in the pickle');

// By opcode, in the order and with the names of CPython's pickletools.
const NAMED: Record<string, Opcode> = {
  // I INT, J BININT, K BININT1, M BININT2, L LONG, 0x8a LONG1, 0x8b LONG4
  I: (m) => push(m, integerLine(m)),
  J: (m) => push(m, m.cursor.i32()),
  K: (m) => push(m, m.cursor.u8()),
  M: (m) => push(m, m.cursor.u16()),
  L: (m) => push(m, decimal(asciiLine(m))),
  '\x8a': (m) => push(m, longFrom(m.cursor.take(m.cursor.u8()))),
  '\x8b': (m) => push(m, longFrom(m.cursor.take(m.cursor.u32()))),
  // S STRING, T BINSTRING, U SHORT_BINSTRING: Python 2's byte strings
  S: (m) => push(m, quoted(asciiLine(m))),
  T: (m) => push(m, textOf(m.cursor.take(m.cursor.u32()))),
  U: (m) => push(m, textOf(m.cursor.take(m.cursor.u8()))),
  // B BINBYTES, C SHORT_BINBYTES, 0x8e BINBYTES8, 0x96 BYTEARRAY8
  B: (m) => push(m, m.cursor.take(m.cursor.u32())),
  C: (m) => push(m, m.cursor.take(m.cursor.u8())),
  '\x8e': (m) => push(m, m.cursor.take(m.cursor.u64())),
  '\x96': (m) => push(m, m.cursor.take(m.cursor.u64())),
  // N NONE, 0x88 NEWTRUE, 0x89 NEWFALSE
  N: (m) => push(m, null),
  '\x88': (m) => push(m, true),
  '\x89': (m) => push(m, false),
  // V UNICODE, 0x8c SHORT_BINUNICODE, X BINUNICODE, 0x8d BINUNICODE8
  V: (m) => push(m, rawUnicode(asciiLine(m))),
  '\x8c': (m) => push(m, unicode(m.cursor.take(m.cursor.u8()))),
  X: (m) => push(m, unicode(m.cursor.take(m.cursor.u32()))),
  '\x8d': (m) => push(m, unicode(m.cursor.take(m.cursor.u64()))),
  // F FLOAT, G BINFLOAT
  F: (m) => push(m, Number(asciiLine(m))),
  G: (m) => push(m, m.cursor.f64be()),
  // ] EMPTY_LIST, a APPEND, e APPENDS, l LIST
  ']': (m) => push(m, []),
  a: (m) => {
    const item = pop(m);
    append(top(m), [item]);
  },
  e: (m) => {
    const items = popToMark(m);
    append(top(m), items);
  },
  l: (m) => push(m, popToMark(m)),
  // ) EMPTY_TUPLE, t TUPLE, 0x85–0x87 TUPLE1–TUPLE3
  ')': (m) => push(m, new PyTuple([])),
  t: (m) => push(m, new PyTuple(popToMark(m))),
  '\x85': (m) => push(m, new PyTuple([pop(m)])),
  '\x86': (m) => push(m, new PyTuple([pop(m), pop(m)].reverse())),
  '\x87': (m) => push(m, new PyTuple([pop(m), pop(m), pop(m)].reverse())),
  // } EMPTY_DICT, d DICT, s SETITEM, u SETITEMS
  '}': (m) => push(m, new PyDict()),
  d: (m) => push(m, dictFrom(popToMark(m))),
  s: (m) => {
    const pair = [pop(m), pop(m)].reverse();
    setItems(top(m), pair);
  },
  u: (m) => {
    const items = popToMark(m);
    setItems(top(m), items);
  },
  // 0x8f EMPTY_SET, 0x90 ADDITEMS, 0x91 FROZENSET
  '\x8f': (m) => push(m, new PySet()),
  '\x90': (m) => {
    const items = popToMark(m);
    append(top(m), items);
  },
  '\x91': (m) => {
    const set = new PySet();
    append(set, popToMark(m));
    push(m, set);
  },
  // 0 POP, 2 DUP, ( MARK, 1 POP_MARK
  '0': (m) => {
    if (m.stack.at(-1) === MARK) popToMark(m);
    else pop(m);
  },
  '2': (m) => push(m, top(m)),
  '(': mark,
  '1': (m) => void popToMark(m),
  // g GET, h BINGET, j LONG_BINGET, p PUT, q BINPUT, r LONG_BINPUT, 0x94 MEMOIZE
  g: (m) => recall(m, lineNumber(m)),
  h: (m) => recall(m, m.cursor.u8()),
  j: (m) => recall(m, m.cursor.u32()),
  p: (m) => memoize(m, lineNumber(m)),
  q: (m) => memoize(m, m.cursor.u8()),
  r: (m) => memoize(m, m.cursor.u32()),
  '\x94': (m) => memoize(m, m.memo.size),
  // 0x82–0x84 EXT1, EXT2, EXT4
  '\x82': extension,
  '\x83': extension,
  '\x84': extension,
  // c GLOBAL, 0x93 STACK_GLOBAL
  c: (m) => push(m, readGlobal(m)),
  '\x93': stackGlobal,
  // R REDUCE, b BUILD, i INST, o OBJ, 0x81 NEWOBJ, 0x92 NEWOBJ_EX
  R: reduce,
  b: build,
  i: (m) => {
    const type = readGlobal(m);
    push(m, instantiate(type, popToMark(m), m.allowed));
  },
  o: (m) => {
    const [type, ...args] = popToMark(m);
    push(m, instantiate(type, args, m.allowed));
  },
  '\x81': (m) => create(m, false),
  '\x92': (m) => create(m, true),
  // 0x80 PROTO, 0x95 FRAME: a hint for buffered readers
  '\x80': (m) => {
    const protocol = m.cursor.u8();
    if (protocol > 5) throw damaged(`The pickle is of protocol ${protocol}; 0 to 5 exist.`);
  },
  '\x95': (m) => void m.cursor.u64(),
  // P PERSID, Q BINPERSID
  P: (m) => persistent(m, asciiLine(m)),
  Q: (m) => persistent(m, pop(m)),
  // 0x97 NEXT_BUFFER, 0x98 READONLY_BUFFER
  '\x97': outOfBand,
  '\x98': outOfBand,
};

const OPCODES: (Opcode | undefined)[] = [];
for (const [character, run] of Object.entries(NAMED)) OPCODES[character.charCodeAt(0)] = run;
