import { lazy } from 'react';
import { lookAt } from '../../ui/latent-actions';
import { GridIcon } from '../../ui/icons';
import type { PanelDefinition } from '../panel';

const load = () => import('./explore-view').then((module) => ({ default: module.ExploreView }));

export const panel: PanelDefinition = {
  id: 'explore',
  title: 'Explore',
  order: 1,
  Icon: GridIcon,
  summary: 'Random latents, drawn. Choose one, change its numbers, see what they do.',
  unsuitable: () => null,
  View: lazy(load),
  preload: () => void load(),
  Notes: lazy(() => import('./notes').then((module) => ({ default: module.Notes }))),
  take: {
    label: 'Look at it',
    run: (session, payload) => lookAt(session, payload.ref),
  },
};
