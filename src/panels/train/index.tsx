import { lazy } from 'react';
import type { PanelDefinition } from '../panel';
import { Icon } from './icon';

export const panel: PanelDefinition = {
  id: 'train',
  title: 'Train',
  order: 8,
  Icon,
  summary: 'Two networks learn from pictures, here on this device.',
  unsuitable: () => null,
  View: lazy(() => import('./train-view').then((module) => ({ default: module.TrainView }))),
  Notes: lazy(() => import('./notes').then((module) => ({ default: module.Notes }))),
};
