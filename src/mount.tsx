import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import type { Session } from './session/session';

/** Shows the app; apart from main.tsx so that the engine need not wait for React. */
export function mountApp(root: HTMLElement, session: Session): void {
  createRoot(root).render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  );
}
