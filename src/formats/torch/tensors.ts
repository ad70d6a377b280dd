import { damaged, unsupported } from '../../lib/bytes/cursor';
import {
  bytesPerNumber,
  countOf,
  gatherStrided,
  numberReader,
  readNumbers,
} from '../bytes/numbers';
import type { NumberType } from '../bytes/numbers';
import type { AllowList } from '../pickle/allowed';
import { describeValue, integersOf, itemsOf, PyGlobal, PyHandled } from '../pickle/values';
import type { PyValue } from '../pickle/values';
import type { ForeignArray } from '../../model/foreign';

/** Where a storage's bytes are; they may come later in the file than the tensors that use them. */
export interface TorchStorage {
  key: string;
  type: NumberType;
  /** In numbers, as the file claims. */
  size: number;
  littleEndian: boolean;
  bytes: () => Uint8Array;
  /** First number of a view into a bigger storage (legacy files). */
  viewOffset: number;
}

/** A tensor before its numbers are read. */
export interface TorchTensor {
  storage: TorchStorage;
  offset: number;
  shape: number[];
  strides: number[];
}

const STORAGE_TYPES: Record<string, NumberType> = {
  FloatStorage: 'f32',
  DoubleStorage: 'f64',
  HalfStorage: 'f16',
  BFloat16Storage: 'bf16',
  LongStorage: 'i64',
  IntStorage: 'i32',
  ShortStorage: 'i16',
  CharStorage: 'i8',
  ByteStorage: 'u8',
  BoolStorage: 'bool',
  UntypedStorage: 'u8',
};

/** Number type of 'torch.FloatStorage'. Throws AppError `unsupported` for complex and quantised ones. */
export function storageType(global: PyValue | undefined): NumberType {
  const name = global instanceof PyGlobal ? global.name : '';
  const type = Object.hasOwn(STORAGE_TYPES, name) ? STORAGE_TYPES[name] : undefined;
  if (type) return type;
  throw unsupported(
    `A tensor's storage is of the type ${describeValue(global)}, which is not read here.`,
    'Convert the weights before saving: model.float().state_dict(). Quantised and complex tensors are not read.',
  );
}

/** The functions of torch that a weights file may call. */
export function torchAllowed(loadFromBytes: (bytes: Uint8Array) => PyValue): AllowList {
  const opaque = (kind: string) => () => new PyHandled(kind, null);
  return new Map([
    ['torch._utils._rebuild_tensor', rebuildTensor],
    ['torch._utils._rebuild_tensor_v2', rebuildTensor],
    ['torch._utils._rebuild_tensor_v3', rebuildTensorV3],
    ['torch._utils._rebuild_parameter', firstOf],
    ['torch._utils._rebuild_parameter_with_state', firstOf],
    ['torch._tensor._rebuild_from_type_v2', rebuildFromType],
    [
      'torch.storage._load_from_bytes',
      ([bytes]: readonly PyValue[]) => loadBytes(bytes, loadFromBytes),
    ],
    // TorchScript marks the types of its lists.
    ...['intlist', 'doublelist', 'boollist', 'tensorlist'].map(
      (kind) => [`torch.jit._pickle.build_${kind}`, firstOf] as const,
    ),
    ['torch.jit._pickle.restore_type_tag', firstOf],
    ['torch.device', opaque('device')],
    ['torch.Size', ([items]: readonly PyValue[]) => [...(itemsOf(items) ?? [])]],
    ['torch._C.Generator', opaque('generator')],
    ...['_rebuild_sparse_tensor', '_rebuild_qtensor', '_rebuild_meta_tensor_no_storage'].map(
      (name) => [`torch._utils.${name}`, () => refuseTensor(name)] as const,
    ),
  ]);
}

function firstOf([value]: readonly PyValue[]): PyValue {
  return value ?? null;
}

function refuseTensor(name: string): never {
  const kind = { _rebuild_sparse_tensor: 'sparse', _rebuild_qtensor: 'quantised' }[name] ?? 'empty';
  throw unsupported(
    `The file has a ${kind} tensor (torch._utils.${name}), which is not read here.`,
    'Convert the weights to ordinary dense 32-bit tensors before saving them.',
  );
}

function loadBytes(bytes: PyValue | undefined, load: (bytes: Uint8Array) => PyValue): PyValue {
  if (bytes instanceof Uint8Array) return load(bytes);
  throw damaged('torch.storage._load_from_bytes stands before something that is not bytes.');
}

