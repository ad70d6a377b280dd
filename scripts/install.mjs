/** Installs the dependencies where they are missing or older than the lock file. Imports nothing from them. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the project's folder with its output shown; returns the exit status. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  return result.status ?? 1;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Latentarium needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

export function ensureDependencies() {
  checkNode();
  const stamp = join(ROOT, 'node_modules', '.package-lock.json');
  const lock = join(ROOT, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing dependencies (once) …');
  // Not `npm ci`: it refuses a lock file that lacks another platform's optional packages, which is
  // how npm writes one where its registry does not have them. `--no-save` leaves the lock file alone.
  const status = run('npm', ['install', '--no-save', '--no-audit', '--no-fund']);
  if (status !== 0) {
    console.error('npm install failed: see above; with a network, try again.');
    process.exit(status);
  }
}
