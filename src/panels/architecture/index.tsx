import { ArchitectureIcon } from '../../ui/icons';
import { lazyPart } from '../../ui/lazy-part';
import type { PanelDefinition } from '../panel';

export const panel: PanelDefinition = {
  id: 'architecture',
  title: 'Architecture',
  order: 7,
  Icon: ArchitectureIcon,
  summary: 'The layers of the open network, what was guessed about them, and what batch norm does.',
  unsuitable: () => null,
  View: lazyPart(() => import('./view').then((module) => module.ArchitectureView)),
  Notes: lazyPart(() => import('./notes').then((module) => module.Notes)),
};
