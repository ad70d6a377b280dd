import { WalkIcon } from '../../ui/icons';
import { lazyPart } from '../../ui/lazy-part';
import type { PanelDefinition } from '../panel';
import { appendToShownWalk } from './take';

export const panel: PanelDefinition = {
  id: 'walk',
  title: 'Walk',
  order: 2,
  Icon: WalkIcon,
  summary: 'A way through latent space, from keyframe to keyframe, as a film.',
  unsuitable: () => null,
  View: lazyPart(() => import('./walk-view').then((module) => module.WalkView)),
  Notes: lazyPart(() => import('./notes').then((module) => module.Notes)),
  take: { label: 'Add to the walk', run: appendToShownWalk },
};
