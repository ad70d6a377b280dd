import { holdDrops } from './app/early-drop';
import { createEngine } from './engine/client';
import { installConsole } from './session/console';
import { createSession } from './session/create-session';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');

holdDrops();
// The shell is fetched and compiled while the engine probes and the weights come in: the first face
// waits for all of them, so none may wait for another.
const shell = import('./mount');
const session = createSession({
  engine: createEngine(),
  modelsUrl: 'models/',
  datasetsUrl: 'datasets/',
});
installConsole(session);
shell.then(
  ({ mountApp }) => {
    mountApp(root, session);
  },
  () => {
    root.textContent =
      'Latentarium could not be loaded: part of it did not arrive. Look after the connection, then reload the page.';
  },
);
