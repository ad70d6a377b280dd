import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** WASM threads need SharedArrayBuffer, which browsers give only to cross-origin isolated pages. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  // Relative URLs: the built page works under any path prefix.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2023', sourcemap: true, modulePreload: { polyfill: false } },
  server: { headers: isolationHeaders },
  preview: { headers: isolationHeaders },
});
