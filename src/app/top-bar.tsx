import { Suspense } from 'react';
import type { PanelDefinition } from '../panels/panel';
import { lazyPart } from '../ui/lazy-part';
import { ErrorBoundary } from './error-boundary';
import styles from './top-bar.module.css';

const Controls = lazyPart(() =>
  import('./top-bar-controls').then((module) => module.TopBarControls),
);

interface TopBarProps {
  panel: PanelDefinition;
  lecture: boolean;
  /** The first picture stands: its controls may be loaded. */
  ready: boolean;
  onShortcuts: () => void;
}

/** The name, and as soon as there is time for them the controls of the page. */
export function TopBar({ panel, lecture, ready, onShortcuts }: TopBarProps) {
  return (
    <header className={styles.bar}>
      <span className={styles.brand} aria-hidden={lecture}>
        <BrandMark />
        <span className={styles.name}>Latentarium</span>
      </span>
      {ready && (
        <ErrorBoundary where="the top bar" small>
          <Suspense>
            <Controls panel={panel} lecture={lecture} onShortcuts={onShortcuts} />
          </Suspense>
        </ErrorBoundary>
      )}
    </header>
  );
}

/** A path between two points on a circle: the walk on the shell of the prior. */
function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" fill="none" aria-hidden="true">
      <circle cx="10" cy="10" r="7.25" stroke="currentColor" strokeWidth="1.5" />
      <path d="M4.2 14.3A9 9 0 0 1 15 4.7" stroke="var(--accent)" strokeWidth="2" />
      <circle cx="4.4" cy="14.2" r="2" fill="var(--accent)" />
      <circle cx="15.2" cy="5" r="2" fill="var(--accent)" />
    </svg>
  );
}
