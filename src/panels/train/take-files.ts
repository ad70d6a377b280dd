import { panelParam } from '../../session/params';
import type { Session } from '../../session/session';
import { dataParam } from './params';
import { setupOf } from './setup';

/** Files of the visitor's own become the pictures of the form, which is shown. */
export function takeFiles(session: Session, files: readonly File[]): void {
  setupOf(session).take(
    files.map((file) => ({ name: file.webkitRelativePath || file.name, file })),
  );
  const changes = [
    [panelParam, 'train'],
    [dataParam, 'own'],
  ] as unknown as Parameters<Session['url']['update']>[0];
  session.url.update(changes, { push: session.url.get(panelParam) !== 'train' });
}
