import { preview } from 'vite';

/** What a page needs so that it may share memory between threads. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface HarnessServer {
  /** Address of the folder, with a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/** Serves a built folder from the first free port, with or without cross-origin isolation. */
export async function serveBuilt(outDir: string, isolated: boolean): Promise<HarnessServer> {
  const server = await preview({
    configFile: false,
    root: outDir,
    build: { outDir },
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 4180, headers: isolated ? ISOLATION : {} },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error(`Vite serves ${outDir} nowhere`);
  return { url, close: () => server.close() };
}
