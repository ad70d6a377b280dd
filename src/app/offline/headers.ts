/**
 * The headers of every response: a strict Content-Security-Policy, and the isolation that browsers ask for
 * before they allow SharedArrayBuffer (WASM threads). Set by the preview server and by the service worker;
 * the policy also stands in the built page's <meta>, for hosts that cannot set headers.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // TF.js' threaded WASM backend starts its threads from blob: scripts.
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data:",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  // Dialogs lock the page's scrolling with a style element of their own; no style comes from data.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
];

export const CSP_META = CONTENT_SECURITY_POLICY.join('; ');

export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [...CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
