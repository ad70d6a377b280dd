/** `npm start`: installs what is missing, builds, serves the built page and opens it. `--no-open` only prints the URL. */
import { spawn } from 'node:child_process';
import { ensureDependencies, ROOT, run } from './install.mjs';

const PANEL = '#panel=explore';

function openInBrowser(url) {
  if (process.argv.includes('--no-open') || process.env.CI) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', url]
        : ['xdg-open', url];
  // A machine without a desktop has no opener: the printed address is enough there.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

ensureDependencies();
if (run('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0) process.exit(1);

const { preview } = await import('vite');
const server = await preview({ root: ROOT, preview: { port: 4180, host: '127.0.0.1' } });
const url = `${server.resolvedUrls.local[0]}${PANEL}`;
console.log(`\nLatentarium is running at ${url}\nStop it with Ctrl+C.`);
openInBrowser(url);
