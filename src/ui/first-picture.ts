/**
 * What a visitor waits for is the first picture. What is not needed for it is loaded after it, so that
 * neither the network nor the processor has to share.
 */
import { useEffect, useState } from 'react';

/** Whoever comes to a page that cannot draw, or is slow to, needs the rest of it all the same. */
const PATIENCE_MS = 3000;

let drawn = false;
const waiting = new Set<() => void>();

/** Called whenever a picture is put on a canvas. */
export function notePicture(): void {
  if (drawn) return;
  drawn = true;
  for (const listener of waiting) listener();
  waiting.clear();
}

/** False until the first picture of this visit stands on the screen, or it has taken too long. */
export function useAfterFirstPicture(): boolean {
  const [isAfter, setAfter] = useState(drawn);
  useEffect(() => {
    const go = () => setAfter(true);
    if (drawn) {
      go();
      return;
    }
    waiting.add(go);
    const timer = setTimeout(go, PATIENCE_MS);
    return () => {
      waiting.delete(go);
      clearTimeout(timer);
    };
  }, []);
  return isAfter;
}
