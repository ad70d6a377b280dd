import { createContext, useContext } from 'react';

/**
 * Where popups are put: the page's end, or inside the open modal dialog, since the browser draws everything
 * outside of one under its backdrop and without input.
 */
export const PortalContext = createContext<HTMLElement | null>(null);

/** For Radix portals: `container={usePortalContainer()}`. */
export function usePortalContainer(): HTMLElement | null {
  return useContext(PortalContext);
}
