/** `npm test`: installs what is missing, a browser included, and runs every check and test. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, ROOT, run } from './install.mjs';

ensureDependencies();
const { ensureBrowser } = await import('./browser.mjs');
ensureBrowser();

const RESULTS = join(ROOT, 'test-results');
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS);

/** Steps without tests of their own count as one each. */
const CHECKS = [
  ['format', 'npx', ['prettier', '--check', '.', '--log-level', 'warn']],
  ['lint and layers', 'npx', ['eslint', '.', '--max-warnings', '0']],
  ['types', 'npx', ['tsc', '--noEmit']],
  ['dead code', 'npx', ['knip', '--no-progress']],
  ['build', 'npx', ['vite', 'build', '--logLevel', 'warn']],
];

const SUITES = [
  [
    'unit tests',
    [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      '--outputFile.json=test-results/unit.json',
    ],
    'unit.json',
    (report) => [report.numPassedTests, report.numFailedTests, report.numPendingTests],
  ],
  [
    'end-to-end tests',
    ['playwright', 'test'],
    'e2e.json',
    ({ stats }) => [stats.expected + stats.flaky, stats.unexpected, stats.skipped],
  ],
];

let passed = 0;
let failed = 0;
let skipped = 0;

for (const [name, command, args] of CHECKS) {
  console.log(`\n— ${name}`);
  if (run(command, args) === 0) passed += 1;
  else {
    failed += 1;
    console.error(`— ${name}: failed`);
  }
}

for (const [name, args, file, count] of SUITES) {
  console.log(`\n— ${name}`);
  const status = run('npx', args);
  const path = join(RESULTS, file);
  const [good, bad, left] = existsSync(path)
    ? count(JSON.parse(readFileSync(path, 'utf8')))
    : [0, 0, 0];
  passed += good;
  skipped += left;
  // A suite that broke off without naming a failed test has failed all the same.
  failed += status !== 0 && bad === 0 ? 1 : bad;
}

console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
