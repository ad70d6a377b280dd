import type { Session } from '../../session/session';

/** The start of an export is enough to tell a shelf from a model's JSON. */
const HEAD_BYTES = 4096;

export async function isShelfFile(file: File): Promise<boolean> {
  if (!/\.json$/i.test(file.name)) return false;
  const head = await file.slice(0, HEAD_BYTES).text();
  return /"items"\s*:/.test(head);
}

/** Adds an exported shelf to this one and says how many came; failures become a notice. */
export async function importShelfFile(session: Session, file: File): Promise<void> {
  try {
    const { added, skipped } = session.shelf.importJson(await file.text());
    session.notices.post({
      level: added > 0 ? 'success' : 'info',
      message: `${added} added to the shelf`,
      ...(skipped > 0 && { hint: `${skipped} were there already or could not be used.` }),
    });
  } catch (error) {
    session.notices.postError(error);
  }
}

/** Saves the shelf as a JSON file. */
export async function exportShelfFile(session: Session): Promise<void> {
  const { downloadBlob } = await import('../../export/download');
  const blob = new Blob([session.shelf.exportJson()], { type: 'application/json' });
  downloadBlob(blob, 'latentarium-shelf.json');
}
