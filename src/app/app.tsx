import { Suspense, useEffect, useState } from 'react';
import { lectureParam, panelParam } from '../session/params';
import type { Session } from '../session/session';
import '../ui/base.css';
import { LatentDragProvider } from '../ui/latent-drag';
import { useAfterFirstPicture } from '../ui/first-picture';
import { lazyPart } from '../ui/lazy-part';
import { SessionProvider, useSession, useStoreValue, useUrlParam } from '../ui/session-context';
import { useShortcutListener, useShortcuts } from '../ui/shortcuts';
import styles from './app.module.css';
import { ErrorBoundary } from './error-boundary';
import { FileDrop } from './file-drop';
import { NavRail } from './nav-rail';
import { PanelFrame } from './panel-frame';
import { panelById } from './panels';
import { TrayPlace } from './shelf/tray-place';
import './theme';
import { TopBar } from './top-bar';

const ShelfTray = lazyPart(() => import('./shelf/shelf-tray').then((module) => module.ShelfTray));
const ResumeBanner = lazyPart(() =>
  import('./resume-banner').then((module) => module.ResumeBanner),
);
const ShortcutsSheet = lazyPart(() =>
  import('./shortcuts-sheet').then((module) => module.ShortcutsSheet),
);
const TooltipLayer = lazyPart(() =>
  import('../ui/tooltip-layer').then((module) => module.TooltipLayer),
);
const Toasts = lazyPart(() => import('../ui/toasts').then((module) => module.Toasts));

/** The whole page. */
export function App({ session }: { session: Session }) {
  return (
    <SessionProvider session={session}>
      <LatentDragProvider>
        <Shell />
      </LatentDragProvider>
      <Notices />
    </SessionProvider>
  );
}

function Shell() {
  const [panelId] = useUrlParam(panelParam);
  const [lecture, setLecture] = useUrlParam(lectureParam);
  const [sheetOpen, setSheetOpen] = useState(false);
  const panel = panelById(panelId);
  const ready = useAfterFirstPicture();
  useShortcutListener();
  useShortcuts('Page', [
    { key: '?', label: 'This sheet', run: () => setSheetOpen(true) },
    { key: 'l', label: 'Lecture mode on and off', run: () => setLecture(!lecture) },
    { key: 'F8', label: 'To the notices' },
  ]);

  useEffect(() => {
    document.documentElement.dataset.lecture = String(lecture);
  }, [lecture]);
  useEffect(() => {
    document.title = `${panel.title} · Latentarium`;
  }, [panel]);

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main" onClick={focusMain}>
        Skip to the panel
      </a>
      <TopBar
        panel={panel}
        lecture={lecture}
        ready={ready}
        onShortcuts={() => setSheetOpen(true)}
      />
      <div className={styles.banner}>
        {ready && (
          <ErrorBoundary where="the notice of a training" silent>
            <Suspense>
              <ResumeBanner />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
      {!lecture && <NavRail current={panel} />}
      <main id="main" className={styles.main} tabIndex={-1}>
        <PanelFrame key={panel.id} panel={panel} />
      </main>
      {!lecture && (
        <ErrorBoundary where="the shelf" small>
          <Suspense fallback={<TrayPlace />}>
            {ready ? <ShelfTray panel={panel} /> : <TrayPlace />}
          </Suspense>
        </ErrorBoundary>
      )}
      <FileDrop panel={panel} />
      {ready && (
        <ErrorBoundary where="the tooltips and the keyboard sheet" silent retryOn={sheetOpen}>
          <Suspense>
            <TooltipLayer />
            <ShortcutsSheet open={sheetOpen} onClose={() => setSheetOpen(false)} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}

/** Loaded with the first notice, or when there is time. */
function Notices() {
  const { notices } = useSession();
  const hasNotice = useStoreValue(notices.store, (state) => state.notices.length > 0);
  const ready = useAfterFirstPicture();
  if (!hasNotice && !ready) return null;
  return (
    <ErrorBoundary where="the notices" small>
      <Suspense>
        <Toasts />
      </Suspense>
    </ErrorBoundary>
  );
}

/** The hash belongs to the link's state, so the skip link moves the focus by itself. */
function focusMain(event: React.MouseEvent) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
