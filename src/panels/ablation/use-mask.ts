/** The active mask as the panel edits it, with undo. */
import { useCallback, useMemo } from 'react';
import type { UnitMask } from '../../model/source';
import { maskOf, setMask } from '../../session/mask';
import { checkpointMask, lastStep, maskHistory, undoMask } from '../../session/mask-history';
import { maskParam, tidyUnits } from '../../session/mask-link';
import type { CurrentModel } from '../../session/session';
import { useSession, useStoreValue, useUrlParam } from '../../ui/session-context';

export interface MaskEditor {
  /** As in the link, applied or not. */
  units: UnitMask;
  on: boolean;
  /** What the pictures are drawn with. */
  active: UnitMask;
  checkpoint: () => void;
  change: (units: UnitMask) => void;
  undo: (() => void) | null;
}

const NOTHING: UnitMask = {};

export function useMask(model: CurrentModel): MaskEditor {
  const session = useSession();
  const [link] = useUrlParam(maskParam);
  const past = useStoreValue(maskHistory(session), (state) => state.past);
  const { units, on } = useMemo(
    () => ({ ...maskOf(session.url, model), of: link }),
    [session, model, link],
  );

  const checkpoint = useCallback(() => checkpointMask(session, model), [session, model]);
  const change = useCallback(
    (next: UnitMask) => {
      try {
        setMask(session, next);
      } catch (error) {
        session.notices.postError(error);
      }
    },
    [session],
  );
  const undo = lastStep(past, model) ? () => undoMask(session, model) : null;
  return { units, on, active: on ? units : NOTHING, checkpoint, change, undo };
}

/** A mask with some filters of a layer at a scale. */
export function withScale(
  units: UnitMask,
  layer: string,
  filters: readonly number[],
  scale: number,
): UnitMask {
  const scales = { ...units[layer] };
  for (const filter of filters) scales[filter] = scale;
  return tidyUnits({ ...units, [layer]: scales });
}

export function scaleOf(units: UnitMask, layer: string, filter: number): number {
  return units[layer]?.[filter] ?? 1;
}
