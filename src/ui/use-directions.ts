import { useMemo } from 'react';
import type { CurrentModel } from '../session/session';
import { useSession, useStoreValue } from './session-context';

/** A named direction of the shelf that fits the model. */
export interface NamedDirection {
  id: string;
  label: string;
  /** The whole way from one group's mean to the other's. */
  direction: Float32Array;
}

/** The kept directions of this model, in the shelf's order. */
export function useDirections(model: CurrentModel): readonly NamedDirection[] {
  const { shelf } = useSession();
  const items = useStoreValue(shelf.store, (state) => state.items);
  return useMemo(
    () =>
      items.flatMap((item) =>
        item.kind === 'direction' &&
        item.modelHash === model.modelHash &&
        item.data.z.length === model.spec.latent.size
          ? [{ id: item.id, label: item.label, direction: Float32Array.from(item.data.z) }]
          : [],
      ),
    [items, model],
  );
}
