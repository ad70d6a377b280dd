import type { LatentRef } from '../../session/latent-ref';
import { latentParam, panelParam } from '../../session/params';
import type { Session } from '../../session/session';
import { sideParam } from './params';

/** Shows the filters' maps for a latent. */
export function lookAtHere(session: Session, ref: LatentRef): void {
  session.url.update(
    [
      [panelParam, 'filters'],
      [sideParam, 'look'],
      [latentParam, ref],
    ] as unknown as Parameters<typeof session.url.update>[0],
    { push: session.url.get(panelParam) !== 'filters' },
  );
}
