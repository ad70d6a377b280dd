import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import type { Session } from './session/session';

/** What the service worker fetches ahead must not compete with the first faces. */
const OFFLINE_DELAY_MS = 3000;

/** Shows the app; apart from main.tsx so that the engine need not wait for React. */
export function mountApp(root: HTMLElement, session: Session): void {
  createRoot(root).render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  );
  // Also where no model could be opened: the next visit may be without a network.
  const register = () =>
    setTimeout(() => {
      // Without it this visit works all the same, and the next one registers.
      import('./app/offline/register').then(
        ({ registerOffline }) => registerOffline(session.notices),
        () => undefined,
      );
    }, OFFLINE_DELAY_MS);
  void window.latentarium.ready.then(register, register);
}
