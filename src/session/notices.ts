import { createStore } from 'zustand/vanilla';
import { isAbort, toErrorReport } from '../lib/errors';
import type { Notice, Notices } from './session';

/** More than this at once is noise: the oldest goes. */
const MAX_NOTICES = 5;

/** Short messages to the visitor. The same message is not shown twice at once: the newer one replaces it. */
export function createNotices(): Notices {
  const store: Notices['store'] = createStore(() => ({ notices: [] as Notice[] }));
  let lastId = 0;

  function post(notice: Omit<Notice, 'id'>): number {
    lastId += 1;
    const added: Notice = { ...notice, id: lastId };
    store.setState(({ notices }) => ({
      notices: [...notices.filter(({ message }) => message !== notice.message), added].slice(
        -MAX_NOTICES,
      ),
    }));
    return added.id;
  }

  function postError(error: unknown, action?: Notice['action']): void {
    if (isAbort(error)) return;
    const { message, hint } = toErrorReport(error);
    post({ level: 'error', message, hint, ...(action && { action }) });
  }

  function dismiss(id: number): void {
    store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
  }

  return { store, post, postError, dismiss };
}
