import { AppError } from '../lib/errors';
import { imageSize, type ImageSet } from '../model/image-set';
import { reorderPieces, shuffledOrder } from './order';

/** Fewer make no batch. */
export const MIN_PICTURES = 4;
/** More than this are not trained on. */
export const MAX_PICTURES = 50_000;

type Bytes = Uint8Array | Uint8ClampedArray;

export interface Collector {
  /** Takes a picture unless it is one that is there already; says which. */
  add(name: string, picture: Bytes): boolean;
  /** Names of those that were there already. */
  readonly duplicates: readonly string[];
  readonly count: number;
  /** What was taken, shuffled. The collector is empty afterwards. */
  finish(seed: number): ImageSet;
}

/** Gathers up to `room` pictures of size × size × channels bytes. Throws AppError `data-memory`. */
export function createCollector(
  room: number,
  kind: Pick<ImageSet, 'size' | 'channels'>,
): Collector {
  const one = imageSize(kind);
  const data = allocate(room, one, kind.size);
  const duplicates: string[] = [];
  const byHash = new Map<number, number[]>();
  let count = 0;

  function isKnown(picture: Bytes, places: readonly number[]): boolean {
    return places.some((place) => {
      const from = place * one;
      for (let i = 0; i < one; i++) if (data[from + i] !== picture[i]) return false;
      return true;
    });
  }

  return {
    duplicates,
    get count() {
      return count;
    },
    add(name, picture) {
      const hash = hashOf(picture);
      const places = byHash.get(hash) ?? [];
      if (isKnown(picture, places)) {
        duplicates.push(name);
        return false;
      }
      byHash.set(hash, [...places, count]);
      data.set(picture, count * one);
      count += 1;
      return true;
    },
    finish(seed) {
      const used = data.subarray(0, count * one);
      reorderPieces(used, one, shuffledOrder(count, seed));
      // A few pictures less are not worth a copy, which needs the memory once more.
      const whole = count > 0.9 * room ? used : used.slice();
      return { count, ...kind, data: whole };
    },
  };
}

function allocate(room: number, one: number, size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(room * one);
  } catch (cause) {
    throw new AppError(
      {
        code: 'data-memory',
        message: `${room.toLocaleString('en')} pictures of ${size}×${size} need ${Math.round((room * one) / 1e6).toLocaleString('en')} MB, which this browser does not give.`,
        hint: 'Choose a smaller size, grey instead of color, or fewer pictures; close other tabs.',
      },
      { cause },
    );
  }
}

/** FNV-1a, 32 bits: equal pictures have equal hashes, and few others do. */
function hashOf(bytes: Bytes): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}
