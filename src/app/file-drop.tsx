import { useEffect, useState } from 'react';
import type { PanelDefinition } from '../panels/panel';
import type { Session } from '../session/session';
import { useSession } from '../ui/session-context';
import { droppedFiles } from './dropped-files';
import { carriesFiles, takeHeldDrop } from './early-drop';
import styles from './file-drop.module.css';
import { openModel } from './open-model';
import { panels } from './panels';
import { importShelfFile, isShelfFile } from './shelf/shelf-files';

/**
 * A file dropped anywhere on the page is opened: an exported shelf onto the shelf, what a panel wants by that
 * panel (the shown one is asked first), and else weights as a model.
 */
export function FileDrop({ panel }: { panel: PanelDefinition }) {
  const session = useSession();
  const [hovering, setHovering] = useState(false);

  useEffect(() => {
    const early = takeHeldDrop();
    if (early) void openFiles(session, early, panel);
  }, [session, panel]);

  useEffect(() => {
    // dragenter and dragleave fire for every element that is crossed.
    let depth = 0;
    const onEnter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setHovering(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth -= 1;
      if (depth <= 0) setHovering(false);
    };
    const onOver = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      depth = 0;
      setHovering(false);
      // A part of the page (a data set's drop zone) may have taken it already.
      if (!carriesFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      // Must be asked for before the event is over.
      if (event.dataTransfer) void openFiles(session, droppedFiles(event.dataTransfer), panel);
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  });

  if (!hovering) return null;
  return (
    <div className={styles.overlay}>
      <p>
        {panel.takeFiles
          ? `Drop ${panel.takeFiles.label}`
          : 'Drop to open: weights (a file, several, a folder or a zip), or an exported shelf'}
      </p>
    </div>
  );
}

async function openFiles(
  session: Session,
  dropped: Promise<File[]>,
  shown: PanelDefinition,
): Promise<void> {
  const files = await dropped;
  const [first] = files;
  if (first && files.length === 1 && (await isShelfFile(first))) {
    await importShelfFile(session, first);
    return;
  }
  if (files.length === 0) return;
  const taker = [shown, ...panels].find((one) => one.takeFiles?.wants(files, one === shown));
  if (taker?.takeFiles) taker.takeFiles.run(session, files);
  else await openModel(session, files);
}
