import { Suspense, useEffect, useId, type ReactNode } from 'react';
import type { PanelDefinition } from '../panels/panel';
import { putMaskOn } from '../session/kept-mask';
import { Button } from '../ui/button';
import { cx } from '../ui/class-names';
import { NotesIcon, CloseIcon } from '../ui/icons';
import { IconButton } from '../ui/button';
import { useMaskDrop } from '../ui/latent-drag';
import { ProgressBar } from '../ui/progress-bar';
import { useCurrentModel, useSession, useStoreValue } from '../ui/session-context';
import { useStored } from '../ui/use-stored';
import { ErrorBoundary } from './error-boundary';
import { Message } from './message';
import styles from './panel-frame.module.css';

/** Around every panel: title, what it is about, notes margin, its errors, and what it waits for. */
export function PanelFrame({ panel }: { panel: PanelDefinition }) {
  const [notes, setNotes] = useStored('notes', defaultNotes(), ['open', 'folded']);
  const open = notes === 'open';
  const notesId = useId();
  const session = useSession();
  const { setNodeRef, isDragging, isOver } = useMaskDrop(
    'panel-frame',
    `the ${panel.title} panel`,
    (mask) => putMaskOn(session, mask),
  );
  return (
    <div
      ref={setNodeRef}
      className={cx(
        styles.frame,
        open && styles.withNotes,
        isDragging && styles.target,
        isOver && styles.over,
      )}
    >
      <header className={styles.head}>
        <h1>{panel.title}</h1>
        <p className={styles.summary}>{panel.summary}</p>
        {panel.needsModel !== false && <Attribution />}
        {!open && (
          <Button
            look="quiet"
            icon={<NotesIcon />}
            className={styles.unfold}
            aria-expanded={false}
            onClick={() => setNotes('open')}
          >
            What to notice
          </Button>
        )}
      </header>
      <div className={styles.body}>
        <ErrorBoundary where={`the ${panel.title} panel`}>
          <Gate panel={panel}>
            <Suspense fallback={<Waiting label={`Loading ${panel.title}`} fraction={null} />}>
              <panel.View />
            </Suspense>
          </Gate>
        </ErrorBoundary>
      </div>
      {open && (
        <aside className={styles.notes} aria-labelledby={notesId}>
          <div className={styles.notesHead}>
            <h2 id={notesId}>What to notice</h2>
            <IconButton label="Fold" side="left" onClick={() => setNotes('folded')}>
              <CloseIcon />
            </IconButton>
          </div>
          <div className={styles.notesText} tabIndex={0} role="region" aria-labelledby={notesId}>
            {/* A panel may load its notes apart from its definition. */}
            <ErrorBoundary where="the notes" small>
              <Suspense>
                <panel.Notes />
              </Suspense>
            </ErrorBoundary>
          </div>
        </aside>
      )}
    </div>
  );
}

/** Licences of data ask for it: shown beside every panel of a model, not only on its card. */
function Attribution() {
  const model = useCurrentModel();
  const attribution = model?.card?.attribution;
  if (!attribution) return null;
  return (
    <p className={styles.attribution} title={attribution}>
      {attribution}
    </p>
  );
}

/** Shows the panel when there is a model that it can work on, and else what is going on. */
function Gate({ panel, children }: { panel: PanelDefinition; children: ReactNode }) {
  const session = useSession();
  const model = useCurrentModel();
  const modelState = useStoreValue(session.models.store, (state) => state);
  useEffect(() => panel.preload?.(), [panel]);
  const device = useStoreValue(session.device, (state) => state);

  if (panel.needsModel === false && device.status !== 'failed') return children;
  if (model) {
    const reason = panel.unsuitable(model);
    if (reason === null) return children;
    return (
      <Message title={`${panel.title} cannot work on ${model.title}`} role="status">
        <p>{reason}</p>
        <p>Open another model at the top left; every bundled one says there what it can do.</p>
      </Message>
    );
  }
  if (device.status === 'failed' && device.error) {
    return (
      <Message title="No way to run the network was found" role="alert">
        <p>{device.error.message}</p>
        <p>{device.error.hint}</p>
        <div>
          <Button look="primary" onClick={() => location.reload()}>
            Reload the page
          </Button>
        </div>
      </Message>
    );
  }
  if (modelState.status === 'failed' && modelState.error) {
    return (
      <Message title="The model could not be opened" role="alert">
        <p>{modelState.error.message}</p>
        <p>{modelState.error.hint}</p>
        <div>
          <Button look="primary" onClick={() => void session.models.retry().catch(() => undefined)}>
            Try again
          </Button>
        </div>
      </Message>
    );
  }
  const progress = modelState.progress ?? device.progress;
  return <Waiting label={progress?.label ?? 'Starting'} fraction={progress?.fraction ?? null} />;
}

function Waiting({ label, fraction }: { label: string; fraction: number | null }) {
  return (
    <div className={styles.waiting}>
      <ProgressBar label={label} fraction={fraction} />
    </div>
  );
}

/** Open where there is room for it: the margin is what a first visitor learns from. */
function defaultNotes(): 'open' | 'folded' {
  return window.matchMedia('(min-width: 1400px)').matches ? 'open' : 'folded';
}
