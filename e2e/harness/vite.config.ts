import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

/** A page without any UI, for tests of the engine alone. */
export default defineConfig({
  root: here,
  base: './',
  publicDir: false,
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    outDir: resolve(here, '../../dist-harness'),
    emptyOutDir: true,
    rolldownOptions: { input: { engine: resolve(here, 'engine.html') } },
  },
});
