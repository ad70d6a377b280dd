import { useEffect } from 'react';
import { lectureParam, panelParam } from '../session/params';
import type { Session } from '../session/session';
import '../ui/base.css';
import { LatentDragProvider } from '../ui/latent-drag';
import { SessionProvider, useUrlParam } from '../ui/session-context';
import { useShortcutListener } from '../ui/shortcuts';
import { Toasts } from '../ui/toasts';
import { TooltipProvider } from '../ui/tooltip';
import styles from './app.module.css';
import { FileDrop } from './file-drop';
import { NavRail } from './nav-rail';
import { PanelFrame } from './panel-frame';
import { panelById } from './panels';
import { ShelfTray } from './shelf/shelf-tray';
import { TopBar } from './top-bar';

/** The whole page. */
export function App({ session }: { session: Session }) {
  return (
    <SessionProvider session={session}>
      <TooltipProvider>
        <LatentDragProvider>
          <Shell />
        </LatentDragProvider>
        <Toasts />
      </TooltipProvider>
    </SessionProvider>
  );
}

function Shell() {
  const [panelId] = useUrlParam(panelParam);
  const [lecture] = useUrlParam(lectureParam);
  const panel = panelById(panelId);
  useShortcutListener();

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
      <TopBar panel={panel} lecture={lecture} />
      {!lecture && <NavRail current={panel} />}
      <main id="main" className={styles.main} tabIndex={-1}>
        <PanelFrame key={panel.id} panel={panel} />
      </main>
      {!lecture && <ShelfTray panel={panel} />}
      <FileDrop />
    </div>
  );
}

/** The hash belongs to the link's state, so the skip link moves the focus by itself. */
function focusMain(event: React.MouseEvent) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
