import { FiltersIcon } from '../../ui/icons';
import { lazyPart } from '../../ui/lazy-part';
import { lookAtHere } from './chosen';
import { mapLayers } from './layers';
import type { PanelDefinition } from '../panel';

export const panel: PanelDefinition = {
  id: 'filters',
  title: 'Filters',
  order: 4,
  Icon: FiltersIcon,
  summary: 'See what each filter draws, switch it off, and make the network forget windows.',
  unsuitable: (model) =>
    mapLayers(model).length > 0
      ? null
      : 'It has no layer between z and the picture that makes maps, so there is nothing to switch off.',
  View: lazyPart(() => import('./view').then((module) => module.FiltersView)),
  Notes: lazyPart(() => import('./notes').then((module) => module.Notes)),
  take: {
    label: 'Look at its filters',
    run: (session, payload) => lookAtHere(session, payload.ref),
  },
};