function rebuildTensor(args: readonly PyValue[]): PyValue {
  const [storage, offset, size, strides] = args;
  return makeTensor(storage, offset, size, strides);
}

/** (storage, offset, size, stride, requires_grad, hooks, dtype, metadata): dtype over an untyped storage. */
function rebuildTensorV3(args: readonly PyValue[]): PyValue {
  const [storage, offset, size, strides, , , dtype] = args;
  const type = dtype instanceof PyGlobal ? DTYPES[dtype.name] : undefined;
  if (!type || !isStorage(storage)) {
    throw unsupported(
      `A tensor is of the type ${describeValue(dtype)}, which is not read here.`,
      'Convert the weights before saving: model.float().state_dict().',
    );
  }
  const untyped = storage.data;
  const bytes = untyped.size * bytesPerNumber(untyped.type);
  const typed = { ...untyped, type, size: Math.floor(bytes / bytesPerNumber(type)) };
  return makeTensor(new PyHandled('storage', typed), offset, size, strides);
}

const DTYPES: Record<string, NumberType> = {
  float16: 'f16',
  half: 'f16',
  bfloat16: 'bf16',
  float32: 'f32',
  float: 'f32',
  float64: 'f64',
  double: 'f64',
  uint8: 'u8',
  int8: 'i8',
  int16: 'i16',
  uint16: 'u16',
  int32: 'i32',
  uint32: 'u32',
  int64: 'i64',
  uint64: 'u64',
  bool: 'bool',
};

function makeTensor(
  storage: PyValue | undefined,
  offset: PyValue | undefined,
  size: PyValue | undefined,
  strides: PyValue | undefined,
): PyValue {
  const shape = integersOf(size);
  const steps = integersOf(strides);
  if (
    !isStorage(storage) ||
    typeof offset !== 'number' ||
    !shape ||
    steps?.length !== shape.length
  ) {
    throw damaged(
      'A tensor of the file is described by things that are no storage, shape and strides.',
    );
  }
  const tensor: TorchTensor = { storage: storage.data, offset, shape, strides: steps };
  return new PyHandled('tensor', tensor);
}

/** (function, type, arguments, state): subclasses of Tensor and Parameter. */
function rebuildFromType(args: readonly PyValue[]): PyValue {
  const [inner, , innerArgs] = args;
  const items = itemsOf(innerArgs);
  const rebuild = {
    'torch._utils._rebuild_tensor_v2': rebuildTensor,
    'torch._utils._rebuild_tensor_v3': rebuildTensorV3,
    'torch._utils._rebuild_parameter': firstOf,
  }[inner instanceof PyGlobal ? inner.path : ''];
  if (!rebuild || !items) {
    throw unsupported(
      `The file rebuilds a tensor by ${describeValue(inner)}, which is not read here.`,
      'Save the plain weights: torch.save(model.state_dict(), path).',
    );
  }
  return rebuild(items);
}

function isStorage(
  value: PyValue | undefined,
): value is PyHandled & { readonly data: TorchStorage } {
  return value instanceof PyHandled && value.kind === 'storage';
}

/** True for what `torchAllowed`'s functions make of a tensor. */
export function isTensor(
  value: PyValue | undefined,
): value is PyHandled & { readonly data: TorchTensor } {
  return value instanceof PyHandled && value.kind === 'tensor';
}

/**
 * Reads a tensor's numbers. Throws AppError `truncated` (by the storage), `damaged` where the tensor
 * leaves its storage, or `too-large`.
 */
export function readTensor(name: string, tensor: TorchTensor): ForeignArray {
  const { storage, shape, strides } = tensor;
  const bytes = storage.bytes();
  const available = Math.floor(bytes.length / bytesPerNumber(storage.type));
  const read = numberReader(bytes, storage.type, storage.littleEndian);
  const offset = tensor.offset + storage.viewOffset;
  const count = countOf(shape, name);
  if (isContiguous(shape, strides) && offset >= 0 && offset + count <= available) {
    const size = bytesPerNumber(storage.type);
    const part = bytes.subarray(offset * size, (offset + count) * size);
    return { name, shape, data: readNumbers(part, storage.type, storage.littleEndian) };
  }
  return { name, shape, data: gatherStrided(read, available, { name, offset, shape, strides }) };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const length = shape[axis] ?? 1;
    if (length !== 1 && strides[axis] !== expected) return false;
    expected *= length;
  }
  return true;
}
