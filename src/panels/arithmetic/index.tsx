import { ArithmeticIcon } from '../../ui/icons';
import { lazyPart } from '../../ui/lazy-part';
import type { PanelDefinition } from '../panel';
import { benchOf } from './bench';
import { Notes } from './notes';

export const panel: PanelDefinition = {
  id: 'arithmetic',
  title: 'Arithmetic',
  order: 3,
  Icon: ArithmeticIcon,
  summary: 'Add and subtract what faces have in common, and turn them.',
  unsuitable: () => null,
  View: lazyPart(() => import('./view').then((module) => module.ArithmeticView)),
  Notes,
  take: {
    label: 'Put into a group',
    run: (session, payload) => benchOf(session).take(payload),
  },
};
