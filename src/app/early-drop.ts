import { droppedFiles } from './dropped-files';

/** Whether what is dragged are files and not, say, text. */
export function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

let held: Promise<File[]> | null = null;
let stop: (() => void) | null = null;

/**
 * Takes files that are dropped before the page is there to take them; without it the browser would leave for
 * the file. The last drop counts.
 */
export function holdDrops(): void {
  const onOver = (event: DragEvent) => {
    if (carriesFiles(event)) event.preventDefault();
  };
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    held = droppedFiles(event.dataTransfer);
  };
  window.addEventListener('dragover', onOver);
  window.addEventListener('drop', onDrop);
  stop = () => {
    window.removeEventListener('dragover', onOver);
    window.removeEventListener('drop', onDrop);
  };
}

/** Ends the holding; what was dropped meanwhile, or null. */
export function takeHeldDrop(): Promise<File[]> | null {
  stop?.();
  stop = null;
  const taken = held;
  held = null;
  return taken;
}
