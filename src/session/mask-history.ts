/** The masks before the active one, for Undo. They outlive a change of panel, as the mask does. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UnitMask } from '../model/source';
import { maskOf, setMask } from './mask';
import type { CurrentModel, Session } from './session';

interface Step {
  modelHash: string;
  units: UnitMask;
}

const MAX_STEPS = 100;
const histories = new WeakMap<Session, StoreApi<{ past: Step[] }>>();

/** Oldest first, of all models. */
export function maskHistory(session: Session): StoreApi<{ past: Step[] }> {
  let history = histories.get(session);
  if (!history) {
    history = createStore<{ past: Step[] }>(() => ({ past: [] }));
    histories.set(session, history);
  }
  return history;
}

/** Remembers the mask as it is: called once before what changes it. */
export function checkpointMask(session: Session, model: CurrentModel): void {
  const step = { modelHash: model.modelHash, units: maskOf(session.url, model).units };
  maskHistory(session).setState(({ past }) => ({ past: [...past, step].slice(-MAX_STEPS) }));
}

/** The step that Undo would return to, of this model. */
export function lastStep(past: readonly Step[], model: CurrentModel): Step | undefined {
  return past.filter(({ modelHash }) => modelHash === model.modelHash).at(-1);
}

/** Puts the mask on that was there before the last change; nothing where there was none. */
export function undoMask(session: Session, model: CurrentModel): void {
  const history = maskHistory(session);
  const last = lastStep(history.getState().past, model);
  if (!last) return;
  history.setState(({ past }) => ({ past: past.filter((step) => step !== last) }));
  setMask(session, last.units);
}
