/** The shelf: kept latents, directions, masks and equations. Every panel takes from it and puts on it. */
import type { StoreApi } from 'zustand/vanilla';
import type { UnitMask } from '../model/source';

interface ShelfItemBase {
  v: 1;
  id: string;
  label: string;
  tags: string[];
  /** sha256 of the generator that it was made with. */
  modelHash: string;
  /** ISO 8601. */
  createdAt: string;
}

export interface LatentItem extends ShelfItemBase {
  kind: 'latent';
  /** `thumbnail` is a data URL (PNG), made when the item was kept. */
  data: { z: number[]; thumbnail: string };
}

export interface DirectionItem extends ShelfItemBase {
  kind: 'direction';
  data: { z: number[]; thumbnail?: string };
}

export interface MaskItem extends ShelfItemBase {
  kind: 'mask';
  data: { units: UnitMask };
}

export interface EquationItem extends ShelfItemBase {
  kind: 'equation';
  data: { terms: { sign: 1 | -1; name: string; z: number[][] }[] };
}

export type ShelfItem = LatentItem | DirectionItem | MaskItem | EquationItem;

export type NewShelfItem = ShelfItem extends infer Item
  ? Item extends ShelfItem
    ? Pick<Item, 'kind' | 'data' | 'modelHash'> & { label?: string; tags?: string[] }
    : never
  : never;

export interface ShelfState {
  /** False until IndexedDB was read. */
  loaded: boolean;
  /** In the visitor's order. */
  items: ShelfItem[];
  /** Where the shelf is only in memory (private window, full disk): said once in a notice. */
  persistent: boolean;
}

export interface Shelf {
  store: StoreApi<ShelfState>;
  /** Kept at once on the screen and then in IndexedDB. A label is made up when none is given. */
  add(item: NewShelfItem): ShelfItem;
  update(id: string, change: { label?: string; tags?: string[] }): void;
  move(id: string, toIndex: number): void;
  /** Posts a notice with Undo. */
  remove(ids: readonly string[]): void;
  /** Posts a notice with Undo. */
  clear(): void;
  /** `{v: 1, items}` as JSON. */
  exportJson(): string;
  /** Adds what is valid, skips ids that are there already; throws AppError when nothing is readable. */
  importJson(text: string): { added: number; skipped: number };
}
