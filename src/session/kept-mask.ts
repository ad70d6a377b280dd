/** Masks of the shelf, put on and taken off in any panel. */
import { clearMask, countUnits, maskOf, sameUnits, setMask } from './mask';
import { checkpointMask, undoMask } from './mask-history';
import type { CurrentModel, Session } from './session';
import type { MaskItem } from './shelf';

/** Whether the pictures are drawn with just this mask. */
export function isMaskOn({ url }: Session, model: CurrentModel, item: MaskItem): boolean {
  const { units, on } = maskOf(url, model);
  return on && item.modelHash === model.modelHash && sameUnits(units, item.data.units);
}

/** Puts a kept mask on in place of what is on, with a notice that undoes it. Failures become notices. */
export function putMaskOn(session: Session, item: MaskItem): void {
  const model = session.models.store.getState().current;
  if (!model) return;
  try {
    checkpointMask(session, model);
    setMask(session, item.data.units, { push: true });
  } catch (error) {
    session.notices.postError(error);
    return;
  }
  const count = countUnits(item.data.units);
  session.notices.post({
    level: 'info',
    message: `“${item.label}” is on: ${count} ${count === 1 ? 'filter is' : 'filters are'} changed in every panel.`,
    action: {
      label: 'Undo',
      run: () => {
        if (model.id === session.models.store.getState().current?.id) undoMask(session, model);
      },
    },
  });
}

/** Takes the mask off that is on. */
export function takeMaskOff(session: Session): void {
  const model = session.models.store.getState().current;
  if (!model) return;
  checkpointMask(session, model);
  clearMask(session, { push: true });
}
