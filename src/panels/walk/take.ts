import { AppError } from '../../lib/errors';
import type { LatentRef } from '../../session/latent-ref';
import { keysParam, panelParam, seedParam } from '../../session/params';
import type { CurrentModel, Session } from '../../session/session';
import { addToWalk } from '../../ui/latent-actions';
import type { LatentPayload } from '../../ui/latent-drag';
import { FIRST_KEYFRAMES, sampleRefs } from './keyframes';

/** Adds a latent of this model; says what is wrong with one of another. */
export function takeLatent(
  session: Session,
  model: CurrentModel | null,
  payload: LatentPayload,
  add: (ref: LatentRef) => void,
): void {
  if (model && payload.modelHash === model.modelHash) {
    add(payload.ref);
    return;
  }
  session.notices.postError(
    new AppError({
      code: 'walk-other-model',
      message: `${payload.label || 'This latent'} was made with another model.`,
      hint: 'The same numbers show something else here, so the walk is left as it is. Open its model first.',
    }),
  );
}

/**
 * What a click on the shelf does while the walk is shown: the latent follows the keyframes on the screen,
 * those that came from the seed included.
 */
export function appendToShownWalk(session: Session, payload: LatentPayload): void {
  const { url, models } = session;
  takeLatent(session, models.store.getState().current, payload, (ref) => {
    const isShown = url.get(panelParam) === 'walk' && url.get(keysParam).length === 0;
    addToWalk(session, isShown ? [...sampleRefs(url.get(seedParam), FIRST_KEYFRAMES), ref] : [ref]);
  });
}
