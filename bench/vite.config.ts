import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

/** The benchmark's page: the engine beside its competitors. Never part of the app. */
export default defineConfig({
  root: here,
  base: './',
  publicDir: false,
  worker: { format: 'es' },
  build: { target: 'es2023', outDir: resolve(here, '../dist-bench'), emptyOutDir: true },
});
