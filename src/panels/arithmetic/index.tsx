import { ArithmeticIcon } from '../../ui/icons';
import { lazyPart } from '../../ui/lazy-part';
import type { PanelDefinition } from '../panel';

export const panel: PanelDefinition = {
  id: 'arithmetic',
  title: 'Arithmetic',
  order: 3,
  Icon: ArithmeticIcon,
  summary: 'Add and subtract what pictures have in common, and move others along the difference.',
  unsuitable: () => null,
  View: lazyPart(() => import('./view').then((module) => module.ArithmeticView)),
  Notes: lazyPart(() => import('./notes').then((module) => module.Notes)),
  take: {
    label: 'Put into a group',
    // With the panel, which may not have been loaded yet when something is dropped on its entry.
    run: (session, payload) =>
      void import('./bench').then(
        ({ benchOf }) => benchOf(session).take(payload),
        (error: unknown) => session.notices.postError(error),
      ),
  },
};
