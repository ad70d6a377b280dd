import { damaged, textOf } from '../../lib/bytes/cursor';
import type { ZipEntry } from '../../lib/bytes/zip';
import { unpickle } from '../pickle/unpickle';
import { describeValue, itemsOf, PyHandled } from '../pickle/values';
import type { PyValue } from '../pickle/values';
import { loadNested } from './legacy';
import { storageType, torchAllowed } from './tensors';
import type { TorchStorage } from './tensors';

/** The entry that makes a zip one of torch: 'archive/data.pkl', under whatever folder. */
export function torchPickleEntry(entries: readonly ZipEntry[]): ZipEntry | undefined {
  return entries.find(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
}

/**
 * Reads the zip format of torch 1.6 and later (TorchScript included: its code is not looked at): a pickle
 * whose persistent ids name the files with the storages. Source: torch/serialization.py, `_load`.
 *
 * Throws what `unpickle` throws, and `damaged` for missing storages.
 */
export function readZippedTorch(entries: readonly ZipEntry[], pickle: ZipEntry): PyValue {
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const order = byName.get(`${folder}byteorder`);
  const littleEndian = order === undefined || textOf(order.read()).trim() !== 'big';
  const storages = new Map<string, TorchStorage>();
  const open = (id: PyValue): PyValue => {
    const [kind, type, key, , size] = itemsOf(id) ?? [];
    if (kind !== 'storage' || typeof key !== 'string' || typeof size !== 'number') {
      throw damaged(`The file refers to a storage by ${describeValue(id)}.`);
    }
    const bytes = (): Uint8Array => {
      const entry = byName.get(`${folder}data/${key}`);
      if (!entry) {
        throw damaged(`The zip has no file '${folder}data/${key}', though a tensor uses it.`);
      }
      return entry.read();
    };
    const known = storages.get(key);
    const storage: TorchStorage = known ?? {
      key,
      type: storageType(type),
      size,
      littleEndian,
      bytes: once(bytes),
      viewOffset: 0,
    };
    storages.set(key, storage);
    // One storage may be read as several types (torch 2: untyped storages).
    return new PyHandled('storage', { ...storage, type: storageType(type) });
  };
  const allowed = torchAllowed((inner) => loadNested(inner, 0));
  return unpickle(pickle.read(), { allowed, persistentLoad: open }).value;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
