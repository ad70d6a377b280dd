import { isAbort } from '../lib/errors';
import type { ManifestEntry } from '../model/manifest';
import { panelParam } from '../session/params';
import type { Session } from '../session/session';

/** Opens, and leaves the telling of failures to the session's notices. */
export async function openModel(session: Session, source: string | File[]): Promise<void> {
  const { models, notices } = session;
  try {
    const opened = await models.open(source);
    if (typeof source !== 'string') {
      notices.post({
        level: 'success',
        message: `Opened ${opened.title}`,
        ...aboutGuesses(session, opened.id),
      });
    }
  } catch (error) {
    // The session has posted it, with a retry.
    if (!isAbort(error) && !(error instanceof Error)) throw error;
  }
}

/** Deletes a file of the visitor's own from this browser; the notice can put it back. */
export async function forgetModel({ models, notices }: Session, entry: ManifestEntry) {
  try {
    const undo = await models.forget(entry.id);
    notices.post({
      level: 'info',
      message: `Forgot ${entry.title}: it is no longer kept here.`,
      action: {
        label: 'Undo',
        run: () => void undo().catch((error: unknown) => notices.postError(error)),
      },
    });
  } catch (error) {
    notices.postError(error);
  }
}

/** What a foreign file left open is said at once, with the way to the table where it can be changed. */
function aboutGuesses({ architecture, url }: Session, modelId: string) {
  const { reading } = architecture.store.getState();
  const guesses = reading?.assumptions.filter(({ basis }) => basis === 'guess').length ?? 0;
  if (guesses === 0 || !reading?.modelIds.includes(modelId)) return {};
  return {
    hint: `Its file leaves ${guesses} settings open (activations, z and the like); the likeliest were taken. If the pictures look wrong, change them.`,
    action: {
      label: 'Show',
      run: () => url.set(panelParam, 'architecture', { push: true }),
    },
  };
}
