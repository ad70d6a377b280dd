/** Finds the browser for tests: one that is installed, else Playwright's own, else Debian's package. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a usable Chrome or Chromium, or undefined. */
export function findBrowser() {
  const installed = CANDIDATES.find((path) => path && existsSync(path));
  if (installed) return installed;
  const downloaded = chromium.executablePath();
  return existsSync(downloaded) ? downloaded : undefined;
}

/** WebGPU also without a GPU (SwiftShader answers); nothing is fetched in the background. */
const ARGUMENTS = [
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Launch options for Playwright; the sandbox is off only for root, where Chromium refuses to start with it. */
export function browserLaunchOptions() {
  const isRoot = process.getuid?.() === 0;
  const executablePath = findBrowser();
  return {
    ...(executablePath ? { executablePath } : {}),
    args: isRoot ? ['--no-sandbox', ...ARGUMENTS] : ARGUMENTS,
  };
}

/** Installs a browser where none is found; throws when that cannot be done either. */
export function ensureBrowser() {
  if (findBrowser()) return;
  console.log('No Chrome or Chromium found: installing one for the tests.');
  const download = spawnSync('npx', ['playwright', 'install', '--with-deps', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (download.status === 0 && findBrowser()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    execFileSync('apt-get', ['update'], { stdio: 'inherit' });
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      stdio: 'inherit',
    });
  }
  if (!findBrowser()) {
    throw new Error('No browser: install Chrome or Chromium, or set CHROMIUM_PATH to one.');
  }
}
