/// <reference lib="webworker" />
/**
 * Makes a lecture work without a network: the app is cached whole, models and pictures as they are used. It also
 * adds the isolation headers that WASM threads need on hosts that cannot set them (from the second
 * visit on). A new version waits until the visitor accepts it.
 */
import { clientsClaim, type WorkboxPlugin } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { RESPONSE_HEADERS } from './headers';

declare const self: ServiceWorkerGlobalScope;

/** Weights and sheets of pictures change their address's `?v=` with their content, so what is cached never grows stale. */
const WEIGHTS_CACHE = 'weights';
const MODELS_CACHE = 'models';
const MAX_WEIGHT_FILES = 60;
const NETWORK_TIMEOUT_SECONDS = 4;

const withHeaders: WorkboxPlugin = {
  handlerWillRespond: ({ response }) => {
    if (response.type === 'opaque' || response.status === 0) return Promise.resolve(response);
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(RESPONSE_HEADERS)) headers.set(name, value);
    const { status, statusText } = response;
    return Promise.resolve(new Response(response.body, { status, statusText, headers }));
  },
};

/** A file that did not match its checksum is asked for past every cache, this one included. */
const pastTheCache: WorkboxPlugin = {
  cachedResponseWillBeUsed: ({ request, cachedResponse }) =>
    Promise.resolve(request.cache === 'reload' ? null : cachedResponse),
};

function isDataFile(url: URL): boolean {
  return (
    url.origin === self.location.origin &&
    ['models/', 'datasets/'].some((folder) => url.href.startsWith(self.registration.scope + folder))
  );
}

addPlugins([withHeaders]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html')));
registerRoute(
  ({ url }) => isDataFile(url) && url.searchParams.has('v'),
  new CacheFirst({
    cacheName: WEIGHTS_CACHE,
    plugins: [
      // Its optional members are typed as possibly undefined, which our strict options tell apart.
      new ExpirationPlugin({
        maxEntries: MAX_WEIGHT_FILES,
        purgeOnQuotaError: true,
      }) as WorkboxPlugin,
      pastTheCache,
      withHeaders,
    ],
  }),
);
registerRoute(
  ({ url }) => isDataFile(url),
  new NetworkFirst({
    cacheName: MODELS_CACHE,
    networkTimeoutSeconds: NETWORK_TIMEOUT_SECONDS,
    plugins: [withHeaders],
  }),
);

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const data: unknown = event.data;
  if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING') {
    void self.skipWaiting();
  }
});
clientsClaim();
