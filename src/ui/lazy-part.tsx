import { lazy, useState, type ComponentType } from 'react';
import { AppError } from '../lib/errors';

/** How often "Try again" was pressed: React renders a failed tree twice by itself, which must not fetch. */
let attempt = 0;

/** What failed to arrive is fetched again when it is next shown: for an error boundary's "Try again". */
export function retryParts(): void {
  attempt += 1;
}

/** A component whose code is fetched when it is first shown. Unlike React's `lazy` it does not keep a failure for ever. */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
  /** The attempt that failed last. */
  let failed = Infinity;
  const fetchPart = () =>
    lazy(async () => {
      const now = attempt;
      try {
        if (now > 0) await refetchStyles();
        return { default: (await load()) as ComponentType<object> };
      } catch (error) {
        failed = now;
        throw notArrived(error);
      }
    });
  let current = fetchPart();
  return function LazyPart(props: P) {
    const [Part] = useState(() => {
      if (failed < attempt) {
        failed = Infinity;
        current = fetchPart();
      }
      return current;
    });
    return <Part {...props} />;
  };
}

/** A module is asked for again by import(); its style sheets are not, so those that failed are put in anew. */
async function refetchStyles(): Promise<void> {
  const links = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  const broken = [...links].filter(({ sheet }) => !sheet || !isReadable(sheet));
  const again = broken.map(
    (link) =>
      new Promise((resolve, reject) => {
        const copy = link.cloneNode() as HTMLLinkElement;
        copy.onload = resolve;
        copy.onerror = () => reject(new Error(`${link.href} did not arrive`));
        link.replaceWith(copy);
      }),
  );
  await Promise.all(again);
}

/** Chromium gives a sheet that did not arrive an object all the same, and refuses its rules. */
function isReadable(sheet: CSSStyleSheet): boolean {
  try {
    return sheet.cssRules.length >= 0;
  } catch {
    return false;
  }
}

function notArrived(cause: unknown): AppError {
  return new AppError(
    {
      code: 'part-not-loaded',
      message: 'This part of the page did not arrive.',
      hint: 'Nothing of yours is lost. Look after the connection, then try again; if that does not help, the page may have been updated meanwhile: reload it.',
    },
    { cause },
  );
}
