import { useCallback, useState } from 'react';

/**
 * State that one browser remembers and no link carries (theme, what is folded). Works without storage:
 * a private window forgets it, nothing more.
 */
export function useStored<T extends string>(
  key: string,
  fallback: T,
  allowed: readonly T[],
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const stored = read(key);
    return allowed.find((candidate) => candidate === stored) ?? fallback;
  });
  const set = useCallback(
    (next: T) => {
      setValue(next);
      write(key, next);
    },
    [key],
  );
  return [value, set];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(`latentarium.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`latentarium.${key}`, value);
  } catch {
    // Storage is full or forbidden: the choice holds until the page is closed.
  }
}
