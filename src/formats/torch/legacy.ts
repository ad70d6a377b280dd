import { createCursor, damaged, startsWith, truncated } from '../../lib/bytes/cursor';
import { bytesPerNumber } from '../bytes/numbers';
import { unpickle } from '../pickle/unpickle';
import { describeValue, itemsOf, PyHandled } from '../pickle/values';
import type { PyValue } from '../pickle/values';
import { storageType, torchAllowed } from './tensors';
import type { TorchStorage } from './tensors';

/** torch.save's magic number 0x1950a86a20f9469cfc6c, pickled with protocol 2. */
const MAGIC = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e';

/** torch.storage._load_from_bytes within itself means nothing. */
const MAX_NESTING = 2;

/** True for files of torch.save before version 1.6 (or `_use_new_zipfile_serialization=False`). */
export function isLegacyTorch(head: Uint8Array): boolean {
  return startsWith(head, MAGIC);
}

/**
 * Reads the format before torch 1.6: pickles of magic number, protocol, sizes, the object and the keys
 * of its storages, then for each key its length (64 bits) and its numbers. Source: torch/serialization.py,
 * `_legacy_load`.
 *
 * Throws what `unpickle` throws.
 */
export function readLegacyTorch(bytes: Uint8Array, nesting = 0): PyValue {
  let { end } = unpickle(bytes);
  ({ end } = unpickle(bytes, { offset: end }));
  // The system's description says 'little_endian', but torch writes storages so on every machine.
  const system = unpickle(bytes, { offset: end });
  const storages = new Map<string, TorchStorage>();
  const object = unpickle(bytes, {
    offset: system.end,
    allowed: torchAllowed((inner) => loadNested(inner, nesting)),
    persistentLoad: (id) => loadPersistent(id, storages),
  });
  const keys = unpickle(bytes, { offset: object.end });
  attachStorages(bytes, keys.end, keys.value, storages);
  return object.value;
}

/** A storage that was pickled by itself, as pickle.dump(state_dict) does it. */
export function loadNested(bytes: Uint8Array, nesting: number): PyValue {
  if (nesting >= MAX_NESTING) throw damaged('The pickle holds torch files inside each other.');
  if (!isLegacyTorch(bytes))
    throw damaged('A storage in the pickle is not in the format of torch.');
  return readLegacyTorch(bytes, nesting + 1);
}

/** ('storage', type, key, device, size, view) or ('module', class, source file, source). */
function loadPersistent(id: PyValue, storages: Map<string, TorchStorage>): PyValue {
  const items = itemsOf(id);
  const [kind, type, key, , size, view] = items ?? [];
  // A module's class comes with its source text, which is not looked at.
  if (kind === 'module' && type !== undefined) return type;
  if (kind !== 'storage' || typeof key !== 'string' || typeof size !== 'number') {
    throw damaged(`The file refers to a storage by ${describeValue(id)}.`);
  }
  const root = storages.get(key) ?? {
    key,
    type: storageType(type),
    size,
    littleEndian: true,
    bytes: () => {
      throw damaged(`The file has no storage '${key}', though a tensor uses it.`);
    },
    viewOffset: 0,
  };
  storages.set(key, root);
  const [, viewOffset] = itemsOf(view) ?? [];
  if (typeof viewOffset !== 'number') return new PyHandled('storage', root);
  // The root gets its bytes later, so the view must ask it then.
  const viewed: TorchStorage = { ...root, viewOffset, bytes: () => root.bytes() };
  return new PyHandled('storage', viewed);
}

function attachStorages(
  bytes: Uint8Array,
  offset: number,
  keys: PyValue,
  storages: Map<string, TorchStorage>,
): void {
  const cursor = createCursor(bytes, 'the file', offset);
  for (const key of itemsOf(keys) ?? []) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage)
      throw damaged(`The file lists the storage ${describeValue(key)}, which no tensor uses.`);
    const size = cursor.u64();
    if (size !== storage.size) {
      throw damaged(
        `Storage '${storage.key}' has ${size} numbers at byte ${cursor.offset - 8}, but its tensors expect ${storage.size}.`,
      );
    }
    const length = size * bytesPerNumber(storage.type);
    if (cursor.offset + length > bytes.length) {
      throw truncated(`storage '${storage.key}'`, cursor.offset, `${length} bytes`, bytes.length);
    }
    const content = cursor.take(length);
    storage.bytes = () => content;
  }
}
