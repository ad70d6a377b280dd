import type { PanelDefinition } from '../../panels/panel';
import { isMaskOn, putMaskOn, takeMaskOff } from '../../session/kept-mask';
import { maskParam } from '../../session/mask-link';
import type { ShelfItem } from '../../session/shelf';
import { lookAt, payloadOfItem } from '../../ui/latent-actions';
import { useCurrentModel, useSession, useUrlParam } from '../../ui/session-context';
import { tellWhyNot } from './shelf-item-words';

export interface ItemUse {
  /** The open model and this panel can do something with it. */
  usable: boolean;
  /** A mask that the pictures are drawn with. */
  on: boolean;
  /** What a click does; says why not where nothing can be done. */
  use: () => void;
}

/** What a kept thing is good for in the panel that is shown. */
export function useItem(item: ShelfItem, panel: PanelDefinition): ItemUse {
  const session = useSession();
  const model = useCurrentModel();
  useUrlParam(maskParam);
  const own = item.modelHash === model?.modelHash;
  const usable = own && (item.kind === 'latent' || item.kind === 'mask');
  const on = item.kind === 'mask' && model !== null && isMaskOn(session, model, item);
  const use = () => {
    if (!usable) {
      tellWhyNot(session, item, model);
    } else if (item.kind === 'mask') {
      if (on) takeMaskOff(session);
      else putMaskOn(session, item);
    } else if (item.kind === 'latent') {
      const payload = payloadOfItem(item);
      if (panel.take) panel.take.run(session, payload);
      else lookAt(session, payload.ref);
    }
  };
  return { usable, on, use };
}
