import { useEffect, useState } from 'react';
import { panelParam } from '../session/params';
import type { KeptRun, Training } from '../session/training/training';
import { Button, IconButton } from '../ui/button';
import { CloseIcon } from '../ui/icons';
import { useSession, useStoreValue, useUrlParam } from '../ui/session-context';
import styles from './resume-banner.module.css';
import { TRAIN_PANEL } from './training-badge';

/** The run that was open in this browser: a page that finds it there did not end it. */
const OPEN_RUN = 'latentarium.open-run';

/** After a reload, a crash or a lost device: offers to go on exactly where the last checkpoint was written. */
export function ResumeBanner() {
  const { training } = useSession();
  const interrupted = useStoreValue(training.store, (state) => state.status === 'interrupted');
  const idle = useStoreValue(training.store, (state) => state.run === null);
  useEffect(() => rememberOpenRun(training), [training]);
  if (interrupted) return <Interrupted />;
  return idle ? <LeftOver /> : null;
}

/** The run of this page, taken away by its device or worker. */
function Interrupted() {
  const { training } = useSession();
  const run = useStoreValue(training.store, (state) => state.run);
  const saved = useStoreValue(training.store, (state) => state.saved);
  const error = useStoreValue(training.store, (state) => state.error);
  const act = useAct();
  if (!run) return null;
  return (
    <Banner
      text={`The training of ${run.title} was interrupted${error ? `: ${error.message}` : '.'}`}
      detail={saved ? `The last checkpoint is of step ${saved.step.toLocaleString('en')}.` : ''}
      onResume={() => act(training.resume())}
      onDiscard={() => act(training.stop().then(() => training.discard(run.id)))}
    />
  );
}

/** A run that the page was left with. */
function LeftOver() {
  const { training } = useSession();
  const [left, setLeft] = useState<KeptRun | null>(null);
  const act = useAct();
  useEffect(() => {
    let current = true;
    const id = read();
    if (id === null) return;
    training
      .kept()
      .then((runs) => {
        const run = runs.find(({ info, elsewhere }) => info.id === id && !elsewhere);
        if (current) setLeft(run ?? null);
      })
      // The Train panel lists them too, and says why it cannot.
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [training]);
  if (!left) return null;
  const { info, step } = left;
  const close = () => {
    write(null);
    setLeft(null);
  };
  const resume = async () => {
    await training.restore(info.id);
    const { targetSteps, step: at } = training.store.getState();
    if (targetSteps === null || at < targetSteps) await training.resume();
  };
  return (
    <Banner
      text={`The training of ${info.title} was left at step ${step.toLocaleString('en')}.`}
      detail="Its checkpoint is kept on this device."
      onResume={() => act(resume())}
      onDiscard={() => {
        close();
        act(training.discard(info.id), false);
      }}
      onDismiss={close}
    />
  );
}

interface BannerProps {
  text: string;
  detail: string;
  onResume: () => void;
  onDiscard: () => void;
  onDismiss?: () => void;
}

function Banner({ text, detail, onResume, onDiscard, onDismiss }: BannerProps) {
  return (
    <section
      className={styles.banner}
      aria-label="A training to resume"
      data-testid="resume-banner"
    >
      <p role="status">
        {text} <span className={styles.detail}>{detail}</span>
      </p>
      <span className={styles.acts}>
        <Button look="primary" onClick={onResume}>
          Resume
        </Button>
        <Button onClick={onDiscard}>Discard</Button>
        {onDismiss && (
          <IconButton label="Not now" onClick={onDismiss}>
            <CloseIcon />
          </IconButton>
        )}
      </span>
    </section>
  );
}

/** Shows the panel that it is about, and says what went wrong. */
function useAct(): (work: Promise<unknown>, show?: boolean) => void {
  const { notices } = useSession();
  const [, setPanel] = useUrlParam(panelParam);
  return (work, show = true) => {
    if (show) setPanel(TRAIN_PANEL, { push: true });
    work.catch((error: unknown) => notices.postError(error));
  };
}

function rememberOpenRun({ store }: Training): () => void {
  const { run } = store.getState();
  if (run) write(run.id);
  return store.subscribe(({ run: now }, { run: before }) => {
    if (now?.id === before?.id) return;
    if (now) write(now.id);
    else if (read() === before?.id) write(null);
  });
}

function read(): string | null {
  try {
    return localStorage.getItem(OPEN_RUN);
  } catch {
    return null;
  }
}

function write(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(OPEN_RUN);
    else localStorage.setItem(OPEN_RUN, id);
  } catch {
    // Without storage nothing is kept either: there will be nothing to resume.
  }
}
