import { AppError } from '../../lib/errors';
import { panelParam } from '../../session/params';
import type { Session } from '../../session/session';
import { dataParam } from './params';
import { setupOf } from './setup';

/** Files of the visitor's own: a saved run is opened, everything else becomes the pictures of the form. */
export async function takeFiles(session: Session, files: readonly File[]): Promise<void> {
  const [first] = files;
  const isRun = first && files.length === 1 && (await openRun(session, first));
  if (!isRun) choosePictures(session, files);
}

/** Whether a zip was a saved run; what is wrong with one is posted. */
async function openRun(session: Session, file: File): Promise<boolean> {
  if (!/\.zip$/i.test(file.name)) return false;
  try {
    await session.training.importRun(file);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'run-file-foreign') return false;
    session.notices.postError(error);
    return true;
  }
}

function choosePictures(session: Session, files: readonly File[]): void {
  setupOf(session).take(
    files.map((file) => ({ name: file.webkitRelativePath || file.name, file })),
  );
  const changes = [
    [panelParam, 'train'],
    [dataParam, 'own'],
  ] as unknown as Parameters<Session['url']['update']>[0];
  session.url.update(changes, { push: session.url.get(panelParam) !== 'train' });
  if (session.training.store.getState().run === null) return;
  session.notices.post({
    level: 'info',
    message: 'The pictures are chosen for the next training.',
    hint: 'Stop this one to see them; it stays among the kept runs.',
  });
}
