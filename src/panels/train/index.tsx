import { lazyPart } from '../../ui/lazy-part';
import type { PanelDefinition } from '../panel';
import { TrainIcon } from '../../ui/icons';
import { wantsFiles } from './wanted-files';

export const panel: PanelDefinition = {
  id: 'train',
  title: 'Train',
  order: 8,
  Icon: TrainIcon,
  summary: 'Two networks learn from pictures, here on this device.',
  unsuitable: () => null,
  needsModel: false,
  View: lazyPart(() => import('./train-view').then((module) => module.TrainView)),
  takeFiles: {
    label: 'pictures to train on: files, a folder or a zip; or a saved run',
    wants: wantsFiles,
    run: (session, files) => {
      import('./take-files')
        .then(({ takeFiles }) => takeFiles(session, files))
        .catch((error: unknown) => session.notices.postError(error));
    },
  },
  Notes: lazyPart(() => import('./notes').then((module) => module.Notes)),
};
