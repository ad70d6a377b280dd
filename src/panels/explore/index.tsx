import { lookAt } from '../../ui/latent-actions';
import { GridIcon } from '../../ui/icons';
import { lazyPart } from '../../ui/lazy-part';
import type { PanelDefinition } from '../panel';

const load = () => import('./explore-view').then((module) => module.ExploreView);

export const panel: PanelDefinition = {
  id: 'explore',
  title: 'Explore',
  order: 1,
  Icon: GridIcon,
  summary: 'Random latents, drawn. Choose one, change its numbers, see what they do.',
  unsuitable: () => null,
  View: lazyPart(load),
  preload: () => void load().catch(() => undefined),
  Notes: lazyPart(() => import('./notes').then((module) => module.Notes)),
  take: {
    label: 'Look at it',
    run: (session, payload) => lookAt(session, payload.ref),
  },
};
