/** The active mask as the panel edits it, with undo. */
import { useCallback, useMemo } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UnitMask } from '../../model/source';
import { maskOf, setMask } from '../../session/mask';
import { maskParam, tidyUnits } from '../../session/mask-link';
import type { CurrentModel, Session } from '../../session/session';
import { useSession, useStoreValue, useUrlParam } from '../../ui/session-context';

const MAX_STEPS = 100;
const histories = new WeakMap<Session, StoreApi<{ past: { hash: string; units: UnitMask }[] }>>();

/** Survives a change of panel, as the mask does. */
function historyOf(session: Session) {
  let history = histories.get(session);
  if (!history) {
    history = createStore<{ past: { hash: string; units: UnitMask }[] }>(() => ({ past: [] }));
    histories.set(session, history);
  }
  return history;
}

/** Remembers the mask as it is, for undo: called once before what changes it. */
export function checkpointMask(session: Session, model: CurrentModel): void {
  const step = { hash: model.modelHash, units: maskOf(session.url, model).units };
  historyOf(session).setState(({ past }) => ({ past: [...past, step].slice(-MAX_STEPS) }));
}

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
  const history = historyOf(session);
  const past = useStoreValue(history, (state) => state.past);
  const { units, on } = useMemo(
    () => ({ ...maskOf(session.url, model), of: link }),
    [session, model, link],
  );
  const last = past.filter(({ hash }) => hash === model.modelHash).at(-1);

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
  const undo = last
    ? () => {
        history.setState((state) => ({ past: state.past.filter((step) => step !== last) }));
        change(last.units);
      }
    : null;
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
