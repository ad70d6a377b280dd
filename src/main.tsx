import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { createEngine } from './engine/client';
import { installConsole } from './session/console';
import { createSession } from './session/create-session';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');

// Before anything is rendered: probe and downloads run while React starts.
const session = createSession({ engine: createEngine(), modelsUrl: 'models/' });
installConsole(session);
createRoot(root).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
