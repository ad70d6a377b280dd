/**
 * What a panel declares about itself. `src/panels/<id>/index.tsx` exports `panel: PanelDefinition`; the
 * app finds it by import.meta.glob, so a new panel edits nothing else. The view is loaded when first shown.
 */
import type { ComponentType } from 'react';
import type { CurrentModel, Session } from '../session/session';
import type { LatentPayload } from '../ui/latent-drag';

export interface PanelDefinition {
  /** As in the link: 'explore'. */
  id: string;
  title: string;
  /** Place in the nav rail, from 1. */
  order: number;
  /** 20×20 icon, stroke currentColor. */
  Icon: ComponentType;
  /** One line under the title. */
  summary: string;
  /** Says in words why the panel cannot work on this model, or null when it can. */
  unsuitable(model: CurrentModel): string | null;
  /** False: it works before any model is open, and beside one that it has nothing to do with. */
  needsModel?: boolean;
  /** Fetched when first shown: see ui/lazy-part.tsx. */
  View: ComponentType;
  /** Starts to fetch the view while there is no model yet that it could show. */
  preload?(): void;
  /** The folding margin "What to notice": teaching text, the paper's section, what to try next. */
  Notes: ComponentType;
  /**
   * What the panel does with a latent of its model that is clicked on the shelf while the panel is shown, or
   * dropped on its entry in the navigation. Absent: the latent opens in Explore.
   */
  take?: {
    /** For the menu: 'Add to the walk'. */
    label: string;
    run(session: Session, payload: LatentPayload): void;
  };
  /** Files dropped on the page that are not weights for all panels. Absent, or not wanted by any: a model is opened. */
  takeFiles?: {
    /** What the overlay asks for while the panel is shown: 'pictures to train on'. */
    label: string;
    wants(files: readonly File[], isShown: boolean): boolean;
    run(session: Session, files: readonly File[]): void;
  };
}
