import { Workbox } from 'workbox-window';
import type { Notices } from '../../session/session';

/** Models and pictures that the page loaded before the worker was there to see it. */
function loadedDataUrls(): string[] {
  return performance
    .getEntriesByType('resource')
    .map((entry) => entry.name)
    .filter((url) => /\/(models|datasets)\//.test(url));
}

/**
 * Registers the service worker of the built page: after the first visit the app works offline with the
 * models that were used. A new version is offered by a notice and taken only when the visitor says so.
 */
export function registerOffline(notices: Notices): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const workbox = new Workbox('./service-worker.js');
  workbox.addEventListener('activated', (event) => {
    if (event.isUpdate) return;
    void workbox.messageSW({ type: 'CACHE_URLS', payload: { urlsToCache: loadedDataUrls() } });
    notices.post({
      level: 'success',
      message: 'Latentarium now works offline, with the models that you have opened.',
    });
  });
  workbox.addEventListener('waiting', () => {
    notices.post({
      level: 'info',
      message: 'A new version of Latentarium is ready.',
      hint: 'Your shelf stays. Reload when it suits you; until then nothing changes.',
      action: {
        label: 'Reload now',
        run: () => {
          workbox.addEventListener('controlling', () => location.reload());
          workbox.messageSkipWaiting();
        },
      },
    });
  });
  // An unreachable or refused worker costs only the offline mode.
  workbox.register().catch(() => undefined);
}
