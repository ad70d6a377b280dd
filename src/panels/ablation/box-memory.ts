import type { Box } from '../../core/boxes';
import { formatBoxSet, parseBoxSet } from '../../model/box-set';

interface Kept {
  seed: number;
  boxes: readonly Box[];
}

/** Boxes of one model that this browser remembers; without storage they last until the page is closed. */
export function boxMemory(modelHash: string): {
  read: () => Kept | null;
  write: (kept: Kept) => void;
} {
  const key = `latentarium.boxes.${modelHash.slice(0, 16)}`;
  return {
    read() {
      try {
        const text = localStorage.getItem(key);
        if (text === null) return null;
        const set = parseBoxSet(text);
        return set.modelHash === modelHash && set.boxes.length > 0 ? set : null;
      } catch {
        // Written by an older version of the page, or storage is forbidden: start anew.
        return null;
      }
    },
    write({ seed, boxes }) {
      try {
        localStorage.setItem(key, formatBoxSet({ v: 1, modelHash, seed, boxes: [...boxes] }));
      } catch {
        // Storage is full or forbidden: the boxes hold until the page is closed.
      }
    },
  };
}
